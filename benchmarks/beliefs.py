"""Beliefs: do they equal a fresh context's, what do they cost, and do they leave the trace alone.

    python benchmarks/beliefs.py smollm2-135m other.gguf --problems FILE --out beliefs.jsonl

FILE holds GSM8K (`question`, `answer` ending in `#### 18`). Each problem is solved twice with the
same seed: alone, and with its answer asked at each boundary while it grows; all numbers of the two
traces but the times must be the same bytes. Then the rest is probed, and P(right) at some places is
held against the product of a fresh context: llama-cpp-python's own class, float64 of its logits.
Seconds are of the processor, on one thread: others are at work on the machine.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from llama_cpp import Llama

from kimidesk.checkpoints.catalog import resolve
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.prefixes import CHUNK
from kimidesk.engines.protocol import Step
from kimidesk.flows import Belief, Solve
from kimidesk.flows.asking import messages_for
from kimidesk.flows.belief import Stage
from kimidesk.grading.judge import judge
from kimidesk.reading.belief import course, curves
from kimidesk.reading.boundaries import boundaries_of
from kimidesk.records import (
    Attempt,
    Budget,
    Ended,
    Grown,
    OnLoop,
    Problem,
    Sampling,
    TokenColumns,
    Trace,
)
from kimidesk.wire.columns import unpack
from kimidesk.wire.messages import (
    AnyCommand,
    AnyEvent,
    Cancel,
    Generate,
    Judge,
    Judged,
    OpenCheckpoint,
    Started,
    TokensCame,
)
from kimidesk.worker.outbox import Outbox

CONTEXT = 1024
CHECKED = 3  # places of a trace, under each cue, held against a fresh context


class Runner:
    """One engine and the flows on it, as a worker and a face would run them."""

    def __init__(self, path: Path) -> None:
        how = OpenCheckpoint(str(path), context=CONTEXT, slots=2, threads=1)
        self.engine = LlamaCpp(path, how)
        self.outbox = Outbox(self.engine)
        self.given: dict[str, tuple[Attempt, list[int]]] = {}  # ratings, with the ids rated
        self._asked: dict[str, Attempt] = {}
        self.evaluated = 0  # tokens, whoever asked

    def obey(self, commands: list[AnyCommand], flow: Solve | Belief) -> None:
        """Carry out what a flow asks."""
        for command in commands:
            match command:
                case Generate(attempt=attempt):
                    accepted = self.engine.add(attempt)
                    self.outbox.begin(attempt.trace)
                    self._asked[attempt.trace] = attempt
                    ids = np.asarray(accepted.prompt, "<i4").tobytes()
                    self.obey(flow.on(Started(attempt.trace, ids, accepted.dialect)), flow)
                case Cancel(trace=trace) if self.outbox.growing(trace):
                    self.engine.drop(trace)
                    for event in self.outbox.put(Step(trace, None, Ended.STOPPED)):
                        self.obey(flow.on(event), flow)
                case Judge(trace=trace, output=output, expected=expected):
                    self.obey(flow.on(Judged(trace, judge(output, expected))), flow)

    def step(self, flows: list[Solve | Belief]) -> None:
        """One step of the engine, told to every flow."""
        for step in self.engine.step():
            if not self.outbox.growing(step.trace):
                continue
            for event in self.outbox.put(step):
                self._note(event)
                for flow in flows:
                    self.obey(flow.on(event), flow)

    def _note(self, event: AnyEvent) -> None:
        attempt = self._asked.get(event.trace) if isinstance(event, TokensCame) else None
        if attempt is None or attempt.given is None or not isinstance(event, TokensCame):
            return
        ids = self.given.setdefault(event.trace, (attempt, []))[1]
        ids += unpack(event.columns).id.tolist()

    def rated(self, before: tuple[int, ...], text: str) -> list[int]:
        """The ids behind `before` of the last rating whose text ends so, its cue included."""
        for attempt, ids in reversed(self.given.values()):
            cue = attempt.prompt[len(before) :]
            said = b"".join(map(self.engine.piece, (*cue, *ids))).decode("utf-8", "replace")
            if attempt.prompt[: len(before)] == before and said.strip() == text:
                return [*cue, *ids]
        raise LookupError(text)


def problems(file: Path, count: int) -> Iterator[Problem]:
    """The first so many."""
    for number, line in enumerate(file.read_text("utf-8").splitlines()[:count]):
        told = json.loads(line)
        answer = told["answer"].rsplit("####", 1)[-1].strip().replace(",", "")
        yield Problem(told["question"], answer, number=number)


def solve(runner: Runner, problem: Problem, tokens: int, live: bool) -> tuple[Solve, Any, float]:
    """A trace, what was measured while it grew, and seconds."""
    attempt = Attempt(
        f"p{problem.number}{'live' if live else 'plain'}",
        messages_for(problem),
        Sampling(),
        Budget(answer=tokens, on_loop=OnLoop.IGNORE),
        seed=problem.number,
    )
    trace = Trace(
        attempt.trace, problem, runner.engine.info, attempt.sampling, attempt.budget, attempt.seed
    )
    flow, belief, known, seconds = Solve(trace, attempt), None, None, 0.0
    began = time.process_time()
    runner.obey(flow.start(), flow)
    while flow.trace.ended is None:
        runner.step([flow, belief] if belief is not None else [flow])
        if not live or flow.trace.ended is not None:
            continue
        if belief is not None and belief.done:
            known, belief = belief.beliefs, None
        places = boundaries_of(flow.grown)[:-1]
        asked = max(known.places, default=-1) if known is not None else -1
        if belief is None and places and places[-1] > asked:
            belief = Belief(
                flow.grown,
                places,
                gold=problem.answer,
                known=known,
                at=[places[-1]],
                apart=True,
            )
            runner.obey(belief.start(), belief)
    seconds = time.process_time() - began
    if belief is not None:
        runner.obey(belief.stop(), belief)
        known = belief.beliefs
    return flow, known, seconds


def probe(runner: Runner, grown: Grown, problem: Problem, known: Any) -> tuple[Belief, float]:
    """The whole curve, what is known taken over, and seconds."""
    flow = Belief(grown, boundaries_of(grown), gold=problem.answer, known=known)
    began = time.process_time()
    runner.obey(flow.start(), flow)
    while runner.engine.live or not flow.done:
        runner.step([flow])
    assert flow.stage is Stage.DONE, flow.stage
    return flow, time.process_time() - began


def same(one: TokenColumns, other: TokenColumns) -> bool:
    """Whether every number but the times is the same bytes."""
    left, right = dict(one.arrays()), dict(other.arrays())
    return all(left[n].tobytes() == right[n].tobytes() for n in left if n != "time_ms")


def fresh_product(model: Llama, ids: list[int], first: int) -> float:
    """P of `ids[first:]` after what was evaluated, of the last one all that begin like it.

    Evaluated in calls like those of the engine, for their sizes show in the last bits.
    """
    assert first > 0, ids
    total, held = 0.0, model.n_tokens
    model.eval(ids[:first])
    model.n_tokens -= 1  # a rating reads the last token of its prompt again
    model.eval(ids[first - 1 : first])
    for place, id_ in enumerate(ids):
        if place >= first:
            row = np.ctypeslib.as_array(model._ctx.get_logits(), (model.n_vocab(),))
            row = row.astype(np.float64)
            row -= row.max()
            logprob = row - np.log(np.exp(row).sum())
            chosen = [id_]
            if place == len(ids) - 1:
                piece = _piece(model, id_)
                chosen = [n for n in range(model.n_vocab()) if _piece(model, n).startswith(piece)]
            total += float(np.logaddexp.reduce(logprob[chosen]))
        if first <= place < len(ids) - 1:
            model.eval([id_])
    model.n_tokens = held  # the next evaluation drops what is behind it
    return float(np.exp(total))


_PIECES: dict[int, list[bytes]] = {}


def _piece(model: Llama, token: int) -> bytes:
    known = _PIECES.setdefault(id(model), [])
    if not known:
        known += [model.detokenize([n], special=True) for n in range(model.n_vocab())]
    return known[token]


def checked(runner: Runner, model: Llama, grown: Grown, flow: Belief) -> Iterator[float]:
    """How far P(right) is from a fresh context's, at some places."""
    beliefs = flow.beliefs
    gold, drawn = beliefs.candidates[0], curves(beliefs)
    if not len(drawn.places):
        return  # it said nothing
    prompt = list(grown.trace.prompt)
    rows = np.linspace(0, len(drawn.places) - 1, CHECKED).round().astype(int)
    model.reset()
    model.eval(prompt)
    for row in sorted(set(rows.tolist())):
        at = int(drawn.places[row])
        said = grown.columns.id[:at].tolist()
        for id_ in said[model.n_tokens - len(prompt) :]:  # as they were drawn
            model.eval([id_])
        told = []
        for cue in beliefs.cues:
            total = 0.0
            for spelling in gold.spellings:
                ids = runner.rated((*prompt, *said), f"{cue}{spelling}}}")
                first = _first(runner, ids, len(f"{spelling}}}".encode()))
                total += fresh_product(model, ids, first)
            told.append(min(total, 1.0))
        yield abs(float(np.mean(told)) - float(drawn.mid[row, 0]))


def _first(runner: Runner, ids: list[int], answer: int) -> int:
    """The first of the ids that hold the last `answer` bytes."""
    held = 0
    for place in reversed(range(len(ids))):
        held += len(runner.engine.piece(ids[place]))
        if held >= answer:
            return place
    return 0


def measure(path: Path, file: Path, count: int, tokens: int, say: Callable[[str], None]) -> None:
    """Every problem; one line of JSON each, and the sums."""
    quiet, runner = Runner(path), Runner(path)
    model = Llama(
        str(path), n_ctx=CONTEXT, n_batch=CHUNK, n_threads=1, flash_attn=True, verbose=False
    )
    rows: list[dict[str, Any]] = []
    for problem in problems(file, count):
        alone, _, alone_s = solve(quiet, problem, tokens, live=False)
        flow, known, live_s = solve(runner, problem, tokens, live=True)
        whole, probe_s = probe(runner, flow.grown, problem, known)
        beliefs, told = whole.beliefs, course(whole.beliefs)
        rows.append(
            {
                "model": path.stem,
                "problem": problem.number,
                "tokens": len(alone.columns),
                "same": same(alone.columns, flow.columns),
                "seconds": alone_s,
                "live_seconds": live_s,
                "live_tokens": known.tokens if known is not None else 0,
                "live_places": len(known.places) if known is not None else 0,
                "after_seconds": probe_s,
                "boundaries": len(beliefs.boundaries),
                "places": len(beliefs.places),
                "probe_tokens": beliefs.tokens,
                "verdict": alone.verdict.judgement if alone.verdict else None,
                "knew": told.knew if told else None,
                "settled": told.settled if told else None,
                "ratio": told.ratio if told else None,
                "error": max(checked(runner, model, flow.grown, whole), default=0.0),
            }
        )
        say(json.dumps(rows[-1]))
    for each in (quiet, runner):
        each.engine.close()
    _sum_up(path, rows)


def _sum_up(path: Path, rows: list[dict[str, Any]]) -> None:
    def total(name: str) -> float:
        return float(sum(row[name] for row in rows))

    print(f"{path.name}: {len(rows)} traces, {total('tokens'):,.0f} tokens")
    print(f"  unchanged by live probing: {total('same'):.0f} of {len(rows)}")
    print(f"  largest |P - fresh|: {max(row['error'] for row in rows):.1e}")
    print(
        f"  plain {total('seconds'):.0f} s; with live probing {total('live_seconds'):.0f} s "
        f"({total('live_places'):.0f} places, {total('live_tokens'):,.0f} tokens); the rest after "
        f"the end {total('after_seconds'):.0f} s; in all {total('places'):.0f} of "
        f"{total('boundaries'):.0f} boundaries, {total('probe_tokens'):,.0f} tokens"
    )


def main() -> None:
    """Measure each checkpoint."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("models", nargs="+", help="catalog names or paths")
    parser.add_argument("--problems", type=Path, required=True)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--tokens", type=int, default=200, help="of a trace at most")
    parser.add_argument("--out", type=Path, default=None)
    options = parser.parse_args()

    def say(line: str) -> None:
        if options.out is not None:
            with options.out.open("a", encoding="utf-8") as out:
                out.write(line + "\n")

    for model in options.models:
        measure(resolve(model), options.problems, options.count, options.tokens, say)


if __name__ == "__main__":
    main()
