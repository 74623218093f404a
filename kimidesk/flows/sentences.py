"""The sentences of a kept trace with their tokens: those of its thought, or of all without one."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from kimidesk.reading import Transcript, split
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
    made, behind = list[Placed](), -1
    for each in segments(text[begin:end]):
        start, finish = begin + each.start, begin + each.end
        first = max(bisect_right(transcript.ends, start), behind + 1)
        last = bisect_left(transcript.ends, finish)
        if first <= last:
            made.append(Placed(first, last, text[start:finish], each.kind))
            behind = last
    return made
