"""Judging an answer against the expected one."""
