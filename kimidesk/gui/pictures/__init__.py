"""The pictures of a problem: how they come in, what is refused, and how they are shown."""
