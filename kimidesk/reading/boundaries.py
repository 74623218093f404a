"""Where the sentences of a trace begin and end, in tokens: the places at which it may be probed."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from kimidesk.reading.segments import segments
from kimidesk.reading.thought import split
from kimidesk.reading.transcript import Transcript
from kimidesk.records import Grown, Segment


def boundaries_of(grown: Grown) -> list[int]:
    """Token counts, ascending: before the first sentence and behind each one.

    Of the thought, or of all where there is none. Empty where nothing was said.
    """
    transcript = Transcript()
    transcript.append(grown.columns.id.tolist(), grown.lexicon)
    text = transcript.upto(len(grown.columns) - grown.trace.closing)
    begin, end = split(text, grown.trace.dialect).thinking_span
    if end <= begin:
        begin, end = 0, len(text)
    ends = transcript.ends
    behind = [bisect_left(ends, begin + each.end) + 1 for each in segments(text[begin:end])]
    first = bisect_right(ends, begin)
    return sorted({first, *behind}) if behind else []


def with_tokens(
    segments: Iterable[Segment], start: int, ends: Sequence[int], behind: int = -1
) -> Iterator[tuple[Segment, int, int]]:
    """Each with its first and last token: a token belongs to the segment in which it begins.

    Segments are of a text from its character `start` on; `ends` are the characters behind each
    token. Those without a token behind `behind` are left out.
    """
    for each in segments:
        first = max(bisect_right(ends, start + each.start), behind + 1)
        last = bisect_left(ends, start + each.end)
        if first <= last:
            yield each, first, last
            behind = last
