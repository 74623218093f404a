"""Chooses a face."""
