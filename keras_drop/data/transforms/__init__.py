"""What happens to image and label together."""
