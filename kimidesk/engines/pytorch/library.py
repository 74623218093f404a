"""transformers, imported once and kept from the network.

The one module that sets how it behaves: it reads local files alone, runs no code of a checkpoint,
and writes nothing but errors to stderr.
"""

import os

os.environ["HF_HUB_OFFLINE"] = "1"  # read when huggingface_hub is imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")  # one text at a time

import torch
import transformers
from transformers.utils import logging

from kimidesk.errors import ModelError
from kimidesk.settings import ALL_LAYERS

logging.set_verbosity_error()


def version() -> str:
    """What is told as a trace's engine."""
    return f"torch {torch.__version__}, transformers {transformers.__version__}"


def device_for(gpu_layers: int) -> torch.device:
    """The GPU where there is one and it is wanted; a model is never split between the two.

    Raises ModelError where there is none and all layers are to be on it.
    """
    if gpu_layers == ALL_LAYERS and not torch.cuda.is_available():
        raise ModelError(
            "all layers are to be on a graphics card, and torch finds none",
            hint="Ask for --gpu-layers auto.",
        )
    return torch.device("cuda" if gpu_layers != 0 and torch.cuda.is_available() else "cpu")


def device_name(device: torch.device) -> str:
    """As a person knows it."""
    return torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
