"""How far two images are apart: part by part, combined, in tiles."""
