"""The gallery in the order of its distances, and how good that order is."""
