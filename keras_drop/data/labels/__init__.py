"""Identity and parsing labels, read and made."""
