"""The figures of compared traces: in words for their heads, and as a table."""

from PySide6.QtCore import QCoreApplication

from kimidesk.flows import Solve
from kimidesk.grading.extract import find
from kimidesk.gui.charts.table import Cell, Table
from kimidesk.gui.compare.compared import LETTERS, Common, Compared, Side
from kimidesk.gui.compare.forced import Forced
from kimidesk.gui.solve.words import SIGNS, ended_word, judgement_word
from kimidesk.reading import tokens_per_s
from kimidesk.reading.bounds import mean_bounds, spelled
from kimidesk.reading.voting import Weight, confidences

translate = QCoreApplication.translate


def titles() -> list[str]:
    """Of the columns of the table."""
    return [
        translate("Compare", "Trace"),
        translate("Compare", "Checkpoint"),
        translate("Compare", "Thought (tokens)"),
        translate("Compare", "Answer (tokens)"),
        translate("Compare", "Verdict"),
        translate("Compare", "Answer"),
        translate("Compare", "Ended"),
        translate("Compare", "Seed"),
        translate("Compare", "Temperature"),
        translate("Compare", "Tokens/s"),
        translate("Compare", "Mean entropy (nats)"),
        translate("Compare", "Mean confidence (nats)"),
        translate("Compare", "In common with A (tokens)"),
        translate("Compare", "KL from A on A's text (mean nats a token, at least)"),
        translate("Compare", "A's text likelier to A (nats a character)"),
    ]


def table(compared: Compared) -> Table:
    """One row for each trace."""
    rows = tuple(_row(at, side) for at, side in enumerate(compared.sides))
    return Table(tuple(titles()), rows)


def _row(at: int, side: Side) -> tuple[Cell, ...]:
    solve = side.solve
    entropy, mean = _means(solve) if side.whole else (None, None)
    return (
        LETTERS[at],
        solve.trace.checkpoint.name,
        solve.thinking_tokens,
        solve.answer_tokens,
        verdict_of(solve),
        answer_of(solve),
        ended_word(solve.trace.ended),
        str(solve.trace.seed),
        solve.trace.sampling.temperature,
        tokens_per_s(solve.columns, growing=not side.whole),
        entropy,
        mean,
        side.common.tokens if at else None,
        _mean_apart(side, by_ids=True),
        _mean_apart(side, by_ids=False),
    )


def _means(solve: Solve) -> tuple[Cell, Cell]:
    """Of entropy, an interval where it is not known, and of confidence, in nats."""
    low, high = mean_bounds(solve.columns, solve.trace.checkpoint.vocabulary)
    entropy: Cell = low if low == high else spelled(low, high, 3)
    return entropy, confidences(solve.columns).get(Weight.MEAN)


def answer_of(solve: Solve) -> str:
    """What was answered, as the grader reads it; "" for nothing."""
    if solve.verdict is not None and solve.verdict.extracted:
        return solve.verdict.extracted
    answer = solve.parts.answer
    found = find(answer) if answer else None
    return found.answer if found else ""


def verdict_of(solve: Solve) -> str:
    """A sign and a word; a dash where nothing was judged."""
    if solve.verdict is None:
        return "–"
    judgement = solve.verdict.judgement
    return f"{SIGNS[judgement]} {judgement_word(judgement)}"


def _mean_apart(side: Side, *, by_ids: bool) -> float | None:
    """Over all of the first's text that is known; None where it was not told in this unit."""
    if side.forced is None or side.forced.by_ids is not by_ids:
        return None
    return side.forced.mean


def summary(solve: Solve) -> str:
    """The line below a checkpoint's name."""
    said = [
        translate("Compare", "thought {0} · answer {1} tokens").format(
            f"{solve.thinking_tokens:,}", f"{solve.answer_tokens:,}"
        )
    ]
    if not solve.trace.dialect.thinks:
        said = [translate("Compare", "answer {0} tokens").format(f"{solve.answer_tokens:,}")]
    if answer := answer_of(solve):
        said.append(translate("Compare", "says {0}").format(answer))
    said.append(ended_word(solve.trace.ended))
    said.append(translate("Compare", "seed {0}").format(solve.trace.seed))
    if (rate := tokens_per_s(solve.columns, growing=solve.trace.ended is None)) is not None:
        said.append(translate("Compare", "{0} tokens/s").format(f"{rate:.1f}"))
    return " · ".join(said)


def forced_words(forced: Forced) -> str:
    """How far a checkpoint's mind is from A's, over A's text."""
    if not forced.by_ids:
        said = translate("Compare", "A's text: likelier to A by {0} nats a character")
        return said.format(f"{forced.mean:.3f}")
    said = translate("Compare", "A's text: KL ≥ {0} nats a token, likeliest the same at {1} %")
    return said.format(f"{forced.mean:.4f}", f"{100 * (forced.same_best or 0):.0f}")


def common_words(at: int, shared: Common, of_all: int) -> str:
    """What is in common, and where it ends; of the first what all have in common with it."""
    if at == 0:
        if not of_all:
            return translate("Compare", "the others are held against it")
        said = translate(
            "Compare", "the others are held against it; its first {0} tokens are common"
        )
        return said.format(f"{of_all:,}")
    if not shared.characters:
        return translate("Compare", "parts from A at the first token")
    if shared.by_ids:
        said = translate("Compare", "{0} tokens as in A, then another one")
        return said.format(f"{shared.tokens:,}")
    said = translate("Compare", "{0} characters as in A (another vocabulary)")
    return said.format(f"{shared.characters:,}")
