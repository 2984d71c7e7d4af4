"""The whole data set: what is drawn, and what is written."""
