"""The named thought beside its text: an outline, and a ribbon of the whole."""
