"""Our grader and math-verify alone, on the same cases, in one run.

    python benchmarks/grading.py [--bench ../shared/data/bench]

Cases: the collection of the tests (`tests/grading/cases.jsonl`), and with `--bench` what is made of
published golds: each as it is, boxed, stated, in Chinese, and beside another gold of its file,
which is wrong. Printed: a confusion table, rates by kind, and the time a verdict takes.
"""

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from math_verify import parse, verify

from kimidesk.grading.comparing import compare
from kimidesk.grading.extract import find
from kimidesk.grading.judge import judge
from kimidesk.grading.normal import normalise
from kimidesk.grading.symbolic import warm_up

CASES = Path(__file__).parents[1] / "tests" / "grading" / "cases.jsonl"
FIELDS = ("expected_answer", "final_answer", "answer", "golden", "label", "Answer", "target")
FORMS = ("{}", r"So the answer is \boxed{{{}}}.", "**Answer:** ${}$", "所以，答案是 ${}$。")
A_FILE = 60  # golds of each file


def made(folder: Path) -> Iterator[dict[str, Any]]:
    """Cases of published golds; another gold of the same file is wrong unless it is the same."""
    chance = random.Random(11)
    for path in sorted(folder.rglob("*.jsonl")):
        if path.parent.name in {"humaneval", "mbpp"}:
            continue
        golds = [gold for gold in map(_gold, path.read_text(encoding="utf-8").splitlines()) if gold]
        kind = "golds, Chinese" if path.parent.name == "chinese" else "golds"
        for gold in chance.sample(golds, min(A_FILE, len(golds))):
            form = chance.choice(FORMS)
            yield {"kind": kind, "gold": gold, "output": form.format(gold), "want": "right"}
            other = chance.choice(golds)
            if normalise(other).key != normalise(gold).key and not _same(gold, other):
                yield {"kind": kind, "gold": gold, "output": form.format(other), "want": "wrong"}


def _same(one: str, other: str) -> bool:
    """Numbers alone: what else two golds may have in common is for the graders."""
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _gold(line: str) -> str:
    row = json.loads(line)
    value = next((row[field] for field in FIELDS if row.get(field) not in (None, "")), None)
    value = value[0] if isinstance(value, list) else value
    text = str(value if value is not None else "")
    if "####" in text or r"\boxed" in text or value is None:
        found = find(str(row.get("solution", text)) if value is None else text)
        return found.answer if found else ""
    return text


def ours(case: dict[str, Any]) -> str:
    """The verdict of `kimidesk grade`."""
    given = case.get("pred", case.get("output"))
    more = {"finish": case.get("finish", ""), "question": case.get("question", "")}
    return judge(given, case["gold"], bare="pred" in case, **more).judgement.value


def math_verify(case: dict[str, Any]) -> str:
    """The verdict of math-verify, its own parser on both."""
    given = case.get("pred", case.get("output"))
    try:
        gold = parse(f"${case['gold']}$") or parse(case["gold"])
        found = parse(given) or ("pred" in case and parse(f"${given}$"))
        if not found:
            return "unparsed"
        return "right" if verify(gold, found) else "wrong"
    except Exception:  # noqa: BLE001  # whatever it raises is its verdict
        return "error"


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--bench", type=Path)
    options = parser.parse_args()
    cases = [json.loads(line) for line in CASES.read_text(encoding="utf-8").splitlines()]
    if options.bench:
        cases += made(options.bench)
    warm_up()
    for name, grader in (("kimidesk", ours), ("math-verify", math_verify)):
        _table(name, cases, grader)


def _table(name: str, cases: list[dict[str, Any]], grader: Any) -> None:
    confusion: Counter[tuple[str, str]] = Counter()
    kinds: defaultdict[str, list[bool]] = defaultdict(list)
    times = []
    for case in cases:
        compare.cache_clear()
        begun = time.perf_counter()
        got = grader(case)
        times.append(time.perf_counter() - begun)
        confusion[case["want"], got] += 1
        kinds[case["kind"]].append(got == case["want"])
    agreed = sum(count for (want, got), count in confusion.items() if want == got)
    negatives = sum(count for (want, _), count in confusion.items() if want != "right")
    false = sum(count for (want, got), count in confusion.items() if want != "right" == got)
    times.sort()
    print(f"\n{name}: {agreed} of {len(cases)} ({agreed / len(cases):.1%}); "
          f"false positives {false} of {negatives} ({false / negatives:.2%})")  # fmt: skip
    median, p99 = (1e3 * times[int(len(times) * share)] for share in (0.5, 0.99))
    print(f"  median {median:.2f} ms, p99 {p99:.0f} ms, longest {1e3 * times[-1]:.0f} ms")
    for want in ("right", "wrong", "unparsed"):
        row = {got: confusion[want, got] for got in ("right", "wrong", "unparsed", "error")}
        print(f"  {want}: {row}")
    for kind, good in sorted(kinds.items()):
        print(f"  {kind}: {sum(good)} of {len(good)}")


if __name__ == "__main__":
    main()
