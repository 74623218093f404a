"""A model from labelled spans: multinomial logistic regression (scikit-learn).

They lie in a folder with `traces.jsonl.gz` (id, reasoning, license) and `segments.jsonl.gz`
(trace_id, annotator, annot_type, start, end, kinds). Every class weighs the same; where people's
labels stand beside a model's they count several times. The same data give the same bytes.
"""

import gzip
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from kimidesk.errors import UsageError
from kimidesk.reading.segments.features import Reader
from kimidesk.reading.segments.model import DOUBT, Model
from kimidesk.reading.segments.sentences import sentences
from kimidesk.records import Kind

LICENCES = ("MIT", "Apache-2.0")
SEEN = 3  # times, or a feature is left out
STRENGTH = 0.1  # inverse of the penalty
HUMAN = 4.0  # weight of a sentence that a person labelled
TEMPER = 0.4  # of the transitions: at 1 they drown the sentence itself
SMALLEST = 0.012  # a feature none of whose weights is larger is left out
CLASSES = (
    *(kind.value for kind in Kind if kind not in (Kind.BACKTRACK, Kind.UNCERTAIN, Kind.EXPLORE)),
    DOUBT,
)


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text as one annotator labelled it; a class for each sentence, "" where there is none."""

    trace: str
    annotator: str
    human: bool
    text: str
    classes: tuple[str, ...]


def read(folder: Path) -> list[Labelled]:
    """What may be trained from; raises OSError, and msgspec.DecodeError for other files."""
    texts = {
        trace["id"]: trace["reasoning"]
        for trace in _lines(folder / "traces.jsonl.gz")
        if trace["license"] in LICENCES
    }
    spans: dict[tuple[str, str, bool], list[dict[str, Any]]] = defaultdict(list)
    for span in _lines(folder / "segments.jsonl.gz"):
        if span["trace_id"] in texts:
            key = (span["trace_id"], span["annotator"], span["annot_type"] == "human")
            spans[key].append(span)
    return [
        Labelled(trace, annotator, human, texts[trace], classes_of(texts[trace], own))
        for (trace, annotator, human), own in sorted(spans.items())
    ]


def classes_of(text: str, spans: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """For each sentence the class that covers most of it."""
    ordered = sorted((span["start"], span["end"], class_of(span["kinds"])) for span in spans)
    made = []
    for sentence in sentences(text):
        cover: Counter[str] = Counter()
        for start, end, class_ in ordered:
            shared = min(end, sentence.stop) - max(start, sentence.start)
            if shared > 0:
                cover[class_] += shared
        made.append(cover.most_common(1)[0][0] if cover else "")
    return tuple(made)


def class_of(kinds: Sequence[str]) -> str:
    """Where a source does not tell two kinds of doubt apart, they are one class."""
    doubts = {Kind.BACKTRACK.value, Kind.UNCERTAIN.value}
    return DOUBT if doubts & set(kinds) else str(kinds[0])


def train(data: Sequence[Labelled]) -> Model:
    """Fit the model; raises UsageError where scikit-learn is not installed."""
    try:
        from sklearn.feature_extraction import DictVectorizer
        from sklearn.linear_model import LogisticRegression
    except ImportError as error:
        raise not_installed() from error
    rows, labels, weights = rows_of(data)
    vectors = DictVectorizer(dtype=np.float32)
    matrix = vectors.fit_transform([dict.fromkeys(row, 1) for row in rows])
    fit = LogisticRegression(C=STRENGTH, max_iter=500)
    fit.fit(matrix, labels, sample_weight=weights)
    classes = tuple(str(each) for each in fit.classes_)
    follows = _follows(classes, data)
    return packed(classes, vectors.feature_names_, fit.coef_.T, fit.intercept_, follows)


def not_installed() -> UsageError:
    """What is told where there is no scikit-learn, which brings scipy."""
    return UsageError(
        "training the segmenter needs scikit-learn",
        hint='Run: pip install "kimidesk[segmenter]"',
    )


def rows_of(data: Sequence[Labelled]) -> tuple[list[list[str]], list[str], Any]:
    """Features, class and weight of each labelled sentence; every class weighs the same.

    Features that are seen too rarely to learn from are left out.
    """
    rows, labels, weights = _rows(data)
    seen = Counter(name for row in rows for name in row)
    count = Counter(labels)
    balance = [len(labels) / (len(count) * count[label]) for label in labels]
    common = [[name for name in row if seen[name] >= SEEN] for row in rows]
    return common, labels, np.array(weights) * balance


def _rows(data: Sequence[Labelled]) -> tuple[list[list[str]], list[str], list[float]]:
    rows, labels, weights = [], [], []
    for each in data:
        reader = Reader(each.text, sentences(each.text))
        for at, label in enumerate(each.classes):
            if label:
                rows.append(sorted(set(reader.features(at))))
                labels.append(label)
                weights.append(HUMAN if each.human else 1.0)
    return rows, labels, weights


def packed(
    classes: tuple[str, ...], names: Sequence[str], weights: Any, bias: Any, follows: Any
) -> Model:
    """Weights (F, C) in 8 bits, without the features that say next to nothing."""
    kept = np.flatnonzero(np.abs(weights).max(axis=1) >= SMALLEST)
    scale = np.abs(weights[kept]).max(axis=0) / 127
    small = np.round(weights[kept] / scale).astype(np.int8)
    feature = {names[place]: row for row, place in enumerate(kept.tolist())}
    return Model(classes, feature, small, scale, np.asarray(bias), follows)


def _follows(classes: tuple[str, ...], data: Sequence[Labelled]) -> Any:
    place = {class_: n for n, class_ in enumerate(classes)}
    count = np.ones((len(classes), len(classes)))
    for each in data:
        for a, b in zip(each.classes, each.classes[1:], strict=False):
            if a and b:
                count[place[a], place[b]] += 1
    row = np.log(count / count.sum(axis=1, keepdims=True))
    return TEMPER * (row - np.log(count.sum(axis=0) / count.sum()))


def _lines(path: Path) -> list[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return [msgspec.json.decode(line, type=dict[str, Any]) for line in file]
