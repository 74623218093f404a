"""Fused statistics and reinforcement-learning operations; knows nothing of the desk."""
