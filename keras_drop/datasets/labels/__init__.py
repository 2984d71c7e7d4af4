"""Formats of parsing labels, and where they lie."""
