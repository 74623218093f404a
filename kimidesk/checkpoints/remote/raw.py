"""Whether a server goes on from a prompt that is made here (/v1/completions), and what it tells.

Then the thought is counted here and not by the server, and a trace can be entered at any token.
"""

from dataclasses import dataclass, replace
from typing import Any

import httpx2

from kimidesk.checkpoints.remote.address import Address
from kimidesk.checkpoints.remote.makes import HOSTS, Make, habits_of
from kimidesk.checkpoints.remote.talk import Said, ask

RIVALS = (20, 5, 0)  # what is asked for at each token, until so many are taken
TRIAL = "The capital of France is"


@dataclass(frozen=True, slots=True)
class Raw:
    """What raw completions give. `why_not`: they are not used, and this is why."""

    why_not: str = "it was not tried"
    ids: bool = False  # tokens have ids, which are told and taken
    echo: bool = False  # tells the log-probabilities of a given text
    rivals: int = 0  # to ask for at each token
    bos: str = ""  # the texts of the tokens that begin and end a text, where they are told
    eos: str = ""

    @property
    def used(self) -> bool:
        return not self.why_not


def try_raw(
    client: httpx2.Client, address: Address, make: Make, template: str, facts: dict[str, Any]
) -> Raw:
    """Ask for a token or two, where a prompt could be made; costs as much."""
    if make in HOSTS.values():
        return Raw("a hosted endpoint takes messages alone")
    if habits_of(make).wraps:
        return Raw(f"{make.value} puts even a raw prompt into its own template")
    if not template:
        return Raw("its chat template is not known (--chat-template names one)")
    url = f"{address.base}/completions"
    body = {"model": address.model, "prompt": TRIAL, "max_tokens": 1, "temperature": 0}
    for rivals in RIVALS:
        asked = body | ({"logprobs": rivals} if rivals else {})
        said = ask(client, "POST", url, asked)
        if said.ok or said.status not in (400, 422):
            break
    if not _is_completion(said):
        return Raw(f"it has no raw completions (status {said.status})")
    echo = rivals > 0 and _echoes(ask(client, "POST", url, asked | {"echo": True}))
    raw = Raw("", echo=echo, rivals=rivals, ids=make is Make.LLAMA)
    marks = [facts.get(name) for name in ("bos_token", "eos_token")]
    bos, eos = (mark if isinstance(mark, str) else "" for mark in marks)
    return replace(raw, bos=bos, eos=eos)


def _choice(said: Said) -> dict[str, Any]:
    choices = said.table.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else {}
    return choice if isinstance(choice, dict) else {}


def _is_completion(said: Said) -> bool:
    return said.ok and isinstance(_choice(said).get("text"), str)


def _echoes(said: Said) -> bool:
    """Whether the prompt came back, and every token of it but the first has a number."""
    if not _is_completion(said):
        return False
    told = _choice(said).get("logprobs")
    tokens, numbers = (
        told.get(name) if isinstance(told, dict) else None for name in ("tokens", "token_logprobs")
    )
    if not isinstance(tokens, list) or not isinstance(numbers, list) or len(tokens) < 2:
        return False
    known = all(isinstance(one, int | float) for one in numbers[1:])
    return known and TRIAL in "".join(map(str, tokens))
