"""A llama-server that is asked how it cuts text, and does not always answer."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kimidesk.engines.remote import Remote
from kimidesk.records import Attempt, Budget, Ended, Message, Noted, Wish
from kimidesk.settings import Manners
from tests.engines.remote.conftest import DONE, Handler, Opens, Told, said, until_over

ASKED = (Message("user", "What is 17 + 25?"),)


def rows(text: str, finish: str | None = None) -> bytes:
    """One event of a llama-server's: a token a character, whose id is its code point."""
    told = [
        {"id": ord(each), "bytes": list(each.encode()), "logprob": -0.5, "top_logprobs": []}
        for each in text
    ]
    choice = {"text": text, "logprobs": {"content": told}, "finish_reason": finish}
    return said({"choices": [choice]})


@dataclass
class Cutting:
    """Cuts text into its characters, or into nothing, or refuses, as it is told to."""

    wrong: Callable[[Any], int] = lambda _: 0  # a status; 0: it is cut, 200: into nothing
    asked: list[Any] = field(default_factory=list)

    def __call__(self, handler: Handler, body: dict[str, Any]) -> bool:
        if handler.path != "/tokenize":
            return False
        content = body["content"]
        self.asked.append(content)
        status = self.wrong(content)
        if status >= 400:
            handler.whole({"error": {"message": "no"}}, status)
            return True
        ids = [] if status else content if isinstance(content, list) else map(ord, content)
        handler.whole({"tokens": [{"id": id_, "piece": chr(id_)} for id_ in ids]})
        return True


@pytest.fixture
def cutting(told: Told) -> Cutting:
    told.picky = Cutting()
    return told.picky


@pytest.fixture
def llama(
    told: Told, cutting: Cutting, open_remote: Callable[..., Remote], template: Path
) -> Opens:
    told.raw, told.owner, told.models = True, "llamacpp", ("m-thinking",)
    return lambda: open_remote(manners=Manners(chat_template=str(template)))


def text_of(remote: Remote, steps: list[Any], trace: str = "t") -> str:
    mine = [one.token.id for one in steps if one.token and one.trace == trace]
    return b"".join(map(remote.piece, mine)).decode()


def test_what_grew_before_a_token_that_cannot_be_learned_stands(
    told: Told, cutting: Cutting, llama: Opens
):
    told.streams = [lambda h: h.stream(rows("ab是c"))]
    remote = llama()
    cutting.wrong = lambda content: 400 if content == [ord("是")] else 0
    remote.add(Attempt("t", ASKED))
    steps = until_over(remote)
    assert text_of(remote, steps) == "ab"
    assert steps[-1].ended is Ended.FAILED
    assert "does not cut text into tokens" in steps[-1].reason
    assert steps[-1].reason.endswith("after 2 tokens")


def test_a_token_that_is_learned_the_second_time_comes_once(
    told: Told, cutting: Cutting, llama: Opens
):
    told.streams = [
        lambda h: h.stream(rows("ab是c")),
        lambda h: h.stream(rows("是c"), rows("", "stop"), DONE),
    ]
    remote = llama()
    failures = iter([503])
    cutting.wrong = lambda content: next(failures, 0) if content == [ord("是")] else 0
    remote.add(Attempt("t", ASKED))
    steps = until_over(remote)
    assert text_of(remote, steps) == "ab是c"
    assert steps[-1].ended is Ended.ANSWERED
    first, second = (body["prompt"] for body in told.bodies if body.get("stream"))
    assert second == [*first, ord("a"), ord("b")]


@pytest.mark.parametrize("failing", [1, 2])
@pytest.mark.parametrize("wish", [False, True])
def test_a_closing_that_cannot_be_cut_is_said_when_it_can(
    told: Told, cutting: Cutting, llama: Opens, failing: int, wish: bool
):
    told.streams = [
        lambda h: h.stream(*[rows("h")] * 5, *[0.02, b": wait\n\n"] * 200),
        lambda h: h.stream(rows("42"), rows("", "stop"), DONE),
    ]
    remote = llama()
    failures = iter([503] * failing)
    cutting.wrong = lambda content: next(failures, 0) if "</think>" in str(content) else 0
    budget = Budget(thinking=None if wish else 5, closing="Enough.")
    remote.add(Attempt("t", ASKED, budget=budget))
    steps: list[Any] = []
    while len(steps) < 5:
        steps += remote.step()
    if wish:
        remote.steer("t", Wish.ANSWER_NOW)
    steps += until_over(remote)
    assert text_of(remote, steps) == "hhhhh\n\nEnough.\n</think>\n\n42"
    noted = [note.what for one in steps for note in one.notes if note.what is not Noted.SENT]
    assert noted == [Noted.ANSWER_NOW if wish else Noted.CUT, Noted.RESUMED]


def test_a_thought_is_made_to_go_on_though_its_words_are_cut_late(
    told: Told, cutting: Cutting, llama: Opens
):
    told.streams = [
        lambda h: h.stream(rows("h"), rows("", "stop")),
        lambda h: h.stream(rows("m</think>42"), rows("", "stop"), DONE),
    ]
    remote = llama()
    failures = iter([503])
    cutting.wrong = lambda content: next(failures, 0) if content == "Wait," else 0
    remote.add(Attempt("t", ASKED, budget=Budget(least=2, onward="Wait,")))
    steps = until_over(remote)
    assert text_of(remote, steps) == "hWait,m</think>42"
    assert steps[-1].ended is Ended.ANSWERED


def test_a_vocabulary_out_of_reach_ends_the_trace_that_needs_it_alone(
    told: Told, cutting: Cutting, llama: Opens
):
    told.streams = [
        lambda h: h.stream(*[rows("h")] * 5),
        lambda h: h.stream(rows("a"), 0.5, rows("b"), rows("", "stop"), DONE),
    ]
    remote = llama()
    cutting.wrong = lambda content: 503 if "</think>" in str(content) else 0
    remote.add(Attempt("cut", ASKED, budget=Budget(thinking=5, closing="")))
    steps: list[Any] = []
    while len(steps) < 5:
        steps += remote.step()
    remote.add(Attempt("other", ASKED))
    steps += until_over(remote)
    ends = {one.trace: one for one in steps if one.ended}
    assert ends["cut"].ended is Ended.FAILED
    assert "asked 3 times in a row" in ends["cut"].reason
    assert ends["other"].ended is Ended.ANSWERED
    assert text_of(remote, steps, "other") == "ab"


@pytest.mark.parametrize(
    "tokens",
    [
        [{"id": -1, "piece": "x"}],
        [{"id": 1 << 40, "piece": "x"}],
        [{"id": "1", "piece": "x"}],
        [{"id": 1, "piece": [300]}],
        [{"id": 1}],
        [1, 2],
    ],
)
def test_what_is_cut_into_no_tokens_ends_its_trace(
    told: Told, cutting: Cutting, llama: Opens, tokens: list[object]
):
    told.streams = [lambda h: h.stream(*[rows("h")] * 5)]
    remote = llama()

    def nonsense(handler: Handler, body: dict[str, Any]) -> bool:
        if handler.path == "/tokenize":
            handler.whole({"tokens": tokens})
        return handler.path == "/tokenize"

    remote.add(Attempt("t", ASKED, budget=Budget(thinking=5, closing="")))
    told.picky = nonsense
    assert "into what are no tokens" in until_over(remote)[-1].reason


def test_a_text_that_is_cut_into_nothing_is_told(told: Told, cutting: Cutting, llama: Opens):
    told.streams = [lambda h: h.stream(*[rows("h")] * 5)]
    remote = llama()
    cutting.wrong = lambda content: 200 if "</think>" in str(content) else 0
    remote.add(Attempt("t", ASKED, budget=Budget(thinking=5, closing="")))
    assert "into no tokens at all" in until_over(remote)[-1].reason
