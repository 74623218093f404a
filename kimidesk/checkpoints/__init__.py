"""Finding, describing and fetching checkpoints, without loading their weights."""
