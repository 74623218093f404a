"""From an attempt to the body of a request, or a refusal of what the server cannot do."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from kimidesk import settings
from kimidesk.checkpoints.remote import Server
from kimidesk.checkpoints.remote.budgets import KEEPINGS, keeping_of
from kimidesk.checkpoints.remote.makes import Make, habits_of, switch_fields, verbatim_fields
from kimidesk.engines.remote.pictures import data_uri
from kimidesk.engines.remote.ways import CHAT
from kimidesk.errors import Refused
from kimidesk.reading.dialects import Sheet, sheet_of
from kimidesk.reading.template import ChatTemplate
from kimidesk.records import Attempt, Message, Note, Noted

UNTOLD = ("model", "messages", "prompt", "stream", "stream_options")  # told elsewhere, or no news
SEEDS = 2**31  # servers keep a seed in 32 bits


@lru_cache(maxsize=8)
def sheet_for(server: Server) -> Sheet | None:
    """How its model thinks, where the server tells the chat template."""
    if not server.chat_template:
        return None
    template = ChatTemplate(server.chat_template)
    return sheet_of(template, server.info.name, settings.dialects_folder())


def thinks(server: Server) -> bool | None:
    """None where neither the template nor the trial tells."""
    sheet = sheet_for(server)
    return server.shown.thinks if sheet is None else sheet.thinks


def check(server: Server, attempt: Attempt) -> None:
    """Raises Refused with what this server cannot do."""
    name, habits = server.address.host, habits_of(server.make)
    check_raw(server, attempt)
    if attempt.given is not None:
        raise Refused(f"{name} writes; it cannot be made to read a given text (replay)")
    if attempt.continues or attempt.forced or attempt.force:
        why = f": {server.raw.why_not}" if server.raw.why_not else ""
        raise Refused(
            f"{name} cannot go on from a given token, so there are no forks and no probes{why}",
            hint="Open the checkpoint itself for that.",
        )
    if not attempt.messages:
        raise Refused(f"{name} needs a message to answer")
    if any(message.images for message in attempt.messages) and not server.info.vision:
        raise Refused(
            f"{server.info.name} on {name} cannot read images",
            hint="Leave the pictures out, or start the server with a model that sees "
            "(llama-server: --mmproj FILE).",
        )
    if attempt.thinking is not None and not habits.switch:
        raise Refused(f"{name} has no switch for thinking: leave --thinking and --no-thinking out")
    _check_budget(server, attempt)


def check_raw(server: Server, attempt: Attempt) -> None:
    """Raises Refused with what this server cannot do, however it is asked."""
    name, sampling = server.address.host, attempt.sampling
    if attempt.told.ids:
        raise Refused(f"{name} cannot be held to what it drew before", hint="Ask it again.")
    if attempt.adapters:
        raise Refused(f"{name} keeps its weights to itself; no adapter can be laid over them")
    cut = sampling.top_k or sampling.min_p or sampling.repetition_penalty != 1.0
    if cut and not habits_of(server.make).cuts:
        raise Refused(f"{name} knows no top-k, min-p or repetition penalty: leave them out")


def _check_budget(server: Server, attempt: Attempt) -> None:
    name, budget = server.address.host, attempt.budget
    if budget.soft or budget.least:
        raise Refused(
            f"{name} counts the thought itself: no soft landing and no least thinking there"
        )
    switched = attempt.thinking and budget.thinking is None
    if switched and server.make is Make.ANTHROPIC:
        raise Refused(f"{name} thinks only with a thinking budget", hint="Add --think-budget 4k.")
    if budget.thinking is None or thinks(server) is False:
        return
    keeping = keeping_of(server.make, effort=server.shown.effort)
    if keeping is None:
        raise Refused(
            f"{name} has no field for a thinking budget, so none can be kept there",
            hint="Leave --think-budget out, or open the checkpoint itself.",
        )
    if budget.thinking < keeping.least:
        raise Refused(f"{name} takes no thinking budget below {keeping.least:,} tokens")


def body_of(server: Server, attempt: Attempt) -> dict[str, Any]:
    """The fields to send; call `check` first. Raises Refused for a picture."""
    body: dict[str, Any] = {
        "model": server.address.model,
        "messages": [_message(server, message) for message in attempt.messages],
        **_drawing(server, attempt, attempt.seed),
    }
    if server.shown.logprobs:
        body |= {"logprobs": True, "top_logprobs": server.shown.rivals}
    if attempt.thinking is not None:
        sheet = sheet_for(server)
        names = sheet.switches(attempt.thinking) if sheet else {}
        body |= switch_fields(server.make, attempt.thinking, names)
    return body | _limits(server, attempt)


def raw_body(
    server: Server, attempt: Attempt, prompt: list[int] | str, *, done: int, most: int
) -> dict[str, Any]:
    """The fields to send for at most `most` tokens after a prompt that holds `done` of the trace.

    Each request draws with a seed of its own: the same one would draw the same numbers again.
    """
    body = {
        "model": server.address.model,
        "prompt": prompt,
        "max_tokens": most,
        **_drawing(server, attempt, attempt.seed + done),
        **verbatim_fields(server.make),
    }
    return body | ({"logprobs": server.raw.rivals} if server.raw.rivals else {})


def rated_body(server: Server, text: str) -> dict[str, Any]:
    """The fields to send so that a text comes back with the log-probabilities of its tokens."""
    return {
        "model": server.address.model,
        "prompt": text,
        "max_tokens": 1,
        "temperature": 0,
        "echo": True,
        "logprobs": server.raw.rivals,
        **verbatim_fields(server.make),
    }


def notes_of(server: Server, attempt: Attempt, way: str, body: dict[str, Any]) -> tuple[Note, ...]:
    """What a trace is to remember: how the server was asked, and what was left to it."""
    said = {name: value for name, value in body.items() if name not in UNTOLD}
    told = " ".join([f"/{way}", *(f"{name}={_short(value)}" for name, value in said.items())])
    notes = [Note(0, Noted.SENT, told)]
    by_messages = way == CHAT.path
    if kept := kept_by_server(server, attempt) if by_messages else {}:
        notes.append(
            Note(0, Noted.LEFT_TO_SERVER, " ".join(f"{n}={_short(kept[n])}" for n in kept))
        )
    thoughts = any(message.thought for message in attempt.messages)
    if by_messages and thoughts and not habits_of(server.make).thoughts:
        notes.append(Note(0, Noted.THOUGHTS_LEFT_OUT))
    if not server.shown.draws:
        notes.append(Note(0, Noted.SERVER_DRAW))
    return tuple(notes)


def _short(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _drawing(server: Server, attempt: Attempt, seed: int) -> dict[str, Any]:
    """How the server is to draw, and that it is to tell each token when it has it."""
    habits, sampling = habits_of(server.make), attempt.sampling
    body: dict[str, Any] = {"stream": True}
    if habits.counts:
        body["stream_options"] = {"include_usage": True}
    if server.shown.draws:
        body |= {"temperature": sampling.temperature, "top_p": sampling.top_p}
    if habits.seeds:
        body["seed"] = seed % SEEDS
    if habits.cuts:
        body |= {"top_k": sampling.top_k, "min_p": sampling.min_p}
        body[habits.repetition] = sampling.repetition_penalty
        if not sampling.top_k and server.make is not Make.LLAMA:
            body["top_k"] = -1  # what "all" is called there
    return body


def kept_by_server(server: Server, attempt: Attempt) -> dict[str, Any]:
    """The fields by which the server is asked to keep the thinking budget; {}: it is not."""
    budget = attempt.budget
    keeping = keeping_of(server.make, effort=server.shown.effort)
    if budget.thinking is None or thinks(server) is False or attempt.thinking is False:
        return {}
    return {} if keeping is None else dict(keeping.fields(budget.thinking, budget.closing))


def _limits(server: Server, attempt: Attempt) -> dict[str, Any]:
    """A thought without a limit leaves no sum to tell; its answer is then counted here."""
    budget = attempt.budget
    fields = kept_by_server(server, attempt)
    thought: int | None = 0
    if thinks(server) is not False and attempt.thinking is not False:
        thought = budget.thinking
    if thought is not None and fields:
        thought += len(budget.closing) + 8  # the closing and the marks come too
    counted = server.make not in KEEPINGS or KEEPINGS[server.make].counts
    if thought is not None and budget.answer is not None and (counted or not fields):
        fields[server.shown.length] = thought + budget.answer
    return fields


def _message(server: Server, message: Message) -> dict[str, Any]:
    thought = dict.fromkeys(
        habits_of(server.make).thoughts if message.thought else (), message.thought
    )
    return {"role": message.role, "content": _content(message), **thought}


def _content(message: Message) -> str | list[dict[str, Any]]:
    if not message.images:
        return message.content
    parts: list[dict[str, Any]] = [
        {"type": "image_url", "image_url": {"url": data_uri(Path(path))}} for path in message.images
    ]
    return [*parts, {"type": "text", "text": message.content}]
