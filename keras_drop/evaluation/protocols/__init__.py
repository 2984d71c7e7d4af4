"""What is ranked against what: retrieval, verification, protocols."""
