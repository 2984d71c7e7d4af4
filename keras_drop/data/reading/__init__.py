"""Images from files, ahead of time, into memory that is used again."""
