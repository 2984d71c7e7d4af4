"""How well one threshold tells the same person from others."""
