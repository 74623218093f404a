"""The folder of a scoring run.

run.json        what decides every sample, and the sessions that worked on it
options.json    what its command was told, for `--resume` and for the window
samples.jsonl   one line a sample, flushed and fsynced as it lands
summary.json    from samples alone: the same whether or not the run was interrupted
report.html     the same for people, one offline file
analysis.jsonl  one line a sample that was analysed, and analysis.json what they amount to
scores.jsonl    verdicts of the last `rescore`, and overrides.jsonl those of people
live.json       who works on it now, and how fast (`store.watching`)
run.lock        held by the process that works on it
"""

import os
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec
from filelock import FileLock, Timeout

from kimidesk.errors import NotFound, RunConflict, StoreError
from kimidesk.records import Sample
from kimidesk.store.journal import SAMPLES, Journal, Key
from kimidesk.store.whole import whole

FORMAT = 1

Renewed = Callable[[dict[str, Any]], dict[str, Any]]
Line = TypeVar("Line")
_UNREADABLE = (msgspec.DecodeError, KeyError, TypeError, OSError)  # of a run.json


class RunFolder:
    """One run on disk, locked while it is open."""

    def __init__(self, path: Path, lock: FileLock, run: dict[str, Any]) -> None:
        self.path = path
        self.warnings: list[str] = []
        self._lock = lock
        self._run = run
        self._samples: BinaryIO | None = None

    @classmethod
    def open(
        cls, path: Path, identity: dict[str, Any], renewed: Renewed = lambda run: run["identity"]
    ) -> "RunFolder":
        """Make the folder, or go on with the same run in it.

        `identity` is plain JSON; `renewed` is what the content of a run.json, by an earlier version
        perhaps, would tell as its identity now, and is kept in its place. Raises RunConflict when
        the folder belongs to something else, cannot be written, or is in use.
        """
        try:
            path.mkdir(parents=True, exist_ok=True)
            _refuse_strangers(path)
        except OSError as error:
            raise _not_ours(path, error) from error
        return cls._locked(path, lambda: _the_same_run(path, identity, renewed))

    @classmethod
    def existing(cls, path: Path) -> "RunFolder":
        """Take a run that is there, whatever it is of, to add to its folder.

        Raises NotFound where there is none, RunConflict as `open`.
        """
        file = path / "run.json"
        if not file.is_file():
            raise NotFound(
                f"{path} is no run: it has no run.json",
                hint="Name the folder that `score --out` made.",
            )

        def read() -> dict[str, Any]:
            try:
                return _read(file)
            except _UNREADABLE as error:
                raise RunConflict(f"{file} cannot be read as a run: {error}") from error

        return cls._locked(path, read)

    @classmethod
    def _locked(cls, path: Path, read: Callable[[], dict[str, Any]]) -> "RunFolder":
        """With what `read` gives once the folder is ours alone."""
        lock = FileLock(path / "run.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise RunConflict(
                f"another process is working on {path}",
                hint="Wait for it, or choose another folder.",
            ) from None
        except OSError as error:
            raise _not_ours(path, error) from error
        try:
            return cls(path, lock, read())
        except BaseException:
            lock.release()
            raise

    def samples(self) -> list[Sample]:
        """Every sample of `journal`, in memory."""
        return list(self.journal())

    def journal(self) -> Journal:
        """Every whole sample on disk, one for each key, the last one of each; see `lines`."""
        return Journal(self.path, {s.key: start for start, s in self._placed(SAMPLES, Sample)})

    def lines(self, name: str, record: type[Line]) -> Iterator[Line]:
        """What the lines of a file hold, one after the other; nothing where there is no file.

        A torn last line is dropped and cut off; other damaged lines are left and passed over.
        Each is named in `warnings`. Raises StoreError.
        """
        return (line for _, line in self._placed(name, record))

    def _placed(self, name: str, record: type[Line]) -> Iterator[tuple[int, Line]]:
        """With the byte at which each line begins."""
        path, end = self.path / name, 0
        if not path.exists():
            return
        decoder = msgspec.json.Decoder(record)
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, start=1):
                    if not line.endswith(b"\n"):
                        self.warnings.append(f"{path}: the last line was torn and is dropped")
                        os.truncate(path, end)
                        return
                    start, end = end, end + len(line)
                    try:
                        yield start, decoder.decode(line)
                    except (msgspec.DecodeError, UnicodeDecodeError) as error:
                        self.warnings.append(
                            f"{path}:{number}: no {record.__name__.lower()}, passed over: {error}"
                        )
        except OSError as error:
            raise StoreError(f"{path} cannot be read: {error.strerror or error}") from error

    def add(self, sample: Sample) -> None:
        """Write one sample through to the disk; raises StoreError, the run stays resumable."""
        try:
            if self._samples is None:
                self._samples = (self.path / SAMPLES).open("ab", buffering=0)
            line = msgspec.json.encode(sample) + b"\n"
            start = self._samples.seek(0, os.SEEK_END)
            if self._samples.write(line) != len(line):
                os.ftruncate(self._samples.fileno(), start)
                raise OSError(28, "the disk is full")
            os.fsync(self._samples.fileno())
        except OSError as error:
            raise _unwritable(self.path, error) from error

    def write_json(self, name: str, content: dict[str, Any]) -> None:
        """Write a JSON file at once and whole; raises StoreError."""
        _write_whole(self.path / name, [_pretty(content)])

    def write(self, name: str, pieces: Iterable[str]) -> None:
        """Write a text file at once and whole; raises StoreError."""
        _write_whole(self.path / name, pieces)

    def log_session(self, session: dict[str, Any]) -> None:
        """Add what one session did to run.json: speed and times belong here, not to the summary."""
        self._run["sessions"] = [*self._run["sessions"], session]
        self.write_json("run.json", self._run)

    def close(self) -> None:
        """Let another process have it."""
        if self._samples is not None:
            self._samples.close()
        self._lock.release()


def samples_in(path: Path) -> list[Sample]:
    """Every sample of `journal_of`, in memory."""
    return list(journal_of(path))


def journal_of(path: Path) -> Journal:
    """The samples of a run that another program may be working on; nothing of it is changed.

    One for each key, the last one of each; a line that cannot be read is passed over. Raises
    NotFound where there is no run, StoreError where it cannot be read.
    """
    file = path / SAMPLES
    if not (path / "run.json").is_file() or not file.is_file():
        raise NotFound(
            f"{path} is no scored run: it has no run.json with {SAMPLES}",
            hint="Choose the folder that `score --out` made.",
        )
    decoder, found, end = msgspec.json.Decoder(Sample), dict[Key, int](), 0
    try:
        with file.open("rb") as lines:
            for line in lines:
                start, end = end, end + len(line)
                try:
                    found[decoder.decode(line).key] = start
                except (msgspec.DecodeError, UnicodeDecodeError):
                    continue  # torn, or still being written
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror or error}") from error
    return Journal(path, found)


def thinking_budget(path: Path) -> tuple[int | None, ...]:
    """The budget of thought of the run that is in a folder, alone; empty where there is none."""
    try:
        told = _read(path / "run.json")["identity"]["budget"]["thinking"]
    except _UNREADABLE:
        return ()
    return (told,) if told is None or isinstance(told, int) else ()


def _not_ours(path: Path, error: OSError) -> RunConflict:
    return RunConflict(
        f"{path} cannot be written: {error.strerror or error}", hint="Choose another folder."
    )


def _refuse_strangers(path: Path) -> None:
    if (path / "run.json").exists():
        return
    strangers = [item.name for item in path.iterdir() if not item.name.startswith((".", "run."))]
    if strangers:
        raise RunConflict(
            f"{path} is not empty and is no run: it holds {strangers[0]}",
            hint="Choose another --out, or empty the folder.",
        )


def _pretty(content: dict[str, Any]) -> str:
    return msgspec.json.format(msgspec.json.encode(content)).decode() + "\n"


def _write_whole(path: Path, pieces: Iterable[str]) -> None:
    try:
        with whole(path) as file:
            for piece in pieces:
                file.write(piece.encode())
    except OSError as error:
        raise _unwritable(path, error) from error


def _unwritable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{path} cannot be written: {error.strerror or error}",
        hint="Make room, then run the same command again; finished samples are kept.",
    )


def _the_same_run(path: Path, identity: dict[str, Any], renewed: Renewed) -> dict[str, Any]:
    file = path / "run.json"
    plain = msgspec.json.decode(msgspec.json.encode(identity))
    if not file.exists():
        run = {"format": FORMAT, "begun": time.time(), "identity": plain, "sessions": []}
        _write_whole(file, [_pretty(run)])
        return run
    try:
        run = _read(file)
        old = renewed(run)
    except _UNREADABLE as error:
        raise RunConflict(
            f"{file} cannot be read as a run: {error}", hint="Choose another --out."
        ) from error
    if old != plain:
        raise RunConflict(
            f"{path} holds another run; it differs in {_difference(old, plain)}",
            hint="Choose another --out, or give the same options.",
        )
    if run["identity"] != plain:
        run["identity"] = plain
        _write_whole(file, [_pretty(run)])
    return run


def _read(file: Path) -> dict[str, Any]:
    """A run.json; raises one of _UNREADABLE."""
    run = msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    sessions = run["sessions"]
    if not isinstance(sessions, list) or not all(isinstance(each, dict) for each in sessions):
        raise TypeError("sessions is not a list of objects")
    if not isinstance(run["identity"], dict):
        raise TypeError("identity is not an object")
    return run


def _difference(old: dict[str, Any], new: dict[str, Any]) -> str:
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return "; ".join(f"{name}: {old.get(name)} there, {new.get(name)} now" for name in names)


def identity_of(**parts: Any) -> dict[str, Any]:
    """Records and plain values as the identity of a run."""
    return {
        name: asdict(part) if hasattr(part, "__dataclass_fields__") else part
        for name, part in parts.items()
    }
