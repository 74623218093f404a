"""Which adapters are laid over the weights, and how strongly."""

Mix = tuple[tuple[str, float], ...]  # fingerprints and scales, none of them 0; () is the base
