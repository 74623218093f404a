"""The engine on PyTorch: checkpoints of transformers in full precision, on a CPU or on CUDA."""

from kimidesk.engines.pytorch.engine import PyTorch

__all__ = ["PyTorch"]
