"""From maps to parts, and what sharpens them."""
