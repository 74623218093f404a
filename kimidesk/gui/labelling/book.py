"""What people say of the shown trace: one of them at work, the others as the desk has them."""

from kimidesk.errors import KimiDeskError
from kimidesk.reading.segments.editing import Editing
from kimidesk.reading.segments.labelled import Labels, together
from kimidesk.store import Desk


class Book:
    """`annotator` edits; what each trace's annotator did in this session can be taken back.

    The desk writes half a second later, so what was edited here counts more than what it tells.
    """

    def __init__(self, desk: Desk, annotator: str) -> None:
        self._desk = desk
        self._trace = ""
        self._edited: dict[tuple[str, str], Editing] = {}
        self._kept: dict[str, Labels] = {}
        self.annotator = annotator
        self.problem: KimiDeskError | None = None  # why the desk tells nothing

    def show_trace(self, trace: str) -> None:
        """Turn to another trace; "" for none."""
        self._trace, self._kept, self.problem = trace, {}, None
        try:
            self._kept = self._desk.labels(trace) if trace else {}
        except KimiDeskError as error:
            self.problem = error

    @property
    def editing(self) -> Editing:
        """The annotator at work on the shown trace."""
        key = (self._trace, self.annotator)
        if key not in self._edited:
            self._edited[key] = Editing(self._kept.get(self.annotator, ()))
        return self._edited[key]

    @property
    def others(self) -> dict[str, Labels]:
        """What the other annotators say of the shown trace, the first of them first."""
        found = dict(self._kept)
        for (trace, name), editing in self._edited.items():
            if trace == self._trace:
                found[name] = editing.labels
        found.pop(self.annotator, None)
        return {name: labels for name, labels in found.items() if labels}

    def shown(self, *, blind: bool) -> Labels:
        """The annotator's, and where they say nothing the others', unless those are hidden."""
        own = self.editing.labels
        return own if blind else together(own, self.others.values())

    def keep(self) -> None:
        """Write down what is said now."""
        self._desk.label(self._trace, self.annotator, self.editing.labels)
