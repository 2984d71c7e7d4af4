"""Embeddings of earlier steps."""
