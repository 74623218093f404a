"""Retraining with one's own labels: does it help on a trace that was not labelled?

    pip install -e ".[segmenter]"; python benchmarks/retraining.py [FOLDER]

The start is a model of the traces that a model labelled. Five of the six traces that people
labelled move it, and the sixth is named; each once. Beside it: the start itself, and the five
alone. What all give together, which needs the labels that may not travel, tells segmenter.py.
"""

import sys
import time
from collections import defaultdict
from pathlib import Path

from kimidesk.reading.agreement import cohen_kappa
from kimidesk.reading.segments import segments
from kimidesk.reading.segments.adapting import FREEDOM, adapted
from kimidesk.reading.segments.model import Model
from kimidesk.reading.segments.training import Labelled, class_of, read, train

FREEDOMS = (FREEDOM / 10, FREEDOM, FREEDOM * 10)
Pairs = list[tuple[str, str]]


def named(model: Model, each: Labelled) -> Pairs:
    """What the model says and what the person says of each sentence that has a label."""
    told = [class_of([one.kind.value]) for one in segments(each.text, model=model)]
    return [(mine, said) for mine, said in zip(told, each.classes, strict=True) if said]


def main() -> None:
    """Print the table."""
    data = read(Path(sys.argv[1] if len(sys.argv) > 1 else "../shared/data/traces"))
    people = [each for each in data if each.human]
    others = [each for each in data if not each.human]
    began = time.process_time()
    start = train(others)
    print(f"the start: {len(others)} traces, {time.process_time() - began:.1f} s", flush=True)
    found: dict[str, dict[str, Pairs]] = defaultdict(lambda: defaultdict(list))
    spent = 0.0
    for trace in sorted({each.trace for each in people}):
        left = [each for each in people if each.trace != trace]
        models = {"the start": start}
        for freedom in FREEDOMS:
            began = time.process_time()
            models[f"moved, freedom {freedom:g}"] = adapted(start, left, freedom)
            spent += time.process_time() - began
        models["the five alone"] = train(left)
        for each in (each for each in people if each.trace == trace):
            for name, model in models.items():
                found[name][each.annotator] += named(model, each)
    annotators = sorted({each.annotator for each in people})
    print(f"| κ by sentences | {' | '.join(annotators)} |\n|---{'|---' * len(annotators)}|")
    for name, by in found.items():
        kappas = (cohen_kappa(*map(list, zip(*by[one], strict=True))) for one in annotators)
        print(f"| {name} | {' | '.join(f'{kappa:.3f}' for kappa in kappas)} |")
    print(f"\nmoved in {spent / len(FREEDOMS) / len({each.trace for each in people}):.1f} s each")


if __name__ == "__main__":
    main()
