"""The run of a network that parses people, and the labels it writes."""
