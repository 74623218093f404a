"""The engine that runs quantized GGUF checkpoints through llama.cpp's low-level interface."""

from kimidesk.engines.llamacpp.engine import LlamaCpp

__all__ = ["LlamaCpp"]
