"""Maps of several stages, upsampled, adapted, placed."""
