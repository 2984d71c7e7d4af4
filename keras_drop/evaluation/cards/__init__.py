"""Results that can be compared: `evaluate`, its cards, and their tables."""
