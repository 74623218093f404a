"""Branches of the shown trace: making them, the tree of them, and what they came to."""
