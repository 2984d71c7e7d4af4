"""BPBReID."""
