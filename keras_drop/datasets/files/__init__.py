"""Folders, file names and lists of images."""
