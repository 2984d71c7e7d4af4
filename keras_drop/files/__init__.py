"""Files of unknown origin, read with care."""
