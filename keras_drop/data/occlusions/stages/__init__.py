"""The occlusions, one a file, and their names."""
