"""One person: who it is, how it stands, what it wears."""
