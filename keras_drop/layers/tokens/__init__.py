"""Tokens of a ViT: made, chosen, blended."""
