"""The sentences of a kept trace with their tokens: those of its thought, or of all without one."""

from dataclasses import dataclass

from kimidesk.reading import Transcript, split
from kimidesk.reading.boundaries import with_tokens
from kimidesk.reading.segments import segments
from kimidesk.records import Grown, Kind


@dataclass(frozen=True, slots=True)
class Placed:
    """A sentence of tokens `first` … `last`."""

    first: int
    last: int
    text: str
    kind: Kind


def sentences_of(grown: Grown) -> list[Placed]:
    """In their order; a token belongs to the sentence in which it begins."""
    stop = len(grown.columns) - grown.trace.closing
    transcript = Transcript()
    transcript.append(grown.columns.id[:stop].tolist(), grown.lexicon)
    text = transcript.text
    begin, end = split(text, grown.trace.dialect).thinking_span
    begin, end = (begin, end) if end > begin else (0, len(text))
    return [
        Placed(first, last, text[begin + each.start : begin + each.end], each.kind)
        for each, first, last in with_tokens(segments(text[begin:end]), begin, transcript.ends)
    ]
