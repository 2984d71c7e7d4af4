"""From maps to embeddings."""
