"""Formulas as images: set in a process aside, kept within bounds, painted by whoever shows them."""
