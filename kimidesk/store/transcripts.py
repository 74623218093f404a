"""What somebody's checkpoint wrote, read from a file so that it can be replayed.

An exported trace (JSON), a conversation ({"messages": [...]}), a question with its output under the
usual names, or a plain text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kimidesk.errors import BadData
from kimidesk.records import Grown, Message, Problem, is_whole

LARGEST = 256 << 20  # bytes; an exported trace of 128,000 tokens takes about 100 MB
PROBLEM = ("problem", "question", "prompt", "input", "query", "instruction")
OUTPUT = ("output", "response", "completion", "generation", "content", "text", "answer_text")
GOLD = ("gold", "target", "expected_answer", "answer")
THOUGHT = ("reasoning_content", "reasoning", "thinking", "thought")
_KNOWN = 'an exported trace, {"messages": […]} or {"problem": …, "output": …}'


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was asked and what was said; ids are of the vocabulary of `fingerprint`."""

    problem: Problem
    messages: tuple[Message, ...] | None  # None: the problem, put as usual
    text: str
    thought: str = ""  # where it is told apart from the text
    fingerprint: str = ""  # of the checkpoint that wrote it
    prompt: tuple[int, ...] = ()
    ids: tuple[int, ...] = ()


def read(path: Path) -> Transcript:
    """Read one file; raises BadData."""
    text = _text(path)
    if path.suffix.lower() != ".json":
        return Transcript(Problem(path.name), (), text)
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BadData(f"{path} is not JSON: {error}") from error
    if not isinstance(content, Mapping):
        raise BadData(f"{path} holds no object", hint=f"It must be {_KNOWN}.")
    made = _exported(content) or _conversation(content) or _pair(content)
    if made is None:
        raise BadData(f"{path} holds nothing to replay", hint=f"It must be {_KNOWN}.")
    return made


def of(grown: Grown) -> Transcript:
    """What a kept trace says."""
    trace, ids = grown.trace, tuple(grown.columns.id.tolist())
    fingerprint = trace.checkpoint.fingerprint
    return Transcript(
        trace.problem, None, grown.text, fingerprint=fingerprint, prompt=trace.prompt, ids=ids
    )


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise BadData(f"{path} is larger than {LARGEST:,} bytes")
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadData(f"{path} is not UTF-8 text: {error}") from error
    except OSError as error:
        raise BadData(f"{path} cannot be read: {error.strerror}") from error
    if not text.strip():
        raise BadData(f"{path} is empty")
    return text


def _exported(content: Mapping[str, object]) -> Transcript | None:
    trace, tokens = content.get("trace"), content.get("tokens")
    if not isinstance(trace, Mapping) or not isinstance(tokens, Mapping):
        return None
    problem, checkpoint = trace.get("problem"), trace.get("checkpoint")
    if not isinstance(problem, Mapping) or not isinstance(checkpoint, Mapping):
        return None
    return Transcript(
        _problem(problem),
        None,
        _string(content, ("text",)),
        fingerprint=_string(checkpoint, ("fingerprint",)),
        prompt=_ids(trace.get("prompt")),
        ids=_ids(tokens.get("id")),
    )


def _conversation(content: Mapping[str, object]) -> Transcript | None:
    turns = content.get("messages")
    if not isinstance(turns, list) or not all(isinstance(turn, Mapping) for turn in turns):
        return None
    said = [(_string(turn, ("role",)), turn) for turn in turns]
    if not said or said[-1][0] != "assistant":
        return None
    *messages, last = (_message(role, turn) for role, turn in said)
    asked = next((one.content for one in reversed(messages) if one.role == "user"), "")
    return Transcript(Problem(asked), tuple(messages), last.content, last.thought)


def _message(role: str, turn: Mapping[str, object]) -> Message:
    """A turn, its thought apart: in a field of its own, or in a part of its content."""
    content = turn.get("content")
    parts = (
        [part for part in content if isinstance(part, Mapping)] if isinstance(content, list) else []
    )
    text = "".join(_string(part, ("text",)) for part in parts if part.get("type") != "thinking")
    thought = "".join(_string(part, ("thinking",)) for part in parts)
    return Message(
        role,
        text or _string(turn, ("content",)),
        thought=thought or _string(turn, THOUGHT) if role == "assistant" else "",
    )


def _pair(content: Mapping[str, object]) -> Transcript | None:
    text, thought = _string(content, OUTPUT), _string(content, THOUGHT)
    if not text and not thought:
        return None
    told = next((content[name] for name in PROBLEM if content.get(name)), "")
    if isinstance(told, Mapping):
        problem = _problem(told)
    else:
        problem = Problem(_string(content, PROBLEM), _string(content, GOLD))
    messages = (Message("user", problem.text),) if problem.text else ()
    if not messages:
        problem = replace(problem, text=text[:80])
    return Transcript(problem, messages, text, thought)


def _problem(told: Mapping[str, object]) -> Problem:
    """As an exported trace tells it."""
    images = told.get("images")
    paths = images if isinstance(images, list) else []
    return Problem(
        _string(told, ("text", *PROBLEM)),
        _string(told, GOLD),
        tuple(path for path in paths if isinstance(path, str) and is_whole(path)),
    )


def _string(content: Mapping[str, object], names: tuple[str, ...]) -> str:
    found = (content[name] for name in names if isinstance(content.get(name), str))
    text = next((str(value) for value in found if value), "")
    return text if is_whole(text) else text.encode("utf-8", "replace").decode()


def _ids(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(id_) is int for id_ in value):
        return ()
    return tuple(value)
