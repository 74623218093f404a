"""What a run's folder tells of itself while another process may be working on it."""

from pathlib import Path
from typing import Any

import msgspec

from kimidesk.errors import BadData, NotFound, StoreError
from kimidesk.store.whole import whole

OPTIONS = "options.json"


def run_in(path: Path) -> dict[str, Any]:
    """The content of run.json: `identity` and `sessions`. Raises NotFound, BadData."""
    file = path / "run.json"
    if not file.is_file():
        raise NotFound(
            f"{path} is no run: it has no run.json", hint="Name the folder that `score --out` made."
        )
    told = _json(file)
    identity, sessions = told.get("identity"), told.get("sessions")
    if not isinstance(identity, dict) or not isinstance(sessions, list):
        raise BadData(f"{file} cannot be read as a run: it lacks identity or sessions")
    return told


def options_in(path: Path) -> dict[str, Any]:
    """What the command of a run was told; empty where an older version made it. Raises BadData."""
    file = path / OPTIONS
    return _json(file) if file.is_file() else {}


def analysis_in(path: Path) -> dict[str, Any]:
    """The content of analysis.json; empty where the run was not analysed. Raises BadData."""
    file = path / "analysis.json"
    return _json(file) if file.is_file() else {}


def speed(run: dict[str, Any]) -> tuple[int, float]:
    """Tokens that all sessions made, and the seconds that these took."""
    sessions = [each for each in run["sessions"] if isinstance(each, dict)]
    return (
        sum(int(each.get("tokens", 0)) for each in sessions),
        sum(float(each.get("seconds", 0.0)) for each in sessions),
    )


def write(path: Path, text: str) -> None:
    """A text file, at once and whole. Raises StoreError."""
    try:
        with whole(path) as file:
            file.write(text.encode())
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror or error}",
            hint="Make room, or choose a folder that you may write to.",
        ) from error


def _json(file: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(file.read_bytes(), type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadData(f"{file} cannot be read: {error}") from error
    except OSError as error:
        raise StoreError(f"{file} cannot be read: {error.strerror or error}") from error
