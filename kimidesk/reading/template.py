"""A checkpoint's chat template, which is a program of somebody else, run in a bounded sandbox.

Bounded: where it may reach (Jinja's immutable sandbox), how long it runs, how far it counts and
how much it writes. What passes the bounds, and whatever it raises, becomes Refused.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from jinja2 import TemplateError, UndefinedError, nodes

from kimidesk.errors import BadCheckpoint, Refused
from kimidesk.reading.sandbox import Sandbox
from kimidesk.reading.spending import Deadline, Unbounded
from kimidesk.records import Message

RUN_S = 2.0  # CPU seconds; the slowest of 150 known templates takes 20 ms
COMPILE_S = 1.0  # 25,000 characters take 0.1 s
LONGEST = 200_000  # characters of a template; the longest known has 25,000
ROOM = 500_000  # characters that a rendering may write beside four times its messages
SHOWN = 300  # characters of what a template says in its own refusal
_NO_TOOLS: dict[str, Any] = {"tools": [], "documents": []}
_NOTHING = {"functions": "", "datetime": ""}
_HINT = "Use another conversion of this checkpoint."


def plain_turn(message: Message) -> Mapping[str, object]:
    """A message that holds nothing but a text."""
    return {"role": message.role, "content": message.content}


class ChatTemplate:
    """Renders messages into the text of a prompt.

    Raises BadCheckpoint when `source` is not Jinja. An empty source stands for a checkpoint without
    a template: a base model, which continues text. It gets the messages as plain lines, since
    marks of a chat format that it never saw (ChatML, say) would be noise to it.
    """

    def __init__(self, source: str, bos: str = "", eos: str = "") -> None:
        self.source = source
        self._marks = {"bos_token": bos, "eos_token": eos}
        self._sandbox = Sandbox()
        if len(source) > LONGEST:
            raise BadCheckpoint(
                f"the checkpoint's chat template has {len(source):,} characters; at most"
                f" {LONGEST:,} are read",
                hint=_HINT,
            )
        try:
            with Deadline(COMPILE_S):
                self._template = self._sandbox.from_string(source)
        except Unbounded as error:
            raise BadCheckpoint(f"{error.what} to compile", hint=_HINT) from error
        except RecursionError as error:
            raise BadCheckpoint(
                "the checkpoint's chat template is broken: it nests too deeply", hint=_HINT
            ) from error
        except (TemplateError, SyntaxError, ValueError, MemoryError) as error:
            raise BadCheckpoint(
                f"the checkpoint's chat template is broken: {_said(error)}", hint=_HINT
            ) from error

    def render(
        self,
        messages: Sequence[Message],
        switches: Mapping[str, object] | None = None,
        turn: Callable[[Message], Mapping[str, object]] = plain_turn,
    ) -> str:
        """The prompt's text, the opening of the answer included.

        `switches` are further names that the template may ask for, such as enable_thinking.
        `turn` makes of a message what the template takes.
        Raises Refused when the template refuses the messages, fails, or passes a bound.
        """
        if not self.source.strip():
            return "".join(f"{message.content}\n" for message in messages)
        room = ROOM + 4 * sum(len(one.content) + len(one.thought) for one in messages)
        return self.render_turns([turn(one) for one in messages], switches or {}, room=room)

    def render_turns(
        self,
        turns: Sequence[Mapping[str, object]],
        switches: Mapping[str, object],
        *,
        prompt: bool = True,
        room: int = ROOM,
        run_s: float = RUN_S,
    ) -> str:
        """Turns with any fields, as they stand; with `prompt` the opening of an answer follows.

        Raises Unbounded, a Refused, where the template passes a bound.
        """
        values: dict[str, Any] = {
            "messages": [dict(turn) for turn in turns],
            "tools": None,
            "documents": None,
            "add_generation_prompt": prompt,
            **switches,
            **self._marks,
        }
        try:
            return self._run(values, room, run_s)
        except Refused as refused:
            # Templates made for tools alone use them without asking whether there are any.
            if not isinstance(refused.__cause__, UndefinedError | TypeError):
                raise
        return self._run(_NOTHING | values | _NO_TOOLS, room, run_s)

    @cached_property
    def tree(self) -> nodes.Template:
        """Its syntax, for `reading.names`; raises Unbounded where it takes too long to parse."""
        with Deadline(COMPILE_S):
            return self._sandbox.parse(self.source)

    def _run(self, values: dict[str, Any], room: int, run_s: float) -> str:
        self._sandbox.begin(room)
        try:
            with Deadline(run_s):
                return self._sandbox.joined(self._template.generate(values))
        except Unbounded:
            raise
        except MemoryError as error:
            raise Unbounded("the checkpoint's chat template ran out of memory") from error
        except RecursionError as error:
            raise Unbounded("the checkpoint's chat template calls itself without end") from error
        except Exception as error:  # it may raise anything, and it is not our code
            raise Refused(
                f"the checkpoint's chat template refuses these messages: {_said(error)}"
            ) from error


def _said(error: BaseException) -> str:
    """What went wrong, in one line that may be shown."""
    line = " ".join(str(error)[: 4 * SHOWN].split())
    return "".join(c for c in line if c.isprintable())[:SHOWN]
