"""Makers of tokens behind one protocol: add, drop, step."""
