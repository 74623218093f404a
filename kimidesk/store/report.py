"""report.html: a run for people, in one file that opens without a network.

Nothing that a checkpoint wrote is markup there: Jinja escapes what stands in the page, the table's
rows and the traces are inert JSON whose `<` is written \\u003c, the script makes text nodes alone,
and the page's policy lets no other script run.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import jinja2
import msgspec

from kimidesk.grading.curves import RunPoint
from kimidesk.grading.gathered import Gathered, gather
from kimidesk.grading.tally import tally
from kimidesk.records import Sample
from kimidesk.settings import assets_folder
from kimidesk.store import figures

CHUNK = 200  # samples in one block of JSON: what one opened trace costs to parse
TEXT_BYTES = 24_000_000  # of traces; the page says what it leaves out
QUESTION = 400  # characters that the table holds of a question


def report(
    title: str,
    facts: Sequence[tuple[str, str]],
    rows: Sequence[tuple[str, str]],
    samples: Iterable[Sample],
    *,
    gathered: Gathered | None = None,
    alarm: tuple[str, str] | None = None,
    runs: Sequence[RunPoint] = (),
) -> Iterator[str]:
    """The page in pieces; `facts` describe the run, `rows` are its table.

    With `gathered`, the numbers of the same samples, `samples` is read once and may be a stream,
    and memory holds one chunk; without, it is read twice. `alarm` is a level, "watch" or "red", and
    a sentence. `runs` are drawn as the long2short picture.
    """
    numbers = gather(samples) if gathered is None else gathered
    counted = tally(numbers)
    loader = jinja2.FileSystemLoader(assets_folder() / "report")
    environment = jinja2.Environment(loader=loader, autoescape=True, trim_blocks=True)
    script = (assets_folder() / "report" / "report.js").read_text("utf-8")
    values: dict[str, Any] = {
        "title": title, "facts": facts, "rows": rows, "alarm": alarm, "count": len(numbers),
        "charts": figures.charts(counted, numbers, runs), "script": script,
        "policy": _policy(script), "parts": figures.parts(counted), "chunks": _chunks(samples),
    }  # fmt: skip
    yield from environment.get_template("report.html").generate(values)


def _policy(script: str) -> str:
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'"
    )


def _chunks(samples: Iterable[Sample]) -> Iterator[tuple[str, str]]:
    """(rows, traces) of CHUNK samples, as JSON for a page; traces as long as there is room."""
    room, left = TEXT_BYTES, iter(samples)
    while chunk := list(islice(left, CHUNK)):
        texts = []
        for sample in chunk:
            text = _inert(_text(sample)) if room > 0 else "null"
            room -= len(text.encode("utf-8", "replace"))
            texts.append(text if room >= 0 else "null")
        yield _inert([_row(sample) for sample in chunk]), f"[{','.join(texts)}]"


def _row(sample: Sample) -> tuple[Any, ...]:
    """In the order of the columns that report.js names."""
    verdict = sample.verdict
    kind = "failed" if sample.error else "ungraded" if verdict is None else verdict.judgement.value
    return (
        sample.number, sample.repeat, sample.cut, sample.name, kind, sample.finish.value,
        sample.thinking_tokens, sample.answer_tokens, verdict.extracted[:80] if verdict else "",
        sample.expected[:80], sample.subject, sample.level, sample.problem[:QUESTION],
    )  # fmt: skip


def _text(sample: Sample) -> dict[str, Any]:
    verdict = sample.verdict
    return {
        "problem": sample.problem,
        "thinking": sample.thinking,
        "answer": sample.answer,
        "error": sample.error,
        "expected": sample.expected,
        "found": verdict.extracted if verdict else "",
        "why": f"{verdict.method}: {verdict.reason}" if verdict else "",
        "seed": sample.seed,
        "entropy": sample.mean_entropy,
    }


def _inert(content: Any) -> str:
    """JSON that cannot end, or begin, an element; `<` stands in texts alone."""
    return msgspec.json.encode(content).decode().replace("<", "\\u003c")
