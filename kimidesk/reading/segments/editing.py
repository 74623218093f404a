"""One annotator at work on one text: what they say, and what they said before they changed it."""

from kimidesk.reading.segments.labelled import Labels


class Editing:
    """`labels` are what is said now; every change can be taken back and made again."""

    def __init__(self, labels: Labels = ()) -> None:
        self.labels = labels
        self._before: list[Labels] = []
        self._after: list[Labels] = []

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        return bool(self._after)

    def change(self, labels: Labels) -> bool:
        """Say something else; False where it is the same."""
        if labels == self.labels:
            return False
        self._before.append(self.labels)
        self._after.clear()
        self.labels = labels
        return True

    def undo(self) -> bool:
        """Take the last change back; False where there is none."""
        if not self._before:
            return False
        self._after.append(self.labels)
        self.labels = self._before.pop()
        return True

    def redo(self) -> bool:
        """Make the change again that was taken back last; False where there is none."""
        if not self._after:
            return False
        self._before.append(self.labels)
        self.labels = self._after.pop()
        return True
