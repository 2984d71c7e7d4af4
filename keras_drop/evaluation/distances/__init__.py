"""How far two images are apart: part by part, combined, streamed in tiles."""
