"""One picture: a place, a person, what stands in front."""
