"""Which process grows a trace, so that a trace without a living owner is known as interrupted."""

import os

import psutil


def this_process() -> str:
    """pid and start time: a pid alone may be used again."""
    return _spell(os.getpid(), psutil.Process().create_time())


def alive(owner: str) -> bool:
    """Whether that very process still runs."""
    pid = int(owner.partition(":")[0])
    try:
        return _spell(pid, psutil.Process(pid).create_time()) == owner
    except psutil.NoSuchProcess:
        return False
    except psutil.AccessDenied:
        return True


def _spell(pid: int, started: float) -> str:
    return f"{pid}:{started:.2f}"
