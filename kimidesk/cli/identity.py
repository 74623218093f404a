"""What decides every sample of a run, so that only the same run goes on in its folder."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from kimidesk.checkpoints.catalog import TORCH
from kimidesk.checkpoints.describe import adapter_fingerprint, fingerprint
from kimidesk.checkpoints.remote import is_remote
from kimidesk.records import Budget, ScorePlan, Suite
from kimidesk.records.picture import MOST_BYTES
from kimidesk.store.runs import identity_of
from kimidesk.wire.messages import OpenCheckpoint

_DIGEST = 16  # bytes that stand for a picture
ON_TORCH = "torch"  # of a GGUF, which opens in llama.cpp otherwise; a folder opens in torch alone


def has_pictures(suite: Suite) -> bool:
    """Whether any of its problems has one: of the whole suite, for a run may grow."""
    return any(problem.images for problem in suite.problems)


def pictured(suite: Suite) -> str:
    """What all pictures of a suite show, of the whole of it: 16 hex digits; "" without any.

    A file's content counts, not its time; each is read once. One that cannot be read, or is larger
    than any that is shown, counts as that: its problems fail, and the run goes on.
    """
    paths = [path for problem in suite.problems for path in problem.images]
    contents = {path: _content(Path(path)) for path in dict.fromkeys(paths)}
    digest = hashlib.blake2b(b"".join(contents[path] for path in paths), digest_size=8)
    return digest.hexdigest() if paths else ""


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            return b"none".ljust(_DIGEST)
        if path.stat().st_size > MOST_BYTES:
            return f"{path.stat().st_size}".encode().ljust(_DIGEST)
        with path.open("rb") as file:
            return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=_DIGEST)).digest()
    except OSError:
        return b"unreadable".ljust(_DIGEST)


def identity(plan: ScorePlan, opening: OpenCheckpoint, *, pictures: str) -> dict[str, Any]:
    """Of a run whose suite shows these pictures, or none (`pictured`); raises BadCheckpoint."""
    return identity_of(
        checkpoint=plan.checkpoint,
        suite=plan.suite,
        sampling=plan.sampling,
        budget=_told(plan.budget),
        seed=plan.seed,
        thinking=plan.thinking,
        instruction=plan.instruction,
        context=opening.context,
        reproducible=opening.reproducible,
        **_unusual(opening, pictures=pictures),
    )


def renewed(
    run: dict[str, Any],
    opening: OpenCheckpoint,
    *,
    pictures: str,
    aliases: Mapping[str, str] = MappingProxyType({}),
) -> dict[str, Any]:
    """The identity in a run.json as it would be told today, so that older folders stay open.

    `aliases`: fingerprints that mean the same checkpoint as others.

    Earlier versions told a projector that had nothing to show, nothing of what pictures show, of a
    folder of peft's its weights alone, and left it to the sessions to say that a GGUF ran on torch.
    A server's context, which is its own, they told as what the budget needs.
    """
    told = dict(run["identity"])
    told["checkpoint"] = aliases.get(told.get("checkpoint", ""), told.get("checkpoint"))
    if is_remote(opening.ref) and not opening.context:
        told["context"] = 0
    if pictures:
        told.setdefault("pictures", pictures)
    else:
        told.pop("projector", None)
    laid = [[fingerprint(Path(each.path)), each.scale] for each in opening.adapters]
    if laid and told.get("adapters") == laid:
        told["adapters"] = _adapters(opening)
    engines = {str(each.get("engine")).split(" ")[0] for each in run["sessions"]}
    if ON_TORCH in engines and not _is_folder(opening):
        told.setdefault("engine", " and ".join(sorted(engines)))
    return told


def _unusual(opening: OpenCheckpoint, *, pictures: str) -> dict[str, Any]:
    """What changes numbers, where it differs from the defaults."""
    usual = OpenCheckpoint("")
    names = ("pool", "kv_type", "flash", "draft", "guesses", "image_min_tokens", "image_max_tokens")
    unusual: dict[str, Any] = {
        name: getattr(opening, name)
        for name in names
        if getattr(opening, name) != getattr(usual, name)
    }
    if opening.ref.startswith(TORCH) and not _is_folder(opening):
        unusual["engine"] = ON_TORCH
    if pictures:
        unusual["pictures"] = pictures
    if opening.projector and pictures:
        unusual["projector"] = fingerprint(Path(opening.projector))
    if opening.adapters:
        unusual["adapters"] = _adapters(opening)
    return unusual


def _is_folder(opening: OpenCheckpoint) -> bool:
    return Path(opening.ref.removeprefix(TORCH)).is_dir()


def _adapters(opening: OpenCheckpoint) -> list[list[str | float]]:
    return [[adapter_fingerprint(Path(each.path)), each.scale] for each in opening.adapters]


def _told(budget: Budget) -> dict[str, Any]:
    """What an earlier version knew, and what differs from the defaults: its folders stay open."""
    usual = asdict(Budget())
    return {
        name: value
        for name, value in asdict(budget).items()
        if name in ("thinking", "answer") or value != usual[name]
    }
