"""The parent's end of the pipe to a worker."""
