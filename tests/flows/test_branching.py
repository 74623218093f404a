"""What a branch keeps, says and leaves: pure, without an engine."""

from dataclasses import replace

import numpy as np
import pytest

from kimidesk.errors import UsageError
from kimidesk.flows import Branch, Branches, Phase, Solve, Story
from kimidesk.flows.branching import (
    Change,
    answer_now,
    branch,
    hint,
    keep_thinking,
    replacement,
    rival,
    seeds_for,
    token_at,
    without,
)
from kimidesk.flows.story import line_of, starts_of
from kimidesk.records import (
    Attempt,
    Budget,
    CheckpointInfo,
    Dialect,
    Ended,
    Fork,
    Note,
    Noted,
    PictureBlock,
    Problem,
    Sampling,
    Token,
    TokenColumns,
    Told,
    Trace,
    Wish,
)
from kimidesk.wire.columns import pack
from kimidesk.wire.messages import (
    Cancel,
    Failed,
    Generate,
    Judge,
    Remarked,
    Started,
    TokensCame,
    TraceEnded,
)

THINK = Dialect("think", "<think>", ("</think>",))
IDS: dict[bytes, int] = {}
NOTHING = np.empty(0, np.int32), np.empty(0, np.float32)
PROMPT = np.array([50, 51], "<i4").tobytes()
PIECES = (b"<think>", b" two", b" is", b" four.", b" So", b" it", b".", b"</think>", b"Four", b"$")


def grow(solve: Solve, *pieces: bytes, dialect: Dialect = THINK, closing: int = 0) -> Solve:
    """Take pieces as an engine would tell them, an id for each different one."""
    id_, columns = solve.trace.id, TokenColumns()
    ids = [IDS.setdefault(piece, len(IDS) + 100) for piece in pieces]
    for each in ids:
        columns.append(Token(each, -0.1, 0.2, 1, *NOTHING))
    prompt = np.array([*solve.attempt.prompt, *solve.attempt.prefix], "<i4").tobytes() or PROMPT
    solve.on(Started(id_, prompt, dialect))
    solve.on(TokensCame(id_, 0, pack(columns), dict(zip(ids, pieces, strict=True))))
    solve.on(TraceEnded(id_, Ended.ANSWERED, closing=closing))
    return solve


def solved(*pieces: bytes, dialect: Dialect = THINK, expected: str = "") -> Solve:
    info = CheckpointInfo("m", "r", "f", context=4096)
    trace = Trace("root", Problem("2+2?", expected), info, Sampling(), Budget(), 7)
    return grow(Solve(trace, Attempt("root", ())), *(pieces or PIECES), dialect=dialect, closing=1)


def test_a_branch_sends_the_ids_that_it_keeps_and_never_their_text():
    root = solved()

    made = branch(root, Change(3, text=" five"), "b", seed=7)

    assert made.attempt.prompt == root.trace.prompt == (50, 51)
    assert made.attempt.prefix == tuple(root.columns.id[:3].tolist())
    assert (made.attempt.force, made.attempt.messages) == (" five", ())
    assert made.trace.fork == Fork("root", 3, " four. So it.</think>Four")
    assert len(made.columns) == 0


def test_a_story_reads_from_the_root_on_and_follows_its_branch():
    root = solved()
    made = branch(root, Change(3, text=" five"), "b", seed=7)
    story = Story(made)
    assert (story.said, story.shared) == ("<think> two is", 3)

    made.on(Remarked("b", Note(1, Noted.LOOP)))
    grow(made, b" five", b"</think>", b"Five", b"$", dialect=Dialect("x"), closing=1)
    story.follow()

    assert story.said == "<think> two is five</think>Five"
    assert (story.parts.thinking, story.parts.answer) == ("two is five", "Five")
    assert (story.trace.prompt, story.trace.dialect) == (root.trace.prompt, THINK)
    assert [(note.at, note.what) for note in story.trace.notes] == [
        (3, Noted.LEFT),
        (4, Noted.LOOP),
    ]
    assert (story.trace.ended, story.phase) == (Ended.ANSWERED, Phase.DONE)
    assert story.thinking_tokens == 5


def test_a_branch_of_a_branch_keeps_what_both_wrote_and_one_of_a_parents_token_is_its_sibling():
    root = solved()
    child = branch(root, Change(3), "child", seed=8)
    grow(child, b" five", b" six", b"$", closing=1)
    story = Story(child)

    grandchild = branch(story, Change(4), "grand", seed=9)
    sibling = branch(story, Change(3), "sibling", seed=9)
    cousin = branch(story, Change(1), "cousin", seed=9)

    assert grandchild.trace.fork is not None
    assert (grandchild.trace.fork.parent, grandchild.trace.fork.at) == ("child", 1)
    assert grandchild.attempt.prompt == (50, 51)
    assert grandchild.attempt.prefix == tuple(story.columns.id[:4].tolist())
    assert [each.trace.fork and each.trace.fork.parent for each in (sibling, cousin)] == [
        "root"
    ] * 2
    grow(grandchild, b" seven")
    assert Story(grandchild).said == "<think> two is five seven"
    assert starts_of(line_of(Story(grandchild))) == [0, 3, 4]


def test_an_answer_that_began_in_a_parent_is_judged_whole():
    root = solved(b"It is \\", b"boxed{", b"4}", b"$", dialect=Dialect(), expected="5")
    made = branch(root, Change(2), "b", seed=8)

    made.on(Started("b", PROMPT, Dialect()))
    grown = grow(made, b"5}", b"$", dialect=Dialect(), closing=1)

    assert grown.phase is Phase.GRADING
    assert isinstance(grown, Branch)
    assert grown.answered == "It is \\boxed{5}"


def test_a_rival_is_forced_by_its_id_and_must_be_another_token():
    root = solved()

    assert rival(root, 1, 42) == Change(1, forced=(42,))
    with pytest.raises(UsageError, match="this one already"):
        rival(root, 1, int(root.columns.id[1]))
    with pytest.raises(UsageError, match="no place 11"):
        rival(root, 11, 42)


def test_a_replacement_begins_in_the_midst_of_a_token():
    root = solved()
    inside = root.said.index("ur.")

    assert replacement(root, inside, "rty.") == Change(3, text=" forty.")


def test_no_character_is_cut_in_two():
    root = solved(b"<think>", b"\xe4\xbd", b"\xa0", b"!", b"$")

    assert token_at(root, root.said.index("!")) == 3
    assert token_at(root, root.said.index("你")) == 1
    assert hint(root, 2, "x").at == 1


def test_a_hint_is_parted_from_the_word_before_it():
    root = solved()

    assert hint(root, 3, "now").text == " now"
    assert hint(root, 3, ", now").text == ", now"
    assert hint(root, 0, "now").text == "now"
    with pytest.raises(UsageError, match="no text"):
        hint(root, 3, "")


def test_a_step_that_is_left_out_is_followed_by_the_ids_of_the_next_one():
    root = solved()

    assert without(root, 1, (4, 7)) == Change(1, forced=tuple(root.columns.id[4:7].tolist()))


def test_answer_now_needs_an_open_thought():
    root = solved()

    made = branch(root, answer_now(root, 4), "b", seed=7)
    assert made.attempt.told == Told(wishes=((0, Wish.ANSWER_NOW),))
    with pytest.raises(UsageError, match="no thought is open at token 10"):
        answer_now(root, 9)
    with pytest.raises(UsageError, match="does not think"):
        answer_now(solved(b"4", b"$", dialect=Dialect()), 0)


def test_keep_thinking_goes_on_at_the_end_of_the_thought_at_the_latest():
    root = solved()

    assert keep_thinking(root, 2) == Change(2, text="\n\nWait,")
    assert keep_thinking(root, 9) == Change(7, text="\n\nWait,")


def test_seeds_are_the_traces_own_where_something_changes_and_else_new():
    root, changed = solved(), Change(2, text="x")

    assert seeds_for(root, changed, 3, 0.6, {8}) == [7, 9, 10]
    assert seeds_for(root, Change(2), 2, 0.6, {7, 8}) == [9, 10]
    assert seeds_for(root, changed, 1, 0, ()) == [7]
    for change, count in ((Change(2), 1), (changed, 2)):
        with pytest.raises(UsageError, match="would be the same"):
            seeds_for(root, change, count, 0, ())


def test_pictures_are_looked_for_again_and_a_server_that_told_no_ids_cannot_be_branched():
    root = solved()

    root.trace = replace(root.trace, pictures=(PictureBlock("/a.png", 1, 4, 8, 8, 8, 8),))
    assert branch(root, Change(1), "b", seed=8).attempt.messages[0].images == ("/a.png",)

    root.trace = replace(root.trace, prompt=())
    with pytest.raises(UsageError, match="told no token ids"):
        branch(root, Change(1), "b", seed=8)


def several(count: int, slots: int, expected: str = "", at: int = 3) -> Branches:
    root = solved(expected=expected)
    made = [branch(root, Change(at), f"b{seed}", seed=seed) for seed in range(count)]
    return Branches(made, slots)


def test_as_many_branches_grow_as_there_are_slots():
    flow = several(3, 2)

    asked = [each.attempt.trace for each in flow.start() if isinstance(each, Generate)]
    assert asked == ["b0", "b1"]
    (after,) = flow.on(TraceEnded("b0", Ended.ANSWERED))
    assert isinstance(after, Generate)
    assert after.attempt.trace == "b2"
    for id_ in ("b1", "b2"):
        assert flow.on(TraceEnded(id_, Ended.ANSWERED)) == []
    assert flow.done


def test_one_that_is_graded_holds_no_slot():
    flow = several(2, 1, expected="4", at=9)
    flow.start()
    flow.on(Started("b0", PROMPT, Dialect("x")))

    judge, generate = flow.on(TraceEnded("b0", Ended.ANSWERED))

    assert isinstance(judge, Judge)
    assert isinstance(generate, Generate)


def test_stopping_keeps_what_has_begun_and_gives_up_what_waits():
    flow = several(3, 1)
    flow.start()

    assert flow.stop() == [Cancel("b0")]
    assert flow.unbegun == list(flow.members[1:])
    assert not flow.done
    flow.on(TraceEnded("b0", Ended.STOPPED))
    assert flow.done
    assert {each.trace.ended for each in flow.members} == {Ended.STOPPED}


def test_a_lost_worker_ends_all_of_them():
    flow = several(3, 1)
    flow.start()

    flow.on(Failed("gone"))

    assert flow.done
    assert flow.members[0].trace.ended is Ended.FAILED
    assert flow.concerned(Failed("gone")) == [flow.members[0]]


def test_one_of_them_is_stopped_alone():
    flow = several(3, 1)
    flow.start()

    assert flow.stop_one(flow.members[1]) == []
    assert flow.stop_one(flow.members[0]) == [Cancel("b0")]
    assert flow.unbegun == [flow.members[1]]
