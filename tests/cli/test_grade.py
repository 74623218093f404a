"""`kimidesk --headless grade`: JSON lines in, one verdict each out, in their order."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def graded(path: Path, *lines: str, jobs: int = 2) -> list[dict[str, Any]]:
    path.write_text("\n".join(lines) + "\n", "utf-8")
    command = [sys.executable, "-P", "-m", "kimidesk", "--headless", "grade", "--in", str(path)]
    done = subprocess.run(
        [*command, "--jobs", str(jobs)], capture_output=True, text=True, timeout=60, check=True
    )
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_answers_and_outputs_get_verdicts_and_a_broken_line_stops_nothing(tmp_path: Path):
    told = graded(
        tmp_path / "cases.jsonl",
        '{"id": "a", "gold": "1/2", "pred": 0.5}',
        '{"id": "b", "gold": 7, "output": "<think>7", "finish": "length"}',
        "no JSON",
        '{"id": 4, "gold": "7"}',
        '{"id": "slow", "gold": "x+y", "pred": "' + "(" * 120 + "x" + ")" * 120 + '"}',
        '{"id": "B", "gold": "B", "output": "十二个", "question": "几个？A. 十个 B. 十二个"}',
        '{"id": "list", "gold": ["1", "2"], "pred": "2, 1", "more": "is passed over"}',
    )

    assert [each["id"] for each in told] == ["a", "b", 3, 4, "slow", "B", "list"]
    verdicts = [each["verdict"] for each in told]
    assert verdicts[:4] == ["right", "unparsed", "error", "error"]
    assert verdicts[4] in ("error", "wrong")
    assert verdicts[5:] == ["right", "right"]
    assert told[0]["answer_form"] == "0.5"
    assert told[1]["answer"] is None
    assert '"pred" nor "output"' in told[3]["reason"]
