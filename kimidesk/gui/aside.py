"""Work aside: what would keep the window waiting runs on another thread, and its result comes back.

For files that a person names: headers, pictures. Weights and grading have processes of their own.
"""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal

from kimidesk.errors import KimiDeskError

T = TypeVar("T")


class Aside(QObject):
    """One thread; results come in the order in which they were asked for, on the window's thread.

    What is under way when the window closes is finished and forgotten.
    """

    _came = Signal(object, object, object)  # a Future, and what to do with its result or error

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(1, "aside")
        self._closed = False
        # A lambda would run on the thread that emits; a method of this object does not.
        self._came.connect(self._on_came, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[KimiDeskError], object],
    ) -> None:
        """Call `then` with what `work` returns, or `failed` with the KimiDeskError it raises.

        Any other error is a fault of ours and is raised on the window's thread.
        """
        if not self._closed:
            self._pool.submit(work).add_done_callback(lambda done: self._tell(done, then, failed))

    def settle(self) -> None:
        """Wait for everything asked so far; for pictures of the window, never while someone waits.

        The thread takes things in turn, so when this is done all before it is.
        """
        self._pool.submit(lambda: None).result()
        QCoreApplication.sendPostedEvents(self)

    def close(self) -> None:
        """Tell nobody any more; nothing is waited for."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _tell(self, done: Future[Any], then: object, failed: object) -> None:
        if not self._closed:
            self._came.emit(done, then, failed)

    def _on_came(
        self,
        done: Future[Any],
        then: Callable[[Any], object],
        failed: Callable[[KimiDeskError], object],
    ) -> None:
        if self._closed or done.cancelled():
            return
        error = done.exception()
        if isinstance(error, KimiDeskError):
            failed(error)
        elif error is not None:
            raise error
        else:
            then(done.result())
