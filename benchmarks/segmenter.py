"""The segmenter against people: trained without a trace, then asked to name it.

    pip install -e ".[segmenter]"; python benchmarks/segmenter.py [FOLDER]

FOLDER holds the labelled traces (`make segmenter` says which). Each person's labels are compared a
character at a time, and a sentence at a time; doubt is one name, as it is for them.
"""

import sys
import time
from collections import Counter, defaultdict
from pathlib import Path

from kimidesk.reading.agreement import cohen_kappa, gwet_ac2
from kimidesk.reading.segments import segments
from kimidesk.reading.segments.cues import by_rules
from kimidesk.reading.segments.features import plain
from kimidesk.reading.segments.making import made
from kimidesk.reading.segments.sentences import sentences
from kimidesk.reading.segments.training import CLASSES, Labelled, class_of, read

Pairs = list[tuple[str, str]]  # what was said, and what a person said


def named(each: Labelled, without: list[Labelled]) -> list[tuple[str, str, int]]:
    """Our class, the person's, and the length, of every sentence that has one."""
    told = segments(each.text, model=made(without))
    return _pairs(each, [class_of([segment.kind.value]) for segment in told])


def by_words(each: Labelled) -> list[tuple[str, str, int]]:
    """The same by rules alone."""
    cut = sentences(each.text)
    return _pairs(
        each, [class_of([by_rules(plain(each.text[s.start : s.stop])).value]) for s in cut]
    )


def _pairs(each: Labelled, ours: list[str]) -> list[tuple[str, str, int]]:
    cut = sentences(each.text)
    rows = zip(ours, each.classes, cut, strict=True)
    return [(mine, theirs, s.stop - s.start) for mine, theirs, s in rows if theirs]


def told(name: str, rows: list[tuple[str, str, int]]) -> str:
    """A row of the table: by sentence, and by character."""
    one, two = [a for a, _, _ in rows], [b for _, b, _ in rows]
    long = [(a, b) for a, b, size in rows for _ in range(size)]
    a, b = [x for x, _ in long], [y for _, y in long]
    alike = sum(x == y for x, y in long) / len(long)
    return (
        f"| {name} | {cohen_kappa(one, two):.3f} | {alike:.3f} | {cohen_kappa(a, b):.3f} "
        f"| {gwet_ac2(a, b, len(CLASSES) + 1):.3f} | {_f1(one, two, 'answer'):.2f} |"
    )


def _f1(ours: list[str], theirs: list[str], name: str) -> float:
    both = sum(a == b == name for a, b in zip(ours, theirs, strict=True))
    return 2 * both / max(ours.count(name) + theirs.count(name), 1)


def confusion(rows: list[tuple[str, str, int]]) -> str:
    """People's names down, ours across."""
    count = Counter((theirs, mine) for mine, theirs, _ in rows)
    ours = sorted({mine for mine, _, _ in rows} | set(CLASSES))
    lines = [f"| | {' | '.join(ours)} | F1 |", "|---" * (len(ours) + 2) + "|"]
    one, two = [a for a, _, _ in rows], [b for _, b, _ in rows]
    for theirs in CLASSES:
        cells = " | ".join(str(count[theirs, mine]) for mine in ours)
        lines.append(f"| {theirs} | {cells} | {_f1(one, two, theirs):.2f} |")
    return "\n".join(lines)


def main() -> None:
    """Print the tables."""
    data = read(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/traces"))
    people = [each for each in data if each.human]
    model: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    rules: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for each in people:
        model[each.annotator] += named(each, [one for one in data if one.trace != each.trace])
        rules[each.annotator] += by_words(each)
    print(
        "| | κ, sentences | alike, by length | κ | AC2 | F1 of answer |\n|---|---|---|---|---|---|"
    )
    for annotator in sorted(model):
        print(told(f"{annotator}, model", model[annotator]))
        print(told(f"{annotator}, rules alone", rules[annotator]))
    print("\n" + confusion([row for rows in model.values() for row in rows]))
    texts = [each.text for each in data]
    began = time.process_time()
    count = sum(len(segments(text)) for text in texts)
    print(f"\n{count / (time.process_time() - began):,.0f} sentences a second")


if __name__ == "__main__":
    main()
