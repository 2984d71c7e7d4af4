"""Results by group of queries, their spread, and how well parts are found."""
