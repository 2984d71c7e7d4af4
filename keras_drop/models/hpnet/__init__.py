"""HPNet."""
