"""KimiDesk: a desktop microscope for reasoning models."""

__version__ = "0.1.0"
