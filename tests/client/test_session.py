"""A Session turns crash, kill, hang and a foreign protocol into one readable Failed."""

import signal
import struct

import pytest

from kimidesk.client.session import SILENCE_LIMIT_S, START_LIMIT_S, STEP_LIMIT_S, Session
from kimidesk.wire.frames import encode
from kimidesk.wire.messages import (
    PROTOCOL,
    Beat,
    Failed,
    FailureKind,
    Loading,
    OpenCheckpoint,
    Ready,
)


def ready_session(now: float = 0.0) -> Session:
    session = Session(now)
    session.feed(encode(Ready(PROTOCOL, 1, "x")), now)
    return session


def test_another_protocol_is_refused_with_both_numbers():
    session = Session(0.0)

    (failed,) = session.feed(encode(Ready(PROTOCOL + 1, 1, "9.9")), 0.0)

    assert isinstance(failed, Failed)
    assert f"protocol {PROTOCOL + 1} (KimiDesk 9.9)" in failed.what
    assert session.feed(encode(Beat(0.0)), 0.0) == []


def test_something_before_ready_is_refused():
    (failed,) = Session(0.0).feed(encode(Loading(0.5)), 0.0)

    assert isinstance(failed, Failed)
    assert "Loading" in failed.what


def test_noise_on_the_pipe_is_refused_after_the_events_before_it():
    session = ready_session()

    events = session.feed(encode(Loading(0.5)) + b"Hello, I am printf\n", 0.0)

    assert isinstance(events[0], Loading)
    assert isinstance(events[1], Failed)
    assert "frame" in events[1].what


def test_beats_are_for_the_session_alone():
    assert ready_session().feed(encode(Beat(0.5)), 1.0) == []


def test_a_worker_that_does_not_start_is_overdue():
    session = Session(0.0)

    assert session.overdue(START_LIMIT_S) is None
    assert "did not start" in (session.overdue(START_LIMIT_S + 1) or Failed("")).what


def test_a_silent_worker_is_overdue_once():
    session = ready_session()
    session.feed(encode(Beat(0.0)), 100.0)

    assert session.overdue(100.0 + SILENCE_LIMIT_S) is None
    failed = session.overdue(101.0 + SILENCE_LIMIT_S)
    assert failed is not None
    assert failed.kind is FailureKind.WORKER
    assert session.overdue(999.0) is None
    assert session.ended(-9) is None


def test_a_step_that_never_ends_is_overdue_though_the_worker_beats():
    session = ready_session()
    session.feed(encode(Beat(STEP_LIMIT_S + 1)), 1.0)

    failed = session.overdue(1.5)

    assert failed is not None
    assert "one step" in failed.what


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (-signal.SIGSEGV, "crashed (SIGSEGV)"),
        (-signal.SIGKILL, "was killed (SIGKILL)"),
        (-signal.SIGTERM, "was ended from outside (SIGTERM)"),
        (3, "status 3"),
        (0, "status 0"),
    ],
)
def test_an_unexpected_end_is_told_with_the_last_words(code: int, words: str):
    session = ready_session()
    session.stderr(b"GGML_ASSERT: n_tokens\nno new")
    session.stderr(b"line")

    failed = session.ended(code)

    assert failed is not None
    assert words in failed.what
    assert failed.detail == "GGML_ASSERT: n_tokens\nno newline"


def test_an_expected_end_is_no_failure():
    session = ready_session()
    session.closing = True

    assert session.ended(0) is None


def test_half_a_frame_at_the_end_is_still_only_one_failure():
    session = ready_session()
    session.feed(struct.pack("<I", 100) + b"xx", 0.0)

    assert session.ended(-11) is not None
    assert session.ended(-11) is None


@pytest.mark.parametrize(
    ("code", "hint"), [(-signal.SIGABRT, "another file"), (-signal.SIGKILL, "again"), (1, "again")]
)
def test_a_worker_that_dies_of_opening_a_checkpoint_is_told_with_its_name(code, hint):
    session = ready_session()
    session.sent(OpenCheckpoint("seas.gguf"))
    session.stderr(b"src/model.cpp:2: n_group == 0 failed\n")

    failed = session.ended(code)

    assert failed is not None
    assert failed.what.startswith("seas.gguf could not be opened: the worker ")
    assert hint in failed.hint
    assert failed.detail == "src/model.cpp:2: n_group == 0 failed"


def test_an_illegal_instruction_is_told_with_what_to_do():
    session = Session(0.0)
    failed = session.ended(-signal.SIGILL)
    assert failed is not None
    assert "crashed (SIGILL)" in failed.what
    assert "README.md" in failed.hint
