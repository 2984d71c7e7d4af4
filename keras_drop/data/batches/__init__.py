"""What `fit`, `embed` and `evaluate` get."""
