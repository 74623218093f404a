"""A trace for other programs (JSON) and for people (Markdown)."""

import math
from dataclasses import asdict
from typing import Any

import msgspec

from kimidesk.reading import split
from kimidesk.reading.belief import course, curves
from kimidesk.reading.bounds import entropy_bounds, mean_bounds, spelled
from kimidesk.records import Beliefs
from kimidesk.store.desk import Kept

FORMAT = 1


def to_json(kept: Kept, beliefs: Beliefs | None = None) -> str:
    """Everything, one object; columns are arrays of equal length, nats where not said otherwise.

    What is not known is null: a server's tokens may have no rank, log-probability or entropy. The
    entropy then lies from `entropy_low` to `entropy_high` (null: without a bound).
    `beliefs` is what was probed of it: see `beliefs_table`.
    Token texts that are no whole characters are given as hex, under `hex` beside `text`.
    """
    grown = kept.grown
    columns = grown.columns
    bounds = entropy_bounds(columns, grown.trace.checkpoint.vocabulary)
    content: dict[str, Any] = {
        "format": FORMAT,
        "trace": asdict(grown.trace),
        "verdict": asdict(kept.verdict) if kept.verdict else None,
        "text": grown.text,
        "beliefs": beliefs_table(beliefs) if beliefs is not None else None,
        "tokens": {
            "id": columns.id.tolist(),
            "logprob": columns.logprob.tolist(),
            "entropy": columns.entropy.tolist(),
            "entropy_low": bounds.low.tolist(),
            "entropy_high": bounds.high.tolist(),
            "rank": [rank or None for rank in columns.rank.tolist()],
            "forced": columns.forced.tolist(),
            "time_ms": columns.time_ms.tolist(),
            "rival_id": columns.rival_id.tolist(),
            "rival_logprob": columns.rival_logprob.tolist(),
        },
        "pieces": {str(id_): _spelled(piece) for id_, piece in sorted(grown.lexicon.items())},
    }
    return msgspec.json.format(msgspec.json.encode(content), indent=1).decode() + "\n"


def beliefs_table(beliefs: Beliefs) -> dict[str, Any]:
    """What was probed: the measures, the curve of each candidate (low, mid and high over the cues,
    null where it was not rated), and where the trace settled. Places are tokens of the trace."""
    shown = curves(beliefs)
    return {
        **asdict(beliefs),
        "curves": [
            {
                "candidate": candidate.name,
                **{
                    name: [
                        None if math.isnan(p) else p
                        for p in getattr(shown, name)[:, number].tolist()
                    ]
                    for name in ("low", "mid", "high")
                },
            }
            for number, candidate in enumerate(beliefs.candidates)
        ],
        "places": list(beliefs.places),
        "dynamics": course(beliefs),
    }


def to_markdown(kept: Kept) -> str:
    """Problem, thought, answer and verdict, with the figures that matter in one line."""
    trace, columns = kept.grown.trace, kept.grown.columns
    parts = split(kept.grown.text, trace.dialect)
    lines = [f"# {trace.problem.text.strip().splitlines()[0][:80]}", "", trace.problem.text, ""]
    facts = [
        trace.checkpoint.name,
        f"{len(columns):,} tokens",
        f"ended: {trace.ended or 'still growing'}",
        f"temperature {trace.sampling.temperature:g}",
        f"seed {trace.seed}",
    ]
    low, high = mean_bounds(columns, trace.checkpoint.vocabulary)
    if not math.isnan(low):
        facts.append(f"mean entropy {spelled(low, high, 3)} nats")
    lines += [" · ".join(facts), ""]
    lines += [
        f"- picture {number}: {block.path}, {block.width}×{block.height}, shown at "
        f"{block.seen_width}×{block.seen_height}, {block.tokens:,} tokens"
        for number, block in enumerate(trace.pictures, 1)
    ]
    lines += [""] if trace.pictures else []
    if parts.thinking:
        lines += ["## Thought", "", parts.thinking, ""]
    lines += ["## Answer", "", parts.answer or "*The thought never ended.*", ""]
    if kept.verdict:
        verdict = kept.verdict
        lines += [
            f"**{verdict.judgement}**: found {verdict.extracted or 'nothing'}, expected "
            f"{verdict.expected} ({verdict.method}: {verdict.reason})",
            "",
        ]
    return "\n".join(lines)


def _spelled(piece: bytes) -> dict[str, str]:
    try:
        return {"text": piece.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": piece.decode("utf-8", "replace"), "hex": piece.hex()}
