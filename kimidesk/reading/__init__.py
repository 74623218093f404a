"""Understanding a trace: where the thought ends and the answer begins."""
