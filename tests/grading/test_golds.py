"""Every expected answer of the benchmarks at hand is right when it is given as the answer."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from kimidesk.grading.extract import find
from kimidesk.grading.judge import judge

REPOSITORY = Path(__file__).parents[2]
BENCH = Path(os.environ.get("KIMIDESK_BENCH", REPOSITORY.parent / "shared" / "data" / "bench"))
FIELDS = ("expected_answer", "final_answer", "answer", "golden", "label", "Answer", "target")

pytestmark = pytest.mark.skipif(
    not BENCH.is_dir(), reason="no benchmark data; KIMIDESK_BENCH names its folder"
)


def golds(path: Path) -> Iterator[str]:
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line) if line.strip() else {}
        value = next((row[field] for field in FIELDS if row.get(field) not in (None, "")), None)
        if value is None and "solution" in row:
            found = find(row["solution"])
            value = found.answer if found else None
        for gold in value if isinstance(value, list) else [value]:
            if gold is not None and str(gold).strip():
                yield str(gold)


@pytest.mark.slow
def test_every_gold_equals_itself_bare_and_in_a_box():
    files = [
        path
        for path in sorted(BENCH.rglob("*.jsonl"))
        if path.parent.name not in {"humaneval", "mbpp"}
    ]
    checked, refused = 0, []
    for path in files:
        for gold in golds(path):
            answers = (
                [gold] if r"\boxed" in gold or "####" in gold else [gold, rf"\boxed{{{gold}}}"]
            )
            refused += [(path.name, gold) for answer in answers if not judge(answer, gold).right]
            checked += 1

    assert checked > 5_000
    assert refused == []
