"""Whether a gallery is whole, and its engine right."""
