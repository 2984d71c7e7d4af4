"""Optimizers as the papers have them, and how their learning rate goes."""
