"""What models are given, as users give it."""
