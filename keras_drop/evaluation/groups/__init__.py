"""Results by group of queries, with their spread, as tables."""
