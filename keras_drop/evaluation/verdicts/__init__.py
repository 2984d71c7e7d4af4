"""Whether two images show one person: calibrated probabilities."""
