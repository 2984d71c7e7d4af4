"""Images on their way into a gallery."""
