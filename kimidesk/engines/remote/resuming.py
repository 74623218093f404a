"""A trace whose server was lost goes on where it was, with the same model, or ends with a sentence.

One count: a server that cannot be reached, breaks a stream off, falls silent, or does not cut text
into tokens is lost once more; a token sets it back.
"""

from concurrent.futures import Future
from dataclasses import dataclass
from threading import Thread
from time import monotonic

from kimidesk.checkpoints.remote import Server, look_up
from kimidesk.checkpoints.remote.talk import Unreachable
from kimidesk.engines.remote.patience import Patience
from kimidesk.errors import BadCheckpoint, KimiDeskError, ModelError


class Replaced(BadCheckpoint):
    """Another model answers where a trace had begun with one."""


@dataclass
class Resuming:
    """Of one trace: how often it lost its server, and whether it may ask again."""

    server: Server  # as it was opened
    patience: Patience
    lost: int = 0  # times in a row, without a token in between
    why: str = ""  # the first of them
    _last: str = ""  # why the last time
    _not_before: float = 0.0
    _recognised: Future[None] | None = None

    def lose(self, why: str) -> bool:
        """The server is lost once more; False where that is too often."""
        self.lost += 1
        self.why, self._last = self.why or why, why
        self._not_before = monotonic() + self.patience.pause(self.lost)
        self._recognised = None
        return self.lost < self.patience.tries

    @property
    def given_up(self) -> str:
        """Why, and after how many requests."""
        return f"{self._last} (asked {self.lost} times in a row)" if self.lost > 1 else self._last

    def ready(self) -> bool:
        """Whether it may be asked now: after a pause, and where it is still the same.

        Raises Unreachable where it does not answer, Replaced where it is another.
        """
        if not self.lost:
            return True
        if monotonic() < self._not_before:
            return False
        if self._recognised is None:
            self._recognised = recognise(self.server)
        if not self._recognised.done():
            return False
        self._recognised.result()
        return True

    def back(self) -> str:
        """A token has come: why the server had been lost before it; "" where it was not."""
        why, self.lost, self.why = self.why, 0, ""
        return why


def recognise(server: Server) -> Future[None]:
    """Ask a server who it is, on a thread of its own: it may hang, and other traces must not.

    The future raises what `look_up` raises, and Replaced where another model answers.
    """
    answer: Future[None] = Future()
    Thread(target=_recognise, args=(server, answer), name="recognise", daemon=True).start()
    return answer


def _recognise(server: Server, answer: Future[None]) -> None:
    try:
        now = look_up(server.address.ref, trial=False)
        if server.info.vocabulary and not now.info.vocabulary:
            raise Unreachable(f"{server.address.host} does not tell yet which model it has")
        if now.info.fingerprint != server.info.fingerprint:
            raise Replaced(
                f"{server.address.host} came back with another model ({now.info.fingerprint} "
                f"instead of {server.info.fingerprint}), which must not finish this trace"
            )
    except KimiDeskError as error:
        answer.set_exception(error)
    except Exception as error:  # noqa: BLE001 — told to the trace, which ends with it
        what = f"a fault of our own: {type(error).__name__}: {error}"
        answer.set_exception(ModelError(what))
    else:
        answer.set_result(None)
