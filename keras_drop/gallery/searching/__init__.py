"""A query on its way to those who look like it."""
