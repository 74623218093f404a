"""Labels in a file for other programs: JSON lines, each a text with what people say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import msgspec

from kimidesk.errors import BadData, StoreError
from kimidesk.records import Kind, Label, Subtype, is_whole
from kimidesk.store.whole import whole

LARGEST = 256 << 20  # bytes
SUBTYPES = tuple(each.value for each in Subtype)
_FORM = (
    'Each line must be {"id": …, "text": "…", "segments": [{"start": 0, "end": 9, "kind": "plan", '
    '"annotator": "ann"}]}, with offsets in characters.'
)


class Span(msgspec.Struct, omit_defaults=True):
    """One label; what else a line says of it (a confidence) is passed over."""

    start: Annotated[int, msgspec.Meta(ge=0)]
    end: int
    kind: Kind
    subtype: str | None = None  # "" is none, too
    annotator: str = ""
    at: float = 0.0


class Line(msgspec.Struct):
    """One text."""

    id: str | int
    text: str
    segments: list[Span]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text, and the labels of each annotator in their order."""

    id: str
    text: str
    labels: dict[str, tuple[Label, ...]]


def read(path: Path) -> list[Labelled]:
    """Read a file; raises BadData, which names the line."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadData(f"{path} is larger than {LARGEST:,} bytes")
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise BadData(f"{path} cannot be read: {error.strerror or error}") from error
    made = [_line(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not made:
        raise BadData(f"{path} holds no text", hint=_FORM)
    seen: set[str] = set()
    for each in made:
        if each.id in seen:
            raise BadData(f"{path} holds the text {each.id} twice", hint="Keep one of them.")
        seen.add(each.id)
    return made


def write(path: Path, texts: Iterable[Labelled]) -> None:
    """Write them whole or not at all; raises StoreError."""
    try:
        with whole(path) as file:
            for each in texts:
                file.write(msgspec.json.encode(told(each)) + b"\n")
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}") from error


def told(labelled: Labelled) -> dict[str, Any]:
    """A line of the file; annotators one after the other."""
    return {
        "id": labelled.id,
        "text": labelled.text,
        "segments": [
            Span(each.start, each.end, each.kind, each.subtype, each.annotator, each.at)
            for labels in labelled.labels.values()
            for each in labels
        ],
    }


def _line(path: Path, number: int, line: bytes) -> Labelled:
    try:
        found = msgspec.json.decode(line, type=Line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadData(f"{path}:{number}: {error}", hint=_FORM) from error
    if not is_whole(found.text):
        raise BadData(f"{path}:{number}: the text holds half a character")
    labels: dict[str, tuple[Label, ...]] = {}
    for name in dict.fromkeys(span.annotator for span in found.segments):
        own = sorted(
            (span for span in found.segments if span.annotator == name),
            key=lambda span: span.start,
        )
        _check(f"{path}:{number}", own, len(found.text))
        labels[name] = tuple(
            Label(each.start, each.end, each.kind, name, each.at, _subtype(each)) for each in own
        )
    return Labelled(str(found.id), found.text, labels)


def _check(where: str, spans: Sequence[Span], length: int) -> None:
    before = 0
    for each in spans:
        if not each.start < each.end <= length:
            raise BadData(
                f"{where}: a label of characters {each.start} to {each.end} does not fit a text "
                f"of {length}",
                hint="`end` is the first character behind it.",
            )
        if each.start < before:
            raise BadData(
                f"{where}: two labels of {each.annotator or 'one annotator'} lie over each other "
                f"at character {each.start}",
                hint="Of one annotator each character has one kind at most.",
            )
        if each.subtype and (each.kind is not Kind.BACKTRACK or each.subtype not in SUBTYPES):
            raise BadData(
                f"{where}: {each.kind} with the subtype {each.subtype}",
                hint=f"Only backtrack has one, and it is {' or '.join(SUBTYPES)}.",
            )
        before = each.end


def _subtype(span: Span) -> Subtype | None:
    return Subtype(span.subtype) if span.subtype else None
