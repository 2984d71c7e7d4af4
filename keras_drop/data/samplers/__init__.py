"""Which people and images stand together in a batch."""
