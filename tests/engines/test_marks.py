"""Marks that are cut into tokens in any way: the thought ends where it does in the text."""

import json
from dataclasses import replace
from itertools import accumulate, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kimidesk import settings
from kimidesk.engines.mind import Mind, Place
from kimidesk.engines.scripted import Scripted
from kimidesk.reading import split
from kimidesk.records import CLOSING, Attempt, Budget, Dialect, Message, Noted, Sampling, Wish
from kimidesk.wire.messages import OpenCheckpoint

OPENED = Dialect("think", "<think>", ("</think>",), opened=True)
FULL = f"\n\n{CLOSING}\n</think>\n\n"
DIALECTS = {
    "tags": Dialect("think", "<think>", ("</think>",)),
    "opened": OPENED,
    "several": Dialect("think", "<think>", ("</think>", "</thought>", "</think_on>"), opened=True),
    "characters": Dialect("k", "◁think▷", ("◁/think▷",)),
    "overlapping": Dialect("o", "<<so", ("<<think<<",), opened=True),
    "sentences": Dialect("g", "Here is my thought:", ("Here is my answer:",)),
    "channels": Dialect("c", "<A>", ("<E>",), answer="<S>final<M>"),
    "bare": Dialect("b", "", ("</think>",)),
}
WORDS = [
    "so 3",
    " ",
    "\n",
    "\u3000",
    "中",
    "<",
    "<<",
    "</",
    "</th",
    "Here ",
    ">",
    "<S>",
    "<S>final",
]


@st.composite
def cut(draw: st.DrawFn, dialect: Dialect) -> list[bytes]:
    """A text in which marks are likely, cut into tokens at any bytes."""
    marks = [each for each in (dialect.start, *dialect.ends, dialect.answer) if each]
    text = "".join(draw(st.lists(st.sampled_from(WORDS + marks * 3), max_size=9))).encode()
    places = st.sets(st.integers(1, max(len(text) - 1, 1)), max_size=30)
    edges = [0, *sorted(at for at in draw(places) if at < len(text)), len(text)]
    return [text[a:b] for a, b in pairwise(edges) if a < b]


def whole(piece: bytes) -> bool:
    """Whether no character is cut in two."""
    return piece.decode("utf-8", "ignore").encode() == piece


def counted(pieces: list[bytes], dialect: Dialect) -> tuple[int, int]:
    """Tokens of the thought and of the answer, by the text alone, once it is all there."""
    text = b"".join(pieces).decode()
    parts = split(text, dialect)
    begin, end = (len(text[:place].encode()) for place in parts.thinking_span)
    begin = 0 if dialect.opened else begin  # a start mark that is said again is of the thought
    behind = len(text[: parts.answer_start].encode())
    edges = [0, *accumulate(map(len, pieces))]
    spans = list(pairwise(edges))
    if not any(mark in text[parts.thinking_span[1] : parts.answer_start] for mark in dialect.ends):
        if parts.answer is None and text.lstrip().startswith(dialect.start or "\0"):
            return sum(a >= begin for a, _ in spans), 0
        return (len(spans), 0) if dialect.opened else (0, len(spans))
    return sum(a >= begin and b <= end for a, b in spans), sum(a >= behind for a, _ in spans)


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
@given(st.data())
def test_however_a_text_is_cut_its_tokens_are_counted_as_the_text_says(dialect, data):
    pieces = data.draw(cut(dialect))
    mind = Mind(Budget(), dialect)
    for piece in pieces:
        mind.spend(piece)

    thinking, answer = counted(pieces, dialect)

    text = b"".join(pieces).decode()
    assert mind.thinking == thinking
    if not dialect.answer or mind.place is not Place.ANSWER:
        assert mind.answer == answer
    ended = split(text, dialect).answer_start
    assert (mind.place is Place.ANSWER) == any(mark in text[:ended] for mark in dialect.ends)


@given(st.data())
def test_the_head_of_a_channel_counts_only_where_it_is_whole(data):
    dialect = DIALECTS["channels"]
    pieces = data.draw(cut(dialect))
    mind = Mind(Budget(), dialect)
    for piece in pieces:
        mind.spend(piece)
    text = b"".join(pieces).decode()
    parts = split(text, dialect)

    if mind.place is Place.ANSWER and (parts.answer or "").strip():
        assert mind.answer == counted(pieces, dialect)[1]


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=DIALECTS.keys())
@given(st.data())
def test_a_fork_at_any_token_is_read_as_the_whole_is(dialect, data):
    pieces = data.draw(cut(dialect))
    at = data.draw(st.integers(0, len(pieces)))
    kept, added = b"".join(pieces[:at]), b"".join(pieces[at:])
    mind = Mind(Budget(), dialect)
    for piece in pieces[:at]:
        mind.read(piece)
    try:
        whole, text = kept.decode() + added.decode(), added.decode()
    except UnicodeDecodeError:
        return  # a fork within a character shows what is left of it as a broken one

    parts, all_of_it = split(text, mind.onward(dialect)), split(whole, dialect)

    assert (parts.answer is None) == (all_of_it.answer is None)
    if parts.answer is not None and all_of_it.answer_start >= len(whole) - len(text):
        assert parts.answer.strip() == (all_of_it.answer or "").strip()


@pytest.mark.parametrize(
    "dialect", [DIALECTS[name] for name in ("opened", "several", "overlapping")]
)
@given(st.data(), st.integers(0, 12), st.integers(0, 6), st.integers(0, 12), st.booleans())
def test_no_thought_overshoots_or_leaves_a_mark_broken(dialect, data, limit, soft, least, asked):
    pieces = data.draw(cut(dialect))
    made = Mind(Budget(limit, soft=soft, least=min(least, limit)), dialect)
    if asked:
        made.wish(Wish.ANSWER_NOW)
    said: list[bytes] = []

    def say(text: bytes, size: int) -> None:
        for at in range(0, len(text), size):
            said.append(text[at : at + size])
            made.spend(said[-1])

    for piece in [*pieces, *[b"a"] * 20]:
        say(made.due().encode(), 3)
        text = made.instead(piece, ends=False).encode()
        say(text or piece, 3 if text else len(piece))

    text = b"".join(said).decode("utf-8", "replace")
    late = 0 if all(whole(piece) for piece in pieces) else 3
    assert made.place is Place.ANSWER
    assert made.thinking <= limit + late
    assert split(text, dialect).answer is not None


def grown(*pieces: str, dialect: Dialect = OPENED, **budget: int) -> Mind:
    made = Mind(Budget(**budget), dialect)
    for piece in pieces:
        made.spend(piece.encode())
    return made


def test_a_mark_that_has_begun_at_the_budget_is_completed():
    made = grown("so", " 3", "</", thinking=3)
    assert made.due() == ""  # it may be something else that begins so
    assert made.instead(b"think", ends=False) == ""

    made.spend(b"think")

    assert made.due() == ">\n\n"
    assert made.noted() == (Noted.CUT,)
    made.spend(b">\n\n")
    assert (made.place, made.thinking, made.answer) == (Place.ANSWER, 2, 0)


def test_what_only_began_like_a_mark_at_the_budget_is_of_the_thought():
    made = grown("so", " 3", "</", thinking=3)

    assert made.instead(b"div", ends=False) == FULL
    assert made.noted() == (Noted.CUT,)
    assert made.thinking == 3


def test_a_generation_that_ends_in_a_mark_at_the_budget_gets_its_answer():
    assert grown("so", "</", thinking=2).instead(b"", ends=True) == FULL


def test_somebody_who_asks_within_a_mark_gets_the_rest_of_it():
    made = grown("so", "</", "think")
    made.wish(Wish.ANSWER_NOW)

    assert made.due() == ">\n\n"


def test_parts_of_a_mark_are_no_part_of_the_least():
    made = grown("a", "b", "<", least=3)

    assert made.instead(b"/think>", ends=False) == "Wait,"
    assert made.instead(b"3", ends=False) == ""


def test_a_head_of_a_channel_that_is_none_is_of_the_answer():
    made = grown("<A>", "<E>", "<S>", "fine", dialect=DIALECTS["channels"], answer=2)

    assert (made.answer, made.spent) == (2, True)


def test_the_token_that_ends_the_thought_may_begin_the_channel_of_the_answer():
    made = grown("<A>", "so<E><S>", "final", "<M>", "3", dialect=DIALECTS["channels"])

    assert (made.thinking, made.answer) == (0, 1)


def test_a_thought_without_a_start_may_begin_with_a_blank():
    assert split(" It is 4", DIALECTS["bare"]).answer == " It is 4"


@pytest.mark.parametrize(
    ("limit", "forced", "said"),
    [
        (2, FULL, f"so 3{FULL}.\n</think>\n\n3"),
        (3, "ink>\n\n", "so 3.\n</think>\n\nink>\n\n3"),
        (4, "ink>\n\n", "so 3.\n</think>\n\nink>\n\n3"),
        (6, "", "so 3.\n</think>\n\n3"),
    ],
)
def test_a_recitation_is_cut_to_the_token_within_its_mark(tmp_path, limit, forced, said):
    pieces = ["so", " 3", ".\n</", "th", "ink", ">\n\n", "3"]
    recitation = {"tokens": [{"text": piece} for piece in pieces]}
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"thinks": True, "opened": True, "recitations": [recitation]}))
    engine = Scripted(path, OpenCheckpoint(str(path)))
    engine.add(Attempt("t", (Message("user", "?"),), budget=Budget(thinking=limit)))

    tokens = []
    while engine.live:
        tokens += [step.token for step in engine.step() if step.token is not None]

    text = b"".join(engine.piece(token.id) for token in tokens).decode()
    assert text.removesuffix("<|end|>") == said
    assert [engine.piece(token.id).decode() for token in tokens if token.forced] == [forced] * bool(
        forced
    )


MARKS = ("he whale", "ing", "e, the", "ed b")  # SmolLM2 begins and ends each within a token


@pytest.mark.model
@pytest.mark.slow
def test_real_thoughts_end_where_their_text_does(opened, ask, grow, home):
    folder = settings.dialects_folder()
    folder.mkdir(parents=True)
    (folder / "mine.toml").write_text(
        f'name = "smollm2"\nstart = ["<think>"]\nends = {json.dumps(MARKS)}\nprefilled = true\n'
    )
    engine = opened(slots=8, context=256)
    dialect = Dialect("think", "<think>", MARKS, opened=True)
    story = ask("t", "Write a long story about a whale.", sampling=Sampling(temperature=1.0))
    attempts = [
        replace(story, trace=f"{n}", seed=n, budget=Budget(thinking=4 + n % 9, answer=3))
        for n in range(24)
    ]
    completed = 0
    for first in range(0, len(attempts), 8):
        for trace, (tokens, _) in grow(engine, *attempts[first : first + 8]).items():
            pieces = [engine.piece(token.id) for token in tokens]
            thinking, answer = counted(pieces, dialect)
            forced = next((n for n, token in enumerate(tokens) if token.forced), len(tokens))
            closed = CLOSING.encode() in b"".join(pieces)
            limit = 4 + int(trace) % 9
            assert min(forced, thinking) <= limit
            assert forced == limit or not closed
            assert answer >= 3
            completed += forced < len(tokens) and not closed
    assert completed


@pytest.mark.model
@pytest.mark.parametrize("said", ["so.</think>\n\nIt is", "so.\n</think>It is", "so</think> It"])
def test_a_real_answer_is_counted_from_the_mark_on(opened, ask, grow, thinking, said):
    engine = opened()
    attempt = replace(ask("t", force=said), budget=Budget(thinking=50, answer=6))

    tokens, _ = grow(engine, attempt)["t"]

    pieces = [engine.piece(token.id) for token in tokens]
    assert counted(pieces, OPENED)[1] == 6


def test_blanks_before_an_answer_spend_its_budget_and_those_before_its_lead_do_not():
    dialect = replace(DIALECTS["channels"], opened=True)
    blank, led = (Mind(Budget(thinking=None, answer=5), dialect) for _ in range(2))
    for mind in (blank, led):
        for piece in (b"so", b"<E>", b"\n", b"\n"):
            mind.spend(piece)
    for piece in (b"<S>final", b"<M>", b"4"):
        led.spend(piece)
    for _ in range(3):
        assert not blank.spent
        blank.spend(b"\n")

    assert blank.spent
    assert led.answer == 1


def test_a_person_is_answered_though_characters_never_end():
    mind = Mind(Budget(thinking=None), OPENED)
    mind.spend(b"a\xe2")
    assert mind.wish(Wish.ANSWER_NOW)
    waited = 0
    while not mind.due():
        mind.spend(b"\xe2")
        waited += 1

    assert waited == 3
