"""Messages between a face and its workers, and their spelling."""
