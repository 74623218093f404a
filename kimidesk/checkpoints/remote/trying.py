"""One short request, made until a server takes it: what it refuses is what it cannot do."""

from dataclasses import dataclass, replace
from typing import Any

import httpx2

from kimidesk.checkpoints.remote.address import Address
from kimidesk.checkpoints.remote.budgets import KEEPINGS
from kimidesk.checkpoints.remote.makes import Make, habits_of
from kimidesk.checkpoints.remote.talk import ask, refused
from kimidesk.errors import BadCheckpoint

TOKENS = 4  # enough for a first token, and for the least that some endpoints take
TRIES = 9
FEWER = {20: 10, 10: 5, 5: 1, 1: 0}  # rivals to ask for next where so many are refused


@dataclass(frozen=True, slots=True)
class Shown:
    """What a server takes and gives."""

    rivals: int = 0  # so many at each token
    logprobs: bool = False
    draws: bool = True  # takes temperature and top-p
    length: str = "max_tokens"  # the field that bounds what is written
    thinks: bool | None = None  # None: the trial did not tell
    effort: bool = False  # takes reasoning_effort


def try_out(client: httpx2.Client, address: Address, make: Make, key: str) -> Shown:
    """Ask for a few tokens; costs as much. Raises BadCheckpoint where nothing is taken."""
    effort = make in KEEPINGS and not KEEPINGS[make].counts
    asked, rivals = Shown(length=habits_of(make).length, effort=effort), 20
    for _ in range(TRIES):
        said = ask(
            client, "POST", f"{address.base}/chat/completions", _body(address, asked, rivals)
        )
        if said.ok:
            return _seen(said.table, asked)
        if said.status != 400 and said.status != 422:
            break
        words = said.body.decode("utf-8", "replace").lower()
        length = _other_length(asked.length, words)
        if length:
            asked = replace(asked, length=length)
        elif asked.effort and "reasoning_effort" in words:
            asked = replace(asked, effort=False)
        elif asked.draws and "temperature" in words:
            asked = replace(asked, draws=False)
        elif rivals:
            rivals = FEWER[rivals]
        elif asked.draws:
            asked = replace(asked, draws=False)
        elif asked.effort:
            asked = replace(asked, effort=False)
        else:
            break
    raise refused(address, said, key)


def _other_length(length: str, words: str) -> str:
    """The field that a complaint names in place of the one that was sent; "" for another one."""
    new, old = "max_completion_tokens", "max_tokens"
    if length == old and new in words:
        return new
    return old if length == new and new in words else ""


def _body(address: Address, asked: Shown, rivals: int) -> dict[str, Any]:
    body: dict[str, Any] = {
        "model": address.model,
        "messages": [{"role": "user", "content": "Hi"}],
        asked.length: TOKENS,
    }
    if asked.draws:
        body["temperature"] = 0
    if asked.effort:
        body["reasoning_effort"] = "low"
    if rivals:
        body |= {"logprobs": True, "top_logprobs": rivals}
    return body


def _seen(answer: dict[str, Any], asked: Shown) -> Shown:
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    if not isinstance(choice, dict) or not isinstance(choice.get("message"), dict):
        raise BadCheckpoint("the server's answer is no chat completion; is this the right address?")
    message = choice["message"]
    told = choice.get("logprobs")
    rows = told.get("content") if isinstance(told, dict) else None
    row = rows[0] if isinstance(rows, list) and rows and isinstance(rows[0], dict) else {}
    rivals = row.get("top_logprobs")
    thought = message.get("reasoning_content") or message.get("reasoning")
    said = str(message.get("content") or "")
    thinks = True if thought or said.lstrip().startswith("<think>") else False if said else None
    return replace(
        asked,
        rivals=len(rivals) if isinstance(rivals, list) else 0,
        logprobs=isinstance(row.get("logprob"), int | float),
        thinks=thinks,
    )
