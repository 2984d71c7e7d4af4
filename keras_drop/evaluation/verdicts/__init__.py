"""Whether two images show one person: calibrated verdicts."""
