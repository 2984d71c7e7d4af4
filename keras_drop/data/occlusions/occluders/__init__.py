"""Where occluders come from."""
