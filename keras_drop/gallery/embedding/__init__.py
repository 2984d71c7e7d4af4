"""Photos, and the model that describes them."""
