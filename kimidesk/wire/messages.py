"""The messages: commands in the imperative, events in the past tense.

Columns travel as raw little-endian bytes; see `kimidesk.wire.columns`.
"""

from enum import StrEnum
from typing import Literal

import msgspec

from kimidesk.records import (
    Adapter,
    Attempt,
    CheckpointInfo,
    Dialect,
    Ended,
    Note,
    PictureBlock,
    Task,
    Verdict,
    Wish,
)
from kimidesk.settings import AUTO_LAYERS, Manners

PROTOCOL = 2
"""Raised by one whenever a message changes its meaning or loses a field."""


class Command(msgspec.Struct, frozen=True, tag=True, array_like=False):
    """A face asks a worker for something."""


class Event(msgspec.Struct, frozen=True, tag=True):
    """A worker says what happened."""


class OpenCheckpoint(Command, frozen=True, tag=True):
    """Load a checkpoint. Answered by Loading … Loaded, or Failed."""

    ref: str  # a path, or scripted:FILE; catalog names are resolved by the face
    name: str = ""  # what people call it; empty: the checkpoint's own name
    context: int = (
        4096  # tokens a trace may use; 0 = as many as it was trained on, or is served with
    )
    slots: int = 1  # traces grown at once; AUTO_SLOTS: two where there is ample memory, else one
    gradual: bool = False  # of a server: fewer at first, and more while that is worth it
    gpu_layers: int = AUTO_LAYERS  # or ALL_LAYERS, which is refused where they do not fit
    threads: int = 0  # 0 = one fewer than the physical cores
    reproducible: bool = False  # one sequence a decode, so that neighbours cannot change a bit
    kv_type: str = "f16"  # how keys and values are kept; see checkpoints.fit.CACHE_TYPES
    flash: Literal["auto", "on", "off"] = "auto"  # flash attention
    adapters: tuple[Adapter, ...] = ()  # loaded with the weights, for the attempts that name them
    draft: str = ""  # who guesses tokens ahead: "" nobody, "ngram", or a smaller checkpoint's path
    guesses: int = 8  # at most so many ahead
    keep_gb: float = 0.0  # room on disk for sequences of ended traces; 0 keeps none
    replays: bool = False  # given texts are told whole: room for the rows of logits is asked for
    pool: int = 0  # tokens that all traces share as memory; 0 = each has `context` of its own
    projector: str = ""  # path of a vision projector (mmproj); "": the checkpoint reads text alone
    image_min_tokens: int = 0  # of a picture that is scaled up to them; 0 = as the projector has it
    image_max_tokens: int = 0  # of a picture that is scaled down to them; likewise
    manners: Manners = Manners()  # how a server is treated; nothing to other checkpoints


class Generate(Command, frozen=True, tag=True):
    """Grow a trace. Answered by Started, TokensCame …, TraceEnded, or Failed with its id."""

    attempt: Attempt


class Reveal(Command, frozen=True, tag=True):
    """Tell what stands behind layers at each token of a given text (`attempt.given`).

    Answered by Revealing, HiddenCame …, or Failed with its id. Nothing grows.
    """

    attempt: Attempt
    layers: tuple[int, ...]  # 0 is the embedding, n what the n-th block leaves; -1 the last one
    dtype: Literal["float32", "float16"] = "float32"


class Cancel(Command, frozen=True, tag=True):
    """Stop growing a trace; what it has is kept. Answered by TraceEnded(STOPPED)."""

    trace: str


class Steer(Command, frozen=True, tag=True):
    """Ask a growing trace to answer now, or to keep thinking. Answered by Remarked when it does;
    by nothing where it has no thought to end or to go on with."""

    trace: str
    wish: Wish


class Judge(Command, frozen=True, tag=True):
    """Grade an output against the expected answer. Answered by Judged."""

    trace: str
    output: str | None  # the answer part; None: the thought never ended
    expected: str
    task: Task = Task.MATH
    check: str = ""  # JSON that the judge of this task needs beside the answer
    finish: str = ""  # why a server, or whoever wrote it, stopped: "length" is cut off
    question: str = ""  # what was asked, with its options; "" where it is not known
    bare: bool = False  # an answer that somebody took out of the output already


class Typeset(Command, frozen=True, tag=True):
    """Set a formula; asked of a typesetting process alone. Answered by FormulaDrawn."""

    tex: str  # without delimiters
    display: bool  # stands in a line of its own
    em_px: float = 0.0  # pixels of an em of the image; 0 asks for its size alone


class Ready(Event, frozen=True, tag=True):
    """The worker runs; always its first frame."""

    protocol: int
    pid: int
    program: str  # kimidesk's version


class Loading(Event, frozen=True, tag=True):
    """The checkpoint is being read."""

    fraction: float  # 0 … 1


class Loaded(Event, frozen=True, tag=True):
    """The checkpoint is open."""

    checkpoint: CheckpointInfo


class Started(Event, frozen=True, tag=True):
    """The prompt was rendered and accepted; evaluation begins."""

    trace: str
    prompt: bytes  # ids as little-endian int32, negative where a picture stands
    dialect: Dialect
    pictures: tuple[PictureBlock, ...] = ()


class PackedColumns(msgspec.Struct, frozen=True):
    """Rows of token columns as raw bytes; the fields of `records.FIELDS`."""

    n: int
    k: int
    id: bytes
    logprob: bytes
    entropy: bytes
    rank: bytes
    rival_id: bytes
    rival_logprob: bytes
    forced: bytes
    time_ms: bytes


class TokensCame(Event, frozen=True, tag=True):
    """Rows were added to a trace."""

    trace: str
    first: int  # index of the first new row; equals the rows sent before
    columns: PackedColumns
    pieces: dict[int, bytes]  # of ids that this trace has not met before, rivals included


class Revealing(Event, frozen=True, tag=True):
    """The text was accepted and evaluated; its hidden states follow."""

    trace: str
    ids: bytes  # of all tokens, little-endian int32
    prompt: int  # how many of them are the prompt
    layers: tuple[int, ...]  # each once, as they are counted from the embedding
    width: int


class HiddenCame(Event, frozen=True, tag=True):
    """The hidden states of some tokens."""

    trace: str
    first: int  # index of the first of them; equals the tokens sent before
    states: bytes  # (tokens, layers, width), little-endian, of the type that was asked for


class Remarked(Event, frozen=True, tag=True):
    """Something was done to a trace, or noticed about it; its token follows or has come."""

    trace: str
    note: Note


class TraceEnded(Event, frozen=True, tag=True):
    """A trace will not grow further."""

    trace: str
    ended: Ended
    closing: int = 0  # how many final tokens are the end-of-generation mark
    prompt_ms: float = 0.0
    prompt_tokens: int = 0  # as a server counts them that does not tell their ids


class FailureKind(StrEnum):
    """What a failure means for the face."""

    USAGE = "usage"
    MODEL = "model"
    """The checkpoint cannot be used."""
    ATTEMPT = "attempt"
    """One attempt cannot run; the worker goes on."""
    LOST = "lost"
    """The server of one attempt was lost; the worker goes on, and another server may do it."""
    WORKER = "worker"
    """The worker is gone; a fresh one may be started. With a trace: another may begin it again."""


class Failed(Event, frozen=True, tag=True):
    """Something could not be done."""

    what: str
    hint: str = ""
    kind: FailureKind = FailureKind.WORKER
    trace: str | None = None  # None: it concerns the whole worker
    detail: str = ""  # the last lines of the worker's stderr


class Beat(Event, frozen=True, tag=True):
    """The worker lives; sent every second whatever it does."""

    busy_s: float  # how long the present step has lasted; 0 when idle
    room: int = 0  # traces that it takes at once now; 0: as many as it has slots


class Judged(Event, frozen=True, tag=True):
    """An output was graded."""

    trace: str
    verdict: Verdict


class FormulaDrawn(Event, frozen=True, tag=True):
    """A formula was set, or it says `why` it cannot be. Sizes are in em."""

    tex: str
    display: bool
    em_px: float
    width: float = 0.0
    above: float = 0.0  # the baseline
    below: float = 0.0
    columns: int = 0  # of the mask, in pixels; 0 where none was asked for
    rows: int = 0
    mask: bytes = b""  # how much ink each pixel has, 0 … 255, row by row
    why: str = ""


AnyCommand = OpenCheckpoint | Generate | Reveal | Cancel | Steer | Judge | Typeset
AnyEvent = (
    Ready
    | Loading
    | Loaded
    | Started
    | TokensCame
    | Revealing
    | HiddenCame
    | Remarked
    | TraceEnded
    | Failed
    | Beat
    | Judged
    | FormulaDrawn
)
