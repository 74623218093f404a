"""The engine that has an OpenAI-compatible server write."""

from kimidesk.engines.remote.engine import Remote

__all__ = ["Remote"]
