"""What others have published, and where a result of one's own stands."""
