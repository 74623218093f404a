"""`kimidesk trace importance`: how much one sentence of a trace decides."""

import time
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

from kimidesk.cli.backend import Backend, Stopping
from kimidesk.cli.kept import SLOTS, bill_line, loaded, new_name, opening_for, say
from kimidesk.cli.options import model_options
from kimidesk.cli.terminal import plain
from kimidesk.errors import Refused, UsageError, WorkerLost
from kimidesk.flows.importance import Weigh, billed
from kimidesk.flows.sentences import Placed, sentences_of
from kimidesk.reading.importance import Importance, Price, Weighing, importance
from kimidesk.records import Difference, Grown, Share
from kimidesk.store import Desk
from kimidesk.store.experiments import keep_rollouts, rollouts_of

SAVE_S = 5.0
INTERRUPTED = 130
SHOWN = 12  # alternatives


@click.command("importance")
@click.argument("trace_id", metavar="TRACE")
@click.option("--sentence", type=click.IntRange(1), default=None, help="Counted from 1.")
@click.option("--at", type=click.IntRange(0), default=None, help="The one that holds this token.")
@click.option(
    "--price",
    type=click.Choice([each.value for each in Price]),
    default=Price.FORCED.value,
    show_default=True,
    help="forced: answer at once; short: after some sentences; full: draw to the end.",
)
@click.option(
    "--rollouts",
    type=click.IntRange(1, 10_000),
    default=20,
    show_default=True,
    help="From before the sentence, and as many from after it.",
)
@click.option(
    "--horizon",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="Sentences that --price short draws.",
)
@click.option("--slots", type=click.IntRange(1, 256), default=SLOTS, show_default=True)
@click.option("--bill", "bill_only", is_flag=True, help="Tell what it would cost, and stop.")
@click.option("--json", "as_json", is_flag=True, help="Print the results as JSON.")
@model_options
def importance_verb(
    trace_id: str,
    sentence: int | None,
    at: int | None,
    price: str,
    rollouts: int,
    horizon: int,
    slots: int,
    bill_only: bool,
    as_json: bool,
    **options: Any,
) -> int:
    """How much a sentence of TRACE decides: what comes of it from before and from after it.

    Without --sentence and --at the sentences are listed. What is drawn is kept: the same command
    goes on where it stopped, and more rollouts add to those that are there.
    """
    desk = Desk.open()
    try:
        grown = loaded(desk, trace_id)
        found = sentences_of(grown)
        if sentence is None and at is None:
            _list(found)
            return 0
        number = _number(found, sentence, at)
        there = found[number]
        asked = Weighing(there.first, there.last, Price(price), horizon)
        flow = _flow(desk, grown, asked, rollouts, slots)
        mean = (found[-1].last + 1 - found[0].first) / len(found)
        say(bill_line(billed(grown, asked, flow.missing, mean), grown))
        if bill_only:
            return 0
        whole = _run(desk, grown, flow, asked, options, slots) if flow.pending else True
    finally:
        desk.close()
    told = importance(there.text, flow.results)
    if as_json:
        click.echo(_as_json(grown, number, there, flow, told))
    else:
        _show(number, there, flow, told)
    return 0 if whole else INTERRUPTED


def _number(found: list[Placed], sentence: int | None, at: int | None) -> int:
    """Counted from 0; raises UsageError where there is none."""
    if sentence is not None:
        if sentence > len(found):
            raise UsageError(
                f"there is no sentence {sentence}; the trace has {len(found)}",
                hint="Without --sentence and --at the sentences are listed.",
            )
        return sentence - 1
    for number, each in enumerate(found):
        if at is not None and each.first <= at <= each.last:
            return number
    last = found[-1].last if found else -1
    raise UsageError(
        f"token {at} stands in no sentence of the thought, which ends with token {last}",
        hint="Without --sentence and --at the sentences are listed.",
    )


def _flow(desk: Desk, grown: Grown, asked: Weighing, rollouts: int, slots: int) -> Weigh:
    made = Weigh(grown, asked, rollouts, name=new_name, width=slots)
    done = rollouts_of(desk, grown.trace.id, asked, made.expected.answer)
    return Weigh(grown, asked, rollouts, name=new_name, width=slots, done=done)


def _run(
    desk: Desk,
    grown: Grown,
    flow: Weigh,
    asked: Weighing,
    options: dict[str, Any],
    slots: int,
) -> bool:
    """Whether all was drawn; what has come is kept either way."""
    trace, expected = grown.trace.id, flow.expected.answer
    how = opening_for(grown, options, slots)
    with Stopping() as stopping, Backend(stopping, grading=bool(expected)) as backend:
        backend.open(how)
        due = time.monotonic() + SAVE_S
        try:
            for _ in backend.drive(flow):
                if time.monotonic() >= due:
                    keep_rollouts(desk, trace, asked, expected, flow.results)
                    say(f"{len(flow.results)}/{flow.total} done, {flow.tokens:,} tokens")
                    due = time.monotonic() + SAVE_S
            whole = flow.done
            backend.send(flow.stop())
        finally:
            keep_rollouts(desk, trace, asked, expected, flow.results)
    if flow.trouble:
        raise WorkerLost(flow.trouble)
    troubles = {each.trouble for each in flow.results if each.trouble}
    if troubles and all(each.trouble for each in flow.results):
        raise Refused(f"nothing could be drawn: {min(troubles)}")
    for trouble in sorted(troubles):
        say(f"warning: some came to nothing: {plain(trouble)}")
    return whole


def _list(found: list[Placed]) -> None:
    table = Table(box=None, pad_edge=False)
    for title in ("sentence", "tokens", "kind", "text"):
        table.add_column(title, no_wrap=True, justify="right" if title == "sentence" else "left")
    for number, each in enumerate(found, 1):
        text = " ".join(each.text.split())
        table.add_row(str(number), f"{each.first}–{each.last}", str(each.kind), plain(text[:90]))
    _console().print(table)


def _show(number: int, there: Placed, flow: Weigh, told: Importance) -> None:
    text = " ".join(there.text.split())
    click.echo(f"Sentence {number + 1} ({there.kind}): {plain(text)}")
    if not flow.expected.answer:
        click.echo("Nothing is expected and the trace has no answer: only answers are counted.")
    elif flow.expected.own:
        own = plain(flow.expected.answer)
        click.echo(f"Right means: as the trace itself answered, {own} (no answer is expected).")
    click.echo(f"right from before   {_share(told.before)}")
    click.echo(f"right from after    {_share(told.after)}")
    click.echo(f"importance          {_difference(told.difference)}")
    click.echo(f"of other sentences  {_difference(told.counterfactual)}")
    if told.divergence is not None and told.divergence_interval is not None:
        low, high = told.divergence_interval
        click.echo(f"KL of the answers   {told.divergence:.3f} nats ({low:.3f} … {high:.3f})")
    click.echo(f"answers from before {_answers(told.answers_before)}")
    click.echo(f"answers from after  {_answers(told.answers_after)}")
    if told.alternatives:
        click.echo("\nSaid from before it:")
        _console().print(_alternatives(told))
    if told.unjudged and flow.expected.answer:
        say(f"warning: the grader failed at {told.unjudged}; the same command judges them again")
    click.echo(f"{told.tokens:,} tokens; intervals are 95 %")


def _alternatives(told: Importance) -> Table:
    table = Table(box=None, pad_edge=False)
    for title in ("times", "right", "likeness", "leads to", "sentence"):
        table.add_column(title, justify="left" if title in ("leads to", "sentence") else "right")
    for each in told.alternatives[:SHOWN]:
        right = each.right
        text = " ".join(each.text.split())
        table.add_row(
            str(len(each.rollouts)),
            f"{right.right}/{right.total}" if right is not None else "",
            "the same" if each.same else f"{each.likeness:.2f}",
            plain(_answers(each.answers[:3])),
            plain(text[:100]),
        )
    return table


def _share(share: Share | None) -> str:
    if share is None:
        return "–"
    low, high = share.interval
    return f"{share.right}/{share.total}  {share.share:.0%} ({low:.0%} … {high:.0%})"


def _difference(told: Difference | None) -> str:
    return "–" if told is None else f"{told.value:+.2f} ({told.low:+.2f} … {told.high:+.2f})"


def _answers(answers: list[tuple[str, int]]) -> str:
    return ", ".join(f"{plain(answer) or '(none)'} ×{count}" for answer, count in answers)


def _as_json(grown: Grown, number: int, there: Placed, flow: Weigh, told: Importance) -> str:
    made = {
        "trace": grown.trace.id,
        "sentence": number + 1,
        "first": there.first,
        "last": there.last,
        "text": there.text,
        "kind": there.kind,
        "price": flow.asked.price,
        "horizon": flow.asked.horizon if flow.asked.price is Price.SHORT else None,
        "sampling": flow.sampling,
        "expected": flow.expected,
        "importance": told,
        "rollouts": flow.results,
    }
    return msgspec.json.format(msgspec.json.encode(made)).decode()


def _console() -> Console:
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 160  # a pipe has no width; lines for grep must be whole
    return console
