"""What parts have to beat: one embedding of the whole image."""
