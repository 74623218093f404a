"""What pages share: the trace and the tracks beside it."""
