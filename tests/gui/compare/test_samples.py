"""Many samples: groups by answer, votes, outliers, the ribbons and their table."""

from pathlib import Path

import msgspec
import pytest

pytest.importorskip("PySide6")

from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from kimidesk.errors import NotFound
from kimidesk.gui.compare.gathering import Gathering
from kimidesk.gui.compare.room import SamplesRoom
from kimidesk.gui.compare.samples import Sampled, counted, grouped, known_weights, odd, of_sample
from kimidesk.reading.voting import Weight
from kimidesk.records import Ended, Judgement, Sample, SampleStatus, Verdict
from kimidesk.store import Desk
from kimidesk.store.runs import samples_in

RIGHT, WRONG = Judgement.RIGHT, Judgement.WRONG


def sampled(id_: str, answer: str, judgement: Judgement | None, tokens: int = 100) -> Sampled:
    text = f"First, 3 + 4 = {answer}. Wait, let me check that.\n\nThe answer is {answer}."
    weights = {Weight.LIKELIHOOD: 0.9 if answer == "8" else 0.2}
    return Sampled(
        id_, "", 3, None, text, answer, "7", judgement, Ended.ANSWERED, tokens, weights, True
    )


def of_run(number: int, repeat: int, answer: str) -> Sample:
    verdict = Verdict(RIGHT if answer == "7" else WRONG, answer, "7")
    return Sample(
        number, repeat, "", "What is 3 + 4?", "7", SampleStatus.DONE, repeat,
        ended=Ended.ANSWERED, thinking="Let me add.", answer=f"It is {answer}.", verdict=verdict,
        thinking_tokens=3, answer_tokens=4, mean_logprob=-0.5,
    )  # fmt: skip


@pytest.fixture
def run(tmp_path: Path) -> Path:
    lines = [msgspec.json.encode(of_run(n, r, "7" if r else "8")) for n in (0, 1) for r in range(3)]
    (tmp_path / "samples.jsonl").write_bytes(b"\n".join(lines) + b'\n{"number": 2, "rep')
    (tmp_path / "run.json").write_text("{}")
    return tmp_path


def test_answers_that_mean_the_same_are_one_group():
    groups = grouped(
        [
            sampled("a", "7", RIGHT),
            sampled("b", "7.0", RIGHT, 50),
            sampled("c", "8", WRONG),
            sampled("d", "", Judgement.UNPARSED),
        ]
    )

    assert [[each.id for each in group.samples] for group in groups] == [["b", "a"], ["c"], ["d"]]
    assert groups[0].judgement is RIGHT
    assert groups[2].answer == ""


def test_a_weighted_vote_may_go_against_the_majority():
    samples = [sampled("a", "7", RIGHT), sampled("b", "7", RIGHT), sampled("c", "8", WRONG)]

    assert known_weights(samples) == [Weight.EQUAL, Weight.LIKELIHOOD]
    assert counted(grouped(samples), Weight.EQUAL)[0].answer == "7"
    assert counted(grouped(samples), Weight.LIKELIHOOD)[0].answer == "8"


def test_a_trace_unlike_the_others_is_named_with_what_is_strange():
    samples = [sampled(str(n), "7", RIGHT, 100 + n) for n in range(6)]
    samples.append(sampled("long", "8", WRONG, 4_000))

    strange = odd(samples)

    assert (strange["long"].length, strange["long"].answer) == (True, True)
    assert not strange["0"]


def test_a_run_is_read_without_touching_it(run: Path):
    before = (run / "samples.jsonl").read_bytes()

    samples = samples_in(run)

    assert [each.place for each in samples] == [(n, r) for n in (0, 1) for r in range(3)]
    assert (run / "samples.jsonl").read_bytes() == before
    assert of_sample(samples[1]).key == "7"
    with pytest.raises(NotFound, match="no scored run"):
        samples_in(run.parent)


def test_a_run_is_gathered_one_problem_at_a_time(run: Path, qtbot: QtBot, tmp_path: Path):
    desk = Desk.open(tmp_path / "desk.db")
    gathering = Gathering(desk)
    met: list[int] = []
    gathering.read_run(run, lambda: met.append(len(gathering.problems)))
    gathering.settle()
    assert met == [2]

    gathering.show_problem(1)
    gathering.settle()

    assert [each.id for each in gathering.samples] == ["1.0", "1.1", "1.2"]
    assert all(each.runs for each in gathering.samples)
    gathering.close()
    desk.close()


@pytest.fixture
def room(qtbot: QtBot) -> SamplesRoom:
    made = SamplesRoom()
    qtbot.addWidget(made)
    made.resize(900, 600)
    made.show()
    samples = [sampled(str(n), "7" if n % 3 else "8", RIGHT if n % 3 else WRONG) for n in range(9)]
    made.show_samples(samples)
    return made


def test_ribbons_are_walked_by_keys_and_told_in_words(room: SamplesRoom, qtbot: QtBot):
    qtbot.keyClick(room.ribbons, Qt.Key.Key_Down)
    first = room.ribbons.current
    assert first is not None
    assert "7" in room.ribbons.accessibleDescription()
    assert room.text.toPlainText() == first.text
    assert room.open_button.isEnabled()

    qtbot.keyClick(room.ribbons, Qt.Key.Key_End)
    assert room.ribbons.current.answer == "8"  # the smaller group stands below
    with qtbot.waitSignal(room.opened) as told:
        qtbot.keyClick(room.ribbons, Qt.Key.Key_Return)
    assert told.args == [room.ribbons.current.id]


def test_a_click_chooses_a_ribbon(room: SamplesRoom, qtbot: QtBot):
    viewport = room.ribbons.viewport()
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 60))

    assert room.ribbons.current is not None


def test_votes_and_samples_stand_in_tables_too(room: SamplesRoom):
    votes, table = room.votes.table, room.frame.model.table
    assert votes.titles[:3] == ("Answer", "Votes", "Majority")
    assert [row[0] for row in votes.rows] == ["7", "8"]
    assert "★" in str(votes.rows[0][2])
    assert "★" in str(votes.rows[1][3])  # the likelier one
    assert len(table.rows) == 9
    assert "9 samples" in room.told.text()
