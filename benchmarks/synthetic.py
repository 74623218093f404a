"""A made-up trace: English, Chinese, LaTeX source, code and emoji, with every statistic."""

import random
from dataclasses import dataclass

import numpy as np

from kimidesk.reading import Parts, Transcript, split
from kimidesk.records import (
    RIVALS,
    Budget,
    CheckpointInfo,
    Dialect,
    Ended,
    Lexicon,
    Problem,
    Sampling,
    TokenColumns,
    Trace,
)
from kimidesk.store import spooled_columns

SENTENCES = (
    " So we need the number of ways to pick two of them , which is the same as before .",
    " Wait , let me check this again : the sum must be even , and 17 is not .",
    " 所以 我们 先 看 余数 ， 再 把 两 边 平方 ， 得到 的 结果 是 对 的 。",
    " Let \\( x = \\frac{ a }{ # } \\) with \\( \\gcd ( a , # ) = 1 \\) ,",
    " then \\[ a ^ 2 = # b ^ 2 , \\] and both are even .",
    " def area ( width , height ) : return width * height // as above",
    " That is right 🙂 and so the answer is 𝔽 over 12 👍🏽 .",
)


@dataclass
class Synthetic:
    """A trace as the view reads one."""

    trace: Trace
    columns: TokenColumns
    transcript: Transcript
    lexicon: Lexicon
    shared: int = 0  # no parent wrote any of it

    @property
    def said(self) -> str:
        """The text; nothing of it is a mark of the end."""
        return self.transcript.text

    @property
    def parts(self) -> Parts:
        """Thought and answer."""
        return split(self.said, self.trace.dialect)


def pieces_of(tokens: int) -> list[bytes]:
    """So many tokens, about 21 a paragraph; the emoji come in two parts, as from a tokenizer.

    No two formulas are alike, so that each must be set and drawn.
    """
    chance = random.Random(1)
    made: list[bytes] = [b"<think>", b"\n"]
    while len(made) < tokens:
        for _ in range(chance.choice((1, 1, 1, 2, 8)) if chance.random() < 0.5 else 1):
            for word in chance.choice(SENTENCES).replace("#", str(len(made))).split():
                piece = word.encode() if word[0] > "一" else f" {word}".encode()
                cut = 3 if len(piece) > 4 and piece[1] >= 0xF0 else len(piece)
                made += [part for part in (piece[:cut], piece[cut:]) if part]
        made.append(chance.choice((b"\n", b"\n\n")))
    return made[:tokens]


def records(pieces: list[bytes]) -> Synthetic:
    """The trace of these tokens, with 20 rivals each and a heavy tail of entropy."""
    known: dict[bytes, int] = {}
    ids = [known.setdefault(piece, len(known)) for piece in pieces]
    lexicon = {id_: piece for piece, id_ in known.items()}
    count, chance = len(ids), np.random.default_rng(1)
    entropy = chance.exponential(0.6, count).astype(np.float32)
    columns = spooled_columns()
    arrays = TokenColumns.of(
        {
            "id": np.array(ids, np.int32),
            "logprob": -entropy,
            "entropy": entropy,
            "rank": np.ones(count, np.int32),
            "rival_id": np.zeros((count, RIVALS), np.int32),
            "rival_logprob": np.full((count, RIVALS), -3, np.float32),
            "forced": np.zeros(count, np.bool_),
            "time_ms": np.arange(count, dtype=np.float32),
        },
        RIVALS,
    )
    columns.extend(arrays)
    transcript = Transcript()
    transcript.append(ids, lexicon)
    checkpoint = CheckpointInfo("Synthetic", "scripted:x", "0" * 16, context=2 * count)
    dialect = Dialect("think", "<think>", ("</think>",))
    asked = (Problem("?"), checkpoint, Sampling(), Budget())
    trace = Trace("t", *asked, 0, dialect=dialect, ended=Ended.ANSWERED)
    return Synthetic(trace, columns, transcript, lexicon)


def synthetic(tokens: int) -> Synthetic:
    """A trace of so many tokens."""
    return records(pieces_of(tokens))
