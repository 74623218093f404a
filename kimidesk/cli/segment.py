"""`kimidesk --headless segment`: the kinds of the sentences of many texts."""

from typing import IO, Any

import click
import msgspec

from kimidesk.errors import BadData
from kimidesk.reading.segments import merged, segments
from kimidesk.records import Segment


class Asked(msgspec.Struct):
    """One line of what comes in; what else it says is passed over."""

    id: str | int
    text: str


@click.command()
@click.option(
    "--in",
    "source",
    required=True,
    type=click.File("rb"),
    help="JSON lines with id and text; - is stdin.",
)
@click.option(
    "--out",
    "target",
    required=True,
    type=click.File("wb", lazy=False),
    help="Where the segments go; - is stdout.",
)
@click.option(
    "--sentences", "apart", is_flag=True, help="Each sentence apart, also where kinds repeat."
)
@click.option(
    "--unfinished", is_flag=True, help="The texts go on: no last statement is their answer."
)
def segment(source: IO[bytes], target: IO[bytes], *, apart: bool, unfinished: bool) -> int:
    """Name what each sentence of a thought does.

    A line {"id", "text"} becomes {"id", "segments": [{"start", "end", "kind", "confidence"}]}, with
    offsets in characters. Neighbours of one kind are one segment. One that turns back has "subtype"
    too ("error": admits a mistake; "switch": takes another approach) where its words tell it.
    """
    for number, line in enumerate(source, start=1):
        if not line.strip():
            continue
        asked = _asked(source.name, number, line)
        named = segments(asked.text, whole=not unfinished)
        told = [_told(each) for each in (named if apart else merged(named))]
        target.write(msgspec.json.encode({"id": asked.id, "segments": told}) + b"\n")
        target.flush()
    return 0


def _asked(source: str, number: int, line: bytes) -> Asked:
    try:
        return msgspec.json.decode(line, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadData(
            f"{source}:{number}: {error}",
            hint='Each line must be {"id": …, "text": "…"}; the lines before it are written.',
        ) from error


def _told(segment: Segment) -> dict[str, Any]:
    told: dict[str, Any] = {
        "start": segment.start,
        "end": segment.end,
        "kind": segment.kind.value,
        "confidence": round(segment.confidence, 4),
    }
    return told | ({"subtype": segment.subtype.value} if segment.subtype else {})
