"""The Solve page: one problem, one checkpoint, one trace as it grows."""
