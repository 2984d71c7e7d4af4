"""From distances to ranks, matches and metrics."""
