"""Selecting a sentence of the trace view by its characters."""

from kimidesk.gui.widgets.paragraphs import utf16
from kimidesk.gui.widgets.scene import Place, Scene
from kimidesk.gui.widgets.trace_view import TraceView


def select(view: TraceView, start: int, end: int) -> None:
    """Select characters start … end - 1 of the trace, as far as they are placed."""
    if not view.scene.paragraphs.items:
        return
    selection = (_place(view.scene, start), _place(view.scene, end - 1, after=1))
    if selection != view.scene.selection:
        view.scene.selection = selection
        view.viewport().update()


def _place(scene: Scene, character: int, after: int = 0) -> Place:
    number = max(scene.paragraphs.paragraph_at(character), 0)
    item = scene.paragraphs.items[number]
    return Place(number, utf16(item.text[: character - item.start + after]))
