"""Data sets in a few large files, for slow disks and shared storage."""
