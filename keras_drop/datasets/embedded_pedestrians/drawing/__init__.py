"""Shaded, labelled polygons, and their few colours."""
