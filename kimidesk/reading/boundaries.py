"""Where the sentences of a trace end, in tokens: the places at which it may be probed."""

from bisect import bisect_left, bisect_right

from kimidesk.reading.segments import segments
from kimidesk.reading.thought import split
from kimidesk.reading.transcript import Transcript
from kimidesk.records import Grown


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
