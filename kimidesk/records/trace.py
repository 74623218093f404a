"""A trace: the tokens that one attempt at a problem added.

Token ids are the truth and text is a view of them. An unfinished thought is a first-class state.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

from kimidesk.records.adapter import Adapter
from kimidesk.records.columns import Lexicon, TokenColumns
from kimidesk.records.problem import Problem
from kimidesk.records.sampling import Budget, Sampling


class Ended(StrEnum):
    """Why a trace stopped growing."""

    ANSWERED = "answered"
    """The checkpoint drew an end-of-generation token."""
    BUDGET = "budget"
    """The token budget was spent."""
    LOOP = "loop"
    """It repeated itself."""
    STOPPED = "stopped"
    """A person stopped it."""
    CONTEXT_FULL = "context full"
    """No room was left in the context."""
    FAILED = "failed"
    """The engine or its worker failed; see the reason."""
    INTERRUPTED = "interrupted"
    """The program that kept it was killed while it streamed."""
    REPLAYED = "replayed"
    """Its text was given; nothing was drawn."""


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of the conversation that the chat template renders."""

    role: str  # system, user, assistant
    content: str
    images: tuple[str, ...] = ()
    thought: str = ""  # of an assistant, apart from what it said; the template may drop it


@dataclass(frozen=True, slots=True)
class PictureBlock:
    """Where a picture stands in a prompt, and how it is shown to the checkpoint."""

    path: str
    at: int  # index of its first token in the prompt
    tokens: int  # of the prompt that it takes, marks between its views included
    width: int  # pixels, as the file has them, turned upright
    height: int
    seen_width: int  # pixels that the checkpoint sees of it at once
    seen_height: int
    views: int = 1  # it may be shown as a whole and in tiles


@dataclass(frozen=True, slots=True)
class Fork:
    """Where a trace left its parent: it keeps the parent's first `at` added tokens."""

    parent: str
    at: int
    instead: str = ""  # of what: how the parent goes on there, some words of it


class Noted(StrEnum):
    """What was done to a trace while it grew, or was noticed about it."""

    CUT = "cut at the budget"
    """Its thought was closed by force."""
    LANDED = "landed softly"
    """Its thought was closed by force at the end of a sentence, before its budget was spent."""
    ANSWER_NOW = "answer now"
    """Its thought was closed because somebody asked."""
    KEPT_THINKING = "kept thinking"
    """It would have ended its thought, and was made to go on."""
    LOOP = "loop"
    """It repeated itself."""
    LEFT_TO_SERVER = "budget left to the server"
    """Its thought was bounded by a field of the server's, which alone counted its tokens."""
    SENT = "sent to the server"
    """How the server was asked; the note tells the fields."""
    RESUMED = "gone on with"
    """The server was lost and asked again; the note tells how it was lost."""
    THOUGHTS_LEFT_OUT = "thoughts of earlier turns left out"
    """The server has no field for them, so it saw what was said alone."""
    SERVER_DRAW = "drawn as the server wills"
    """The server takes no temperature; what was asked of the draw did not reach it."""
    LEFT = "left its parent"
    """What stands before it was kept from a parent; told where a branch is shown, never stored."""
    BRANCHED = "branches left"
    """So many branches left here; told where their parent is shown, never stored."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened at a token of a trace."""

    at: int  # how many tokens the trace had added
    what: Noted
    told: str = ""  # the particulars, where there are any


class Wish(StrEnum):
    """What a person asks of a growing trace."""

    ANSWER_NOW = "answer now"
    KEEP_THINKING = "keep thinking"


@dataclass(frozen=True, slots=True)
class Given:
    """What a trace is to say instead of drawing: a text, or the ids of this vocabulary."""

    text: str = ""
    ids: tuple[int, ...] = ()  # win over the text
    singly: bool = (
        False  # evaluate one token a call, as when they were drawn: slow, to the last bit
    )


@dataclass(frozen=True, slots=True)
class Told:
    """What a trace had told when its worker died. It is drawn again, token by token as it was, and
    held to these ids should a low bit differ; from there on it is what it would have been. A wish
    before its first token begins a branch that answers now, or keeps thinking."""

    ids: tuple[int, ...] = ()
    wishes: tuple[tuple[int, Wish], ...] = ()  # asked of it, and before which of its tokens


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an engine needs to grow one trace; the same attempt gives the same trace."""

    trace: str  # the id of the trace to grow
    messages: tuple[Message, ...]
    sampling: Sampling = Sampling()
    budget: Budget = Budget()
    seed: int = 0
    prefix: tuple[int, ...] = ()  # ids kept from a parent: evaluated, not added again
    forced: tuple[int, ...] = ()  # ids put after the prefix, and added as forced
    force: str = ""  # text put after them: its tokens are added as forced
    thinking: bool | None = None  # asks the chat template to think or not; None leaves its default
    prompt: tuple[int, ...] = ()  # ids that stand for the messages, as a trace was given them
    given: Given | None = None  # replay this; sampling, budget, prefix and force are not used
    adapters: tuple[Adapter, ...] = ()  # laid over the weights for this trace alone
    told: Told = Told()  # by an earlier worker; its rows are told again
    apart: bool = False  # in evaluations of its own, so that it changes no bit of its neighbours

    @property
    def continues(self) -> bool:
        """Whether it goes on from tokens that another trace may have drawn."""
        return bool(self.prefix or self.prompt)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one family of checkpoints writes its thought; empty marks mean that it does not."""

    name: str = "plain"
    start: str = ""
    ends: tuple[str, ...] = ()
    opened: bool = False  # the prompt already opened the thought, so only its end is generated
    answer: str = ""  # what stands between the end of the thought and the answer, as in a channel
    begun: str = ""  # of a mark, or of what precedes the answer: what a fork's prompt ends with

    @property
    def thinks(self) -> bool:
        return bool(self.ends)


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """What a face knows of an open checkpoint."""

    name: str
    ref: str  # as the person wrote it: catalog name, path, scripted:FILE, http://HOST/v1#MODEL
    fingerprint: str  # of the content, 16 hex digits
    architecture: str = ""
    quantization: str = ""
    parameters: int = 0
    size_bytes: int = 0
    trained_context: int = 0  # tokens
    vocabulary: int = 0  # tokens
    engine: str = ""  # engine and build
    device: str = "CPU"
    context: int = 0  # tokens a trace may use, prompt included
    slots: int = 1  # traces grown at once
    vision: bool = False
    capabilities: tuple[str, ...] = ()  # what a server can do and cannot, a sentence each


@dataclass(frozen=True, slots=True)
class Trace:
    """A trace without its columns: what was asked, of whom, how, and how it ended."""

    id: str
    problem: Problem
    checkpoint: CheckpointInfo
    sampling: Sampling
    budget: Budget
    seed: int
    dialect: Dialect = Dialect()
    fork: Fork | None = None
    prompt: tuple[int, ...] = ()  # ids, kept prefix included; empty until the engine has begun
    ended: Ended | None = None  # None while it grows
    reason: str = ""  # for FAILED: what happened
    closing: int = 0  # how many final tokens are the end-of-generation mark, not text
    started_at: float = 0.0  # seconds since 1970
    prompt_ms: float = 0.0  # from the request to the first logits
    thinking: bool | None = None  # what was asked of the chat template
    notes: tuple[Note, ...] = ()  # in the order of their tokens
    adapters: tuple[Adapter, ...] = ()  # laid over the weights while it grew
    pictures: tuple[PictureBlock, ...] = ()  # in the prompt, whose ids are negative there
    prompt_tokens: int = 0  # as a server counts them that does not tell their ids

    @property
    def prompt_length(self) -> int:
        """Tokens of the prompt; 0 where nobody has told."""
        return self.prompt_tokens or len(self.prompt)


@dataclass(frozen=True, slots=True)
class Grown:
    """A trace with its columns and the pieces of every id in them."""

    trace: Trace
    columns: TokenColumns
    lexicon: Lexicon = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What the trace says, the end mark left out; broken UTF-8 shows as U+FFFD."""
        stop = len(self.columns) - self.trace.closing
        return text_of(self.columns.id[:stop].tolist(), self.lexicon)


def text_of(ids: Iterable[int], lexicon: Lexicon) -> str:
    """Decode ids; raises KeyError for an id whose piece was never told."""
    return b"".join([lexicon[id_] for id_ in ids]).decode("utf-8", "replace")
