"""How well a model finds body parts, and knows which are hidden."""
