"""From embeddings to identities."""
