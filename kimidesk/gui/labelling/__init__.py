"""People's own labels of sentences, on the Solve page."""
