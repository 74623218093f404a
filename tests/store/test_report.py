"""report.html shows a run, and nothing in it that a checkpoint wrote is markup."""

import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from kimidesk.grading.curves import long2short
from kimidesk.store import report as module
from kimidesk.store.charts import Bar, Dot, Line, bars, dots, lengths, lines
from kimidesk.store.report import report
from tests.grading.sampled import sample

HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<!--<script>",
    "{{ 7 * 7 }} {% raw %}",
    "]]>\u2028\x00",
    '" onmouseover="alert(1)',
    "javascript:alert(1)",
]


class Page(HTMLParser):
    """What a browser would make of it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[str | None, str]] = []
        self._inside: str | None = None
        self._open = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "script":
            self._open = True
            self.scripts.append((dict(attrs).get("class"), ""))

    def handle_endtag(self, tag: str) -> None:
        self._open = self._open and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._open:
            kind, before = self.scripts[-1]
            self.scripts[-1] = (kind, before + data)


def page_of(samples, **options) -> Page:
    facts, rows = [("checkpoint", "x")], [("accuracy", "50 %")]
    return Page("".join(report("Run 一", facts, rows, samples, **options)))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_a_checkpoint_wrote_stays_text(text: str):
    every = replace(
        sample(0, answer=text, thinking=text, subject=text, level=text),
        name=text, problem=text, expected=text, error=text,
    )  # fmt: skip
    harmless = page_of([sample(0), sample(1, subject="a", level="1")])

    page = page_of([every, sample(1, subject="a", level="1")])

    assert {tag for tag, _ in page.tags} == {tag for tag, _ in harmless.tags}
    assert not any(name.startswith("on") for _, names in page.tags for name in names)
    assert [kind for kind, _ in page.scripts] == ["rows", "texts", None]
    (told, _) = json.loads(page.scripts[1][1])
    assert told["thinking"] == text


def test_a_title_and_facts_are_escaped():
    text = "".join(report(HOSTILE[0], [(HOSTILE[1], HOSTILE[0])], [(HOSTILE[1], "x")], []))

    assert "<img" not in text
    assert "<script>alert" not in text


def test_the_policy_lets_nothing_in_but_the_page_itself():
    text = "".join(report("t", [], [], [sample(0)]))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)

    assert policy is not None
    assert "default-src &#39;none&#39;" in policy[1]
    assert "script-src &#39;sha256-" in policy[1]
    assert not re.search(r'(?:src|href)="', text)
    assert "innerHTML" not in text


def test_every_row_is_there_and_traces_as_long_as_there_is_room(monkeypatch):
    monkeypatch.setattr(module, "TEXT_BYTES", 2_000)
    page = page_of([sample(n, thinking="x" * 500) for n in range(450)])
    rows = [json.loads(text) for kind, text in page.scripts if kind == "rows"]
    texts = [each for kind, text in page.scripts if kind == "texts" for each in json.loads(text)]

    assert [len(each) for each in rows] == [200, 200, 50]
    assert (texts[0]["thinking"], texts[-1]) == ("x" * 500, None)


def test_a_warning_and_the_picture_of_several_runs_are_shown():
    runs = long2short([("short", [sample(0)]), ("长", [sample(0, tokens=900)])])
    text = "".join(report("t", [], [], [sample(0)], alarm=("red", "Cut off."), runs=runs))

    assert 'class="alarm red"' in text
    assert "top left is best" in text
    assert "长" in text


def test_charts_say_their_numbers_and_escape_their_names():
    drawn = [
        lines("t<", [Line("<b>", [(10, 0.5), (100, 0.75)], [(0.4, 0.6), (0.7, 0.8)])], "tokens"),
        bars("t<", [Bar("<b>", 0.5, "50 %", (0.4, 0.6))]),
        lengths("t<", [("<b>", [10, 20, 4000])]),
        dots("t<", [Dot("<b>", 100, 0.5, (0.4, 0.6), front=True)]),
    ]
    for each in drawn:
        assert "<b>" not in each
        assert "<title>t&lt;</title><desc>&lt;b&gt;: " in each
    assert "10: 50.0%, 100: 75.0%" in drawn[0]


def test_nothing_to_draw_is_no_chart():
    empty = Line("x", [])
    assert [lines("t", [empty], "x"), bars("t", []), lengths("t", [("x", [])]), dots("t", [])] == [
        ""
    ] * 4
