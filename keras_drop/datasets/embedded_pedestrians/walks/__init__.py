"""Streets that people walk along, behind obstacles and back."""
