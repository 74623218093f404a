"""Models on OpenAI-compatible servers: how they are named, asked, and described."""

from kimidesk.checkpoints.remote.address import Address, is_remote, parse
from kimidesk.checkpoints.remote.describing import Server, client_of, look_up, manners_for

__all__ = ["Address", "Server", "client_of", "is_remote", "look_up", "manners_for", "parse"]
