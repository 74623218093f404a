"""Every error a person can meet, each with what is wrong and what to do about it.

KimiDeskError               printed without a traceback; `exit_code` is what the program returns
├── UsageError              2: an argument, a setting or a data file is wrong
│   ├── BadSettings
│   ├── BadData
│   ├── NotFound            there is no such trace
│   └── NoDisplay           the window cannot be opened here
├── RunConflict             2: the output folder cannot take this run
├── ModelError              3: the checkpoint cannot be used
│   ├── BadCheckpoint       missing, truncated, not a GGUF, unknown architecture
│   ├── TooLarge            the context or the weights do not fit in memory
│   ├── MissingExtra        an optional dependency is not installed
│   └── WorkerLost          the worker crashed, hung, or speaks another protocol
├── Refused                 1: one attempt cannot run: too long a prompt, an unreadable image
├── BadFrame                3: bytes on a pipe that are not a message
└── StoreError              4: the desk's database or a run folder cannot be written
"""

from typing import ClassVar


class KimiDeskError(Exception):
    """What is wrong (`str(error)`) and what to do (`hint`)."""

    exit_code: ClassVar[int] = 1

    def __init__(self, what: str, *, hint: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.what}\n{self.hint}" if self.hint else self.what


class UsageError(KimiDeskError):
    """An argument is wrong."""

    exit_code = 2


class BadSettings(UsageError):
    """A setting is out of its range or unknown."""


class BadData(UsageError):
    """A data file cannot be read as problems."""


class NotFound(UsageError):
    """What was named is not kept here."""


class NoDisplay(UsageError):
    """The window cannot be opened here."""


class RunConflict(KimiDeskError):
    """The output folder belongs to another run, or another process is using it."""

    exit_code = 2


class ModelError(KimiDeskError):
    """The checkpoint cannot be used."""

    exit_code = 3


class BadCheckpoint(ModelError):
    """The file is missing, truncated, not a checkpoint, or of an unknown architecture."""


class TooLarge(ModelError):
    """The weights or the context do not fit in memory."""


class MissingExtra(ModelError):
    """An optional dependency is not installed."""


class WorkerLost(ModelError):
    """The worker crashed, hung, or speaks another protocol."""


class Refused(KimiDeskError):
    """One attempt cannot run; others can."""


class BadFrame(KimiDeskError):
    """Bytes on a pipe that are not a message."""

    exit_code = 3


class StoreError(KimiDeskError):
    """The desk's database or a run folder cannot be read or written."""

    exit_code = 4
