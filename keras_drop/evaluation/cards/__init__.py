"""Results that can be kept, compared and told."""
