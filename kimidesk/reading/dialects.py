"""Where a family of checkpoints opens and closes its thought.

A first cut: the `<think>` family, seen in the chat template and in the rendered prompt. The table
of the other families belongs here too, behind `dialect_of`, its only door.
"""

from kimidesk.records import Dialect

THINK = Dialect("think", "<think>", ("</think>",))


def dialect_of(template: str, prompt: str = "") -> Dialect:
    """The dialect of a chat template; `prompt` (rendered) tells whether the thought is open."""
    if "</think>" not in template and "<think>" not in template:
        return Dialect()
    last_open, last_close = prompt.rfind(THINK.start), prompt.rfind(THINK.ends[0])
    tail = prompt[last_open + len(THINK.start) :] if last_open > last_close else "x"
    opened = not tail.strip()
    return Dialect(THINK.name, THINK.start, THINK.ends, opened)
