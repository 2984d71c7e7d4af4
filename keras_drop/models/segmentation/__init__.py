"""Parsing labels for people who have none: a segmenter."""
