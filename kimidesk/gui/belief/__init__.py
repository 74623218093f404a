"""What the checkpoint would have answered, along the shown trace: asked for, drawn, told."""
