"""One formula as ink: LaTeX to SVG by mathra, SVG to pixels by Qt. Runs in the typesetting process.

What mathra repairs or draws in red is not shown as if the checkpoint had written it: such a formula
is refused, and its source is shown. Characters that its font lacks (Chinese in `\\text`) are drawn
with the font of the window in the boxes that mathra leaves for them.
"""

import re
from html import escape

import mathra
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontDatabase, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from kimidesk.gui.typeset.sizes import EDGE, Pixels, Size, pixels

MOST_SVG = 1_000_000  # characters
MOST_PIXELS = 4_000_000  # 4 MB of ink; a formula as large as half a 4K screen
MOST_EM = 300.0  # in width or height
LACKS = "E-REC-8"  # mathra's rule: the font has no such character, a box was drawn
_SIZE = re.compile(r'width="([\d.]+)em" height="([\d.]+)em" style="vertical-align: (-?[\d.]+)em"')
_UNPAINTED = re.compile(
    r"<metadata>.*?</metadata>|<title.*?</title>|<style>.*?</style>|<text .*?</text>", re.DOTALL
)
_BOLD = re.compile(r"\\bold(?![A-Za-z])")  # another name for it, which mathra does not know
_BOX_PATH = re.compile(r'<path id="([\w-]+)" d="M886 -162 L886 678 L46 678 L46 -162 Z')
_MISSING = re.compile(r"has no '(.)'", re.DOTALL)
_MOVES = re.compile(r"\\(?:overset|stackrel|underset|x\w+arrow|sqrt\[)")


class NotSet(Exception):
    """A formula that cannot be shown as what it says; the message says why."""


def svg_of(tex: str, *, display: bool) -> tuple[str, Size]:
    """The SVG of a formula, without what is not painted; raises NotSet."""
    try:
        set_ = mathra.render(_BOLD.sub(r"\\mathbf", tex), display=display)
    except ValueError as error:
        raise NotSet(str(error)) from error
    for warning in set_["warnings"]:
        if warning["rule"] != LACKS:
            raise NotSet(warning["description"])
    svg = set_["svg"]
    found = _SIZE.search(svg)
    if found is None:
        raise NotSet("it takes no room")
    if len(svg) > MOST_SVG:
        raise NotSet(f"its drawing has {len(svg):,} characters; at most {MOST_SVG:,} are drawn")
    width, height, rise = (float(each) for each in found.groups())
    if not 0 < width <= MOST_EM or height > MOST_EM:  # a blank has no height
        raise NotSet(f"it is {width:g} em wide and {height:g} high; at most {MOST_EM:g} are drawn")
    missing = [_MISSING.search(each["description"]) for each in set_["warnings"]]
    bare = _UNPAINTED.sub("", svg)
    if missing:
        bare = _fill_boxes(bare, tex, [each[1] for each in missing if each is not None])
    return bare.replace("currentColor", "#000"), Size(width, height + rise, -rise)


def ink(svg: str, size: Size, em_px: float) -> tuple[Pixels, bytes]:
    """How much ink each pixel has, 0 … 255, row by row; raises NotSet above MOST_PIXELS."""
    extent = pixels(size, em_px)
    if extent.columns * extent.rows > MOST_PIXELS:
        raise NotSet(f"it has {extent.columns} × {extent.rows} pixels; at most {MOST_PIXELS:,}")
    image = QImage(extent.columns, extent.rows, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    top = extent.baseline - size.above * em_px
    height = (size.above + size.below) * em_px
    QSvgRenderer(svg.encode()).render(painter, QRectF(EDGE, top, size.width * em_px, height))
    painter.end()
    mask = image.convertToFormat(QImage.Format.Format_Alpha8)
    rows = memoryview(mask.constBits())
    step = mask.bytesPerLine()  # rows are padded to four bytes
    return extent, b"".join(
        rows[row * step : row * step + extent.columns] for row in range(extent.rows)
    )


def _fill_boxes(svg: str, tex: str, missing: list[str]) -> str:
    """Draw the characters that were left out.

    mathra names each once, in the order in which it drew them, and the boxes all look alike: only
    where that is the order of the source it is known which box is whose.
    """
    box = _BOX_PATH.search(svg)
    wanted = [each for each in tex if each in set(missing)]
    order = list(dict.fromkeys(wanted))
    if box is None or order != missing or (len(order) > 1 and _MOVES.search(tex)):
        raise NotSet("some of its characters are not in the font of formulas")
    boxes = re.compile(rf'<use href="#{box[1]}" (x="[^"]*" y="[^"]*"|transform="[^"]*")/>')
    if len(boxes.findall(svg)) != len(wanted):
        raise NotSet("some of its characters are not in the font of formulas")
    letters = iter(wanted)
    family = escape(_family())

    def letter(found: re.Match[str]) -> str:
        at = found[1]
        if at.startswith("x="):
            x, y = re.findall(r'"([^"]*)"', at)
            at = f'transform="translate({x} {y}) scale(1,-1)"'
        else:
            at = at[:-1] + ' scale(1,-1)"'
        text = escape(next(letters))
        return f'<text {at} font-family="{family}" font-size="920">{text}</text>'

    return boxes.sub(letter, svg)


def _family() -> str:
    """The first font of the window that is installed, Chinese ones first."""
    from kimidesk.gui.theme import FAMILIES  # brings widgets, which few formulas are worth

    installed = set(QFontDatabase.families())
    return next((each for each in [*FAMILIES[1:], FAMILIES[0]] if each in installed), "")
