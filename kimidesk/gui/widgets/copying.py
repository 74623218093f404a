"""A scene, or what is selected of it, as Markdown or LaTeX."""

from PySide6.QtGui import QGuiApplication

from kimidesk.gui.widgets.scene import Scene
from kimidesk.reading.latex import to_latex
from kimidesk.reading.markdown import to_markdown


def copy_markdown(scene: Scene) -> None:
    """Put it on the clipboard, which stays as it is where there is no trace."""
    _copy(markdown(scene))


def copy_latex(scene: Scene) -> None:
    """Put it on the clipboard, which stays as it is where there is no trace."""
    _copy(latex(scene))


def markdown(scene: Scene) -> str:
    """The selection, or else everything, as Markdown."""
    return to_markdown(*thought_and_answer(scene))


def latex(scene: Scene) -> str:
    """The selection, or else everything, as LaTeX."""
    return to_latex(*thought_and_answer(scene))


def thought_and_answer(scene: Scene) -> tuple[str, str]:
    """The selection, or else everything, without the marks of the dialect."""
    source = scene.source
    if source is None or not scene.paragraphs.items:
        return "", ""
    if span := scene.selected_span():
        start, stop = (scene.character_of(place) for place in span)
    else:  # of a long trace not everything may be placed yet
        ends, closing = source.transcript.ends, source.trace.closing
        start, stop = 0, ends[len(ends) - closing - 1] if len(ends) > closing else 0
    text, cut = source.transcript.text, scene.paragraphs.cut
    if not scene.thinks:
        return "", text[start:stop]
    thought = text[max(start, scene.thought[0]) : min(stop, scene.thought[1])]
    return thought, text[max(start, cut) : stop] if cut >= 0 else ""


def _copy(text: str) -> None:
    if text:
        QGuiApplication.clipboard().setText(text)
