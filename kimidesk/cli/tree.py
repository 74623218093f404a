"""`kimidesk trace tree`: a trace, its parents and its branches, and what each came to."""

from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table
from rich.text import Text
from rich.tree import Tree

from kimidesk.cli.terminal import plain
from kimidesk.client.reopening import answer_in
from kimidesk.errors import NotFound
from kimidesk.grading.outcomes import Outcomes, outcomes
from kimidesk.store import Desk
from kimidesk.store.rows import Relative

BAR = 24  # characters
WORDS = 32


@click.command()
@click.argument("trace_id", metavar="TRACE")
@click.option("--json", "as_json", is_flag=True, help="Print the family as JSON.")
def tree(trace_id: str, as_json: bool) -> None:
    """Show the family of TRACE: where each branch left its parent, and what it came to."""
    desk = Desk.open()
    try:
        own = desk.load(trace_id).grown.trace.id
        members = desk.family(own)
        answers = {each.id: answer_in(desk, each) for each in members}
    finally:
        desk.close()
    if not members:
        raise NotFound(f"there is no trace {trace_id!r}", hint="See `kimidesk trace list`.")
    starts = _starts(members)
    if as_json:
        told = [_as_json(each, answers[each.id], starts[each.id]) for each in members]
        click.echo(msgspec.json.format(msgspec.json.encode(told)).decode())
        return
    _print(members, answers, starts, own)


def print_outcomes(told: Outcomes) -> None:
    """Each answer with how often it came, and the share that is right."""
    table = Table(box=None, pad_edge=False, show_header=False)
    for group in told.groups:
        bar = "█" * max(round(BAR * group.count / told.total), 1)
        right = "right" if group.right else ""
        table.add_row(plain(group.answer or "no answer"), f"{group.count}", bar, right)
    Console(markup=False, highlight=False).print(table)
    if told.interval is not None:
        low, high = told.interval
        click.echo(
            f"{told.right} of {told.judged} right: {told.right / told.judged:.0%} "
            f"(95 % interval {low:.0%} to {high:.0%})"
        )


def _starts(members: list[Relative]) -> dict[str, int]:
    """How many tokens of its line stand before each: where `trace fork --at` would leave it."""
    starts: dict[str, int] = {}
    for each in members:
        starts[each.id] = starts.get(each.fork.parent, 0) + each.fork.at if each.fork else 0
    return starts


def _print(
    members: list[Relative], answers: dict[str, str], starts: dict[str, int], own: str
) -> None:
    nodes: dict[str, Tree] = {}
    top = Tree(_line(members[0], answers, 0, own))
    nodes[members[0].id] = top
    for each in members[1:]:
        parent = nodes[each.fork.parent] if each.fork is not None else top
        nodes[each.id] = parent.add(_line(each, answers, starts[each.id], own))
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console.width = 200  # a pipe has no width; lines for grep must be whole
    console.print(top)
    leaves = {each.id for each in members} - {each.fork.parent for each in members if each.fork}
    told = [
        (answers[each.id], each.verdict.judgement if each.verdict else None)
        for each in members
        if each.id in leaves and each.ended is not None
    ]
    if len(told) > 1:
        print_outcomes(outcomes(told))


def _line(each: Relative, answers: dict[str, str], start: int, own: str) -> Text:
    said = Text(each.id[:8], style="bold" if each.id == own else "")
    if each.fork is not None:
        words = f" at {start:,}: {_quoted(each.fork.instead)} → {_quoted(each.text)}"
        said.append(words, style="dim")
    answer = answers[each.id]
    said.append(f" · {plain(answer) if answer else 'no answer'}")
    if each.verdict is not None:
        said.append(f" · {each.verdict.judgement}")
    said.append(f" · {each.tokens:,} tokens · {each.ended or 'growing'}", style="dim")
    return said


def _quoted(text: str) -> str:
    line = plain(" ".join(text.split()))
    return f"“{line if len(line) <= WORDS else line[: WORDS - 1] + '…'}”"


def _as_json(each: Relative, answer: str, start: int) -> dict[str, Any]:
    return {
        "trace": each.id,
        "parent": each.fork.parent if each.fork else None,
        "at": each.fork.at if each.fork else None,  # of the parent's own tokens
        "start": start,  # of all tokens, the root's first
        "instead": each.fork.instead if each.fork else "",
        "seed": each.seed,
        "temperature": each.temperature,
        "ended": each.ended,
        "tokens": each.tokens,
        "text": each.text,
        "answer": answer,
        "judgement": each.verdict.judgement if each.verdict else None,
    }
