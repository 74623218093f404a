"""A branch, and how it reads: the tokens that it keeps of its parents, then its own.

A branch holds only what it added; nothing of a parent is copied into it or changed. A line is a
trace with its parents, the root first: each but the first keeps of the one before it as many
tokens as its fork says.
"""

from dataclasses import replace
from itertools import accumulate

from kimidesk.flows.solve import Solve
from kimidesk.reading import split
from kimidesk.records import Attempt, Fork, Grown, Note, Noted, TokenColumns, Trace
from kimidesk.wire.messages import AnyCommand, AnyEvent

Line = tuple[Grown, ...]


class Branch(Solve):
    """A Solve that goes on from tokens of a parent; its answer may have begun in them."""

    def __init__(self, trace: Trace, attempt: Attempt, parents: Line) -> None:
        if trace.fork is None or not parents or parents[-1].trace.id != trace.fork.parent:
            raise ValueError(f"trace {trace.id} is no branch of the last of these parents")
        super().__init__(trace, attempt)
        self.parents = parents

    @property
    def line(self) -> Line:
        """Its parents, and itself."""
        return (*self.parents, self.grown)

    @property
    def answered(self) -> str | None:
        return split(said_by(self.line), self.line[0].trace.dialect).answer


class Story(Solve):
    """A branch from the first token of its root on. It hears no events: `follow` takes what the
    branch has taken."""

    def __init__(self, branch: Branch) -> None:
        story = joined(branch.line, own=False)
        super().__init__(story.trace, branch.attempt)
        self.branch = branch
        self.shared = len(story.columns)
        self._kept_notes = story.trace.notes
        self._take_rows(story)
        self.follow()

    def follow(self) -> None:
        """Take what the branch has added, or become, since the last time."""
        branch, own = self.branch, len(self.columns) - self.shared
        new = branch.columns.cut(own, len(branch.columns))
        self._take_rows(Grown(branch.trace, new, branch.lexicon))
        notes = tuple(replace(note, at=self.shared + note.at) for note in branch.trace.notes)
        self.trace = replace(
            branch.trace,
            prompt=self.trace.prompt,
            dialect=self.trace.dialect,
            pictures=self.trace.pictures,
            notes=(*self._kept_notes, *notes),
        )
        self.verdict, self.phase = branch.verdict, branch.phase

    def on(self, event: AnyEvent) -> list[AnyCommand]:
        return []

    def lost(self) -> bool:
        """A branch does not go on in a fresh worker by itself."""
        return False

    def _take_rows(self, grown: Grown) -> None:
        self.columns.extend(grown.columns)
        self.lexicon.update(grown.lexicon)
        self.transcript.append(grown.columns.id.tolist(), self.lexicon)


def line_of(solve: Solve) -> Line:
    """A shown trace with its parents."""
    if isinstance(solve, Story):
        return solve.branch.line
    return solve.line if isinstance(solve, Branch) else (solve.grown,)


def starts_of(line: Line) -> list[int]:
    """Which token of the whole is the first of each."""
    return list(accumulate((_fork(each).at for each in line[1:]), initial=0))


def left_at(line: Line, at: int) -> tuple[Line, int]:
    """Whom a branch leaves that keeps `at` tokens of the whole, and how many of its own it keeps.

    Where one has left another already the new one is its sibling, not its child.
    """
    starts = starts_of(line)
    last = max((place for place, start in enumerate(starts) if start < at), default=0)
    return line[: last + 1], at - starts[last]


def joined(line: Line, *, own: bool = True) -> Grown:
    """All tokens of a line, without `own` those alone that its last trace keeps of the others.

    Prompt and dialect are the root's; a note tells where each left its parent.
    """
    root, last = line[0].trace, line[-1].trace
    columns, lexicon, notes = TokenColumns(), {**line[0].lexicon}, list[Note]()
    stops = [*(_fork(each).at for each in line[1:]), len(line[-1].columns) if own else 0]
    for each, stop in zip(line, stops, strict=True):
        first = len(columns)
        if each.trace.fork is not None and each is not line[0]:
            notes.append(Note(first, Noted.LEFT, each.trace.fork.instead))
        if each.trace is last and not own:
            break
        kept = [note for note in each.trace.notes if note.at < stop or each.trace is last]
        notes += [replace(note, at=first + note.at) for note in kept]
        columns.extend(each.columns.cut(0, stop))
        lexicon.update(each.lexicon)
    trace = replace(
        last,
        prompt=root.prompt,
        dialect=root.dialect,
        pictures=root.pictures or last.pictures,
        notes=tuple(notes),
    )
    return Grown(trace, columns, lexicon)


def said_by(line: Line) -> str:
    """What a line says from its root on, the end mark left out."""
    own = len(line[-1].columns) - line[-1].trace.closing
    stops = [*(_fork(each).at for each in line[1:]), own]
    said = [
        b"".join([each.lexicon[id_] for id_ in each.columns.id[:stop].tolist()])
        for each, stop in zip(line, stops, strict=True)
    ]
    return b"".join(said).decode("utf-8", "replace")


def _fork(grown: Grown) -> Fork:
    if grown.trace.fork is None:
        raise ValueError(f"trace {grown.trace.id} has left no parent")
    return grown.trace.fork
