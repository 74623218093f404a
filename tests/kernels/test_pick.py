"""Which implementation an operation takes, and the reason it gives."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kimikernels import pick

KERNELS = Path(pick.__file__).parents[1]


def told(**environment: str) -> dict[str, list[str]]:
    """What `python -m kimikernels` prints: device, name and reason of each operation."""
    kept = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    done = subprocess.run(
        [sys.executable, "-m", "kimikernels"],
        cwd=KERNELS,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = [line.split("\t") for line in done.stdout.splitlines()]
    return {op: rest for op, *rest in lines if rest[0] in ("cpu", "-")}


@pytest.fixture(autouse=True)
def none_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pick, "_made", {})


def test_the_first_that_can_run_is_chosen_and_says_what_could_not() -> None:
    among = [("fast", "one pass", lambda: "no compiler"), ("plain", "by sorting", lambda: "")]

    assert pick.first("sum", "cpu", among) == pick.Choice(
        "sum", "cpu", "plain", "by sorting; not fast: no compiler"
    )


def test_a_choice_is_made_once_for_each_operation_and_device() -> None:
    asked: list[str] = []
    among = [("plain", "by sorting", lambda: str(asked.append("once") or ""))]
    for device in ("cuda", "cpu", "cpu"):
        pick.first("sum", device, among)

    assert asked == ["once", "once"]
    assert [each.device for each in pick.choices()] == ["cpu", "cuda"]


def test_when_none_can_run_every_reason_is_told() -> None:
    among = [("fast", "", lambda: "no compiler"), ("plain", "", lambda: "no numpy")]

    with pytest.raises(ValueError, match="not fast: no compiler; not plain: no numpy"):
        pick.first("sum", "cpu", among)


def test_the_module_tells_every_choice_on_a_processor_and_why() -> None:
    pytest.importorskip("torch")
    pytest.importorskip("triton")

    plain, interpreted = told(), told(TRITON_INTERPRET="1")

    assert plain["token_stats"][1] in ("compiled", "numpy")
    for op in ("draw", "linear_logprob", "logprob_entropy"):
        assert plain[op][1] != "triton"
        assert "TRITON_INTERPRET is not set" in plain[op][2]
        assert interpreted[op][1] == "triton"
