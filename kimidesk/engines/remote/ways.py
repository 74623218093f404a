"""The ways in which a server can be asked."""

from collections.abc import Callable
from typing import NamedTuple

from kimidesk.engines.remote.chunks import ChatReader, Reader
from kimidesk.engines.remote.completions import EchoReader, TextReader


class Way(NamedTuple):
    """How a server is asked, and how its answer is read."""

    path: str
    reader: Callable[[], Reader]
    streams: bool = True
    resumes: bool = False  # what breaks is gone on with by its trace, from where it is


CHAT = Way("chat/completions", ChatReader)
RAW = Way("completions", TextReader, resumes=True)
RATED = Way("completions", EchoReader, streams=False)
