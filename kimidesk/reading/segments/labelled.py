"""What people say of a text, laid over what the machine says; and changing what they say.

A person's labels are of characters and never lie over each other. They stay what they are when the
sentences are cut otherwise: of a sentence that a label covers in part, the rest keeps its own name.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from kimidesk.records import By, Label, Segment

Labels = tuple[Label, ...]
"""Of one annotator, in their order."""


def overlaid(text: str, named: Sequence[Segment], labels: Sequence[Label]) -> list[Segment]:
    """The segments that are shown: people's where they said something, the machine's elsewhere.

    What is left of a sentence beside a label loses its outer blanks, and is dropped where nothing
    else remains. `labels` must be in their order and must not overlap, as `together` makes them.
    """
    made = [
        Segment(each.start, each.end, each.kind, 1.0, each.subtype, By.PERSON) for each in labels
    ]
    ends = [each.end for each in labels]
    for segment in named:
        at, over = segment.start, bisect_right(ends, segment.start)
        while over < len(labels) and labels[over].start < segment.end:
            made += _piece(text, segment, at, labels[over].start)
            at, over = labels[over].end, over + 1
        made += [segment] if at == segment.start else _piece(text, segment, at, segment.end)
    return sorted(made, key=lambda each: each.start)


def together(own: Labels, others: Iterable[Labels]) -> Labels:
    """One annotator's labels, and where they said nothing those of others, the first first."""
    made = own
    for labels in others:
        made = _sorted([*made, *(free for each in labels for free in _free(made, each))])
    return made


def put(labels: Labels, label: Label) -> Labels:
    """With one more, which takes its place from those it lies over."""
    first = bisect_right(labels, label.start, key=lambda each: each.end)
    last = bisect_left(labels, label.end, key=lambda each: each.start)
    left = (piece for each in labels[first:last] for piece in _free((label,), each))
    return (*labels[:first], *_sorted([*left, label]), *labels[last:])


def taken(labels: Labels, start: int, end: int) -> Labels:
    """Without those that share a character with start … end - 1."""
    return tuple(each for each in labels if each.end <= start or end <= each.start)


def split(text: str, labels: Labels, whole: Label, at: int) -> Labels:
    """Two in place of one that may not be among `labels` yet: before `at`, and from there on.

    Nothing changes where one of the two would be blank.
    """
    if not text[whole.start : at].strip() or not text[at : whole.end].strip():
        return labels
    first, second = _trimmed(text, whole.start, at), _trimmed(text, at, whole.end)
    halves = [replace(whole, start=start, end=end) for start, end in (first, second)]
    return _sorted([*taken(labels, whole.start, whole.end), *halves])


def _piece(text: str, segment: Segment, start: int, end: int) -> Iterator[Segment]:
    if start < end and text[start:end].strip():
        start, end = _trimmed(text, start, end)
        yield replace(segment, start=start, end=end)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    return start + len(piece) - len(piece.lstrip()), end - len(piece) + len(piece.rstrip())


def _free(taken_by: Labels, label: Label) -> Iterator[Label]:
    """What of a label lies over none of the others."""
    at = label.start
    first = bisect_right(taken_by, label.start, key=lambda each: each.end)
    last = bisect_left(taken_by, label.end, key=lambda each: each.start)
    for each in taken_by[first:last]:
        if at < each.start:
            yield replace(label, start=at, end=each.start)
        at = max(at, each.end)
    if at < label.end:
        yield replace(label, start=at)


def _sorted(labels: Iterable[Label]) -> Labels:
    return tuple(sorted(labels, key=lambda each: each.start))
