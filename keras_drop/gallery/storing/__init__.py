"""What is kept of a gallery, and what is made of that."""
