"""bubblewrap: a process without network, home, environment, other processes or places to write."""

import functools
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from kimidesk.errors import UsageError
from kimidesk.grading.code import inside, seccomp

SCRATCH = 16 * 2**20  # bytes of /tmp, which is memory
TRIAL_S = 20.0  # starting it takes 0.05 s; a cold disk some times that
_SYSTEM = ("/usr", "/lib", "/lib64", "/lib32", "/bin", "/etc/ld.so.cache", "/etc/alternatives")
_HERE = Path(inside.__file__).parent
_THERE = "/desk/kimidesk/grading/code/inside"  # packages above it need no files


class NoSandbox(UsageError):
    """Code cannot be run safely on this machine."""


@functools.cache
def check() -> None:
    """Whether there is a sandbox; tried once. Raises NoSandbox with what to do."""
    if sys.platform != "linux":
        raise NoSandbox(
            f"code can be run safely on Linux only; there is no sandbox for {sys.platform} yet",
            hint="Run code tasks on Linux (WSL 2, a virtual machine), with bubblewrap installed.",
        )
    if shutil.which("bwrap") is None:
        raise NoSandbox(
            "code is run under bubblewrap, which is not installed",
            hint="Install it: apt install bubblewrap, dnf install bubblewrap or "
            "pacman -S bubblewrap.",
        )
    try:
        process = start("import sys", stderr=subprocess.PIPE)
        _, words = process.communicate(timeout=TRIAL_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise NoSandbox(f"bubblewrap did not start within {TRIAL_S:g} s", hint=_HINT) from None
    if process.returncode:
        last = words.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise NoSandbox(f"bubblewrap cannot make a sandbox here: {last}", hint=_HINT)


_HINT = (
    "It needs user namespaces, which this system or container may forbid: see "
    "kernel.unprivileged_userns_clone and kernel.apparmor_restrict_unprivileged_userns (sysctl), "
    "and bubblewrap 0.8 or newer."
)


def start(
    code: str,
    *,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    stdout: int | IO[bytes] = subprocess.DEVNULL,
    stderr: int = subprocess.DEVNULL,
    pass_fds: Sequence[int] = (),
) -> "subprocess.Popen[bytes]":
    """Python in a sandbox of its own. `pass_fds` are open in it under the same numbers."""
    filtering = _filter()
    try:
        return subprocess.Popen(
            [*_command(filtering), "--", _python(), "-I", "-S", "-B", "-c", _PATH + code],
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            pass_fds=(*pass_fds, *([] if filtering is None else [filtering])),
            env={"PATH": os.environ.get("PATH", os.defpath)},
            cwd="/",
        )
    finally:
        if filtering is not None:
            os.close(filtering)


_PATH = "import sys; sys.path.append('/desk'); "


def _python() -> str:
    """The interpreter behind a virtual environment, which is not needed."""
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def _command(filtering: int | None) -> list[str]:
    words = ["bwrap", "--unshare-user", "--unshare-all", "--die-with-parent", "--new-session"]
    words += ["--cap-drop", "ALL", "--clearenv", "--setenv", "LANG", "C.UTF-8"]
    for place in _SYSTEM:
        if os.path.islink(place):
            words += ["--symlink", os.readlink(place), place]
        else:
            words += ["--ro-bind-try", place, place]
    prefix = os.path.realpath(sys.base_prefix)
    if not prefix.startswith("/usr"):
        words += ["--ro-bind", prefix, prefix]
    words += ["--ro-bind", str(_HERE), _THERE, "--dev", "/dev"]
    words += ["--size", str(SCRATCH), "--tmpfs", "/tmp", "--chdir", "/", "--remount-ro", "/"]
    return words if filtering is None else [*words, "--seccomp", str(filtering)]


def _filter() -> int | None:
    """Open for reading, with the filter in it."""
    rules = seccomp.program()
    if rules is None:
        return None
    reading, writing = os.pipe()
    os.write(writing, rules)  # far below what a pipe holds
    os.close(writing)
    return reading
