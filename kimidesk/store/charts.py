"""Charts as small SVG, for a page without scripts and as files: text, lines and boxes.

Colours are those of Okabe & Ito, which the colour-blind tell apart, and never tell anything alone.
Each chart names itself and says its numbers to a screen reader. All text is escaped.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9")
WIDTH, HEIGHT = 560, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 16, 42, 44
BAR = 24  # height of a row of bars

Points = Sequence[tuple[float, float]]
Band = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Line:
    """Shares of 1 over a positive axis, with a 95 % band where it is known."""

    name: str
    points: Points
    bands: Sequence[Band] = ()
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    """A share of 1, its interval, and what is written beside it."""

    name: str
    share: float
    note: str
    band: Band | None = None


@dataclass(frozen=True, slots=True)
class Dot:
    """A run: tokens, accuracy, its interval."""

    name: str
    x: float
    y: float
    band: Band
    front: bool


def lines(title: str, drawn: Sequence[Line], across: str, *, up: str = "accuracy") -> str:
    """Lines over a log axis; "" where there is nothing to draw."""
    drawn = [line for line in drawn if line.points]
    if not drawn:
        return ""
    axis = _Axis([x for line in drawn for x, _ in line.points])
    parts = [*_frame(axis, across, up)]
    for place, line in enumerate(drawn):
        colour = COLOURS[place % len(COLOURS)]
        if line.bands:
            parts.append(_band(axis, line, colour))
        path = " ".join(f"{axis.x(x):.1f},{_y(y):.1f}" for x, y in line.points)
        dash = ' stroke-dasharray="6 4"' if line.dashed else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
        )
        if len(line.points) <= 12:
            parts += [
                f'<circle cx="{axis.x(x):.1f}" cy="{_y(y):.1f}" r="3" fill="{colour}"/>'
                for x, y in line.points
            ]
    parts += _legend([(line.name, line.dashed) for line in drawn])
    said = "; ".join(
        f"{line.name}: " + ", ".join(f"{_number(x)}: {y:.1%}" for x, y in line.points)
        for line in drawn
    )
    return _svg(title, said, parts, HEIGHT)


def bars(title: str, rows: Sequence[Bar], *, whole: float = 1.0) -> str:
    """A row a bar, on an axis from 0 to `whole`; "" for none."""
    if not rows:
        return ""
    left, right = 150, 190
    wide = (WIDTH - left - right) / whole
    parts = []
    for place, row in enumerate(rows):
        y = TOP + place * BAR
        parts += [
            f'<text x="{left - 8}" y="{y + 15}" text-anchor="end">{_short(row.name, 22)}</text>',
            f'<rect x="{left}" y="{y + 4}" width="{max(0.0, row.share * wide):.1f}" height="14" '
            f'fill="{COLOURS[0]}"/>',
            f'<text x="{WIDTH - right + 10}" y="{y + 15}">{escape(row.note)}</text>',
        ]
        if row.band is not None:
            low, high = (left + min(each, whole) * wide for each in row.band)
            parts.append(
                f'<path d="M{low:.1f} {y + 7}v8m0 -4H{high:.1f}m0 -4v8" '
                'stroke="currentColor" fill="none"/>'
            )
    said = "; ".join(f"{row.name}: {row.note}" for row in rows)
    return _svg(title, said, parts, TOP + BAR * len(rows) + 10)


def lengths(title: str, groups: Sequence[tuple[str, Sequence[int]]]) -> str:
    """How many samples are how long, a stepped line a group, on a log axis; "" for none."""
    groups = [(name, values) for name, values in groups if len(values)]
    every = [max(1, value) for _, values in groups for value in values]
    if not every:
        return ""
    axis = _Axis(every)
    count = 24
    steps = [axis.low * (axis.high / axis.low) ** (place / count) for place in range(count + 1)]
    drawn = []
    for name, values in groups:
        held = [0] * count
        for value in values:
            share = math.log(max(1, value) / axis.low) / math.log(axis.high / axis.low)
            held[min(count - 1, int(share * count))] += 1
        points = [
            (steps[place + side], held[place] / len(values))
            for place in range(count)
            for side in (0, 1)
        ]
        drawn.append(Line(f"{name} ({len(values):,})", points))
    most = max(y for line in drawn for _, y in line.points)
    scaled = [Line(line.name, [(x, y / most) for x, y in line.points]) for line in drawn]
    parts = [*_frame(axis, "tokens of a sample", "share of its group", most=most)]
    for place, line in enumerate(scaled):
        path = " ".join(f"{axis.x(x):.1f},{_y(y):.1f}" for x, y in line.points)
        dash = ' stroke-dasharray="5 3"' if place else ""
        parts.append(
            f'<polyline points="{path}" fill="none" stroke="{COLOURS[place]}" stroke-width="2"'
            f"{dash}/>"
        )
    parts += _legend([(line.name, place > 0) for place, line in enumerate(scaled)])
    said = "; ".join(
        f"{name}: {len(values):,} samples, {_number(min(values))} to {_number(max(values))} tokens"
        for name, values in groups
    )
    return _svg(title, said, parts, HEIGHT)


def dots(title: str, points: Sequence[Dot]) -> str:
    """Runs by their tokens and accuracy; the top left is best. "" for none."""
    if not points:
        return ""
    ends = (min(point.x for point in points) / 1.5, max(point.x for point in points) * 1.5)
    axis = _Axis([max(1.0, each) for each in ends])
    parts = [*_frame(axis, "mean tokens of a sample", "accuracy")]
    front = sorted((point.x, point.y) for point in points if point.front)
    path = " ".join(f"{axis.x(x):.1f},{_y(y):.1f}" for x, y in front)
    parts.append(
        f'<polyline points="{path}" fill="none" stroke="currentColor" stroke-dasharray="2 4"/>'
    )
    for place, point in enumerate(points):
        colour, x = COLOURS[place % len(COLOURS)], axis.x(max(1.0, point.x))
        low, high = (_y(each) for each in point.band)
        anchor = "end" if x > WIDTH * 0.65 else "start"
        beside = -8 if anchor == "end" else 8
        parts += [
            f'<path d="M{x:.1f} {low:.1f}V{high:.1f}" stroke="{colour}"/>',
            f'<circle cx="{x:.1f}" cy="{_y(point.y):.1f}" r="5" fill="{colour}"/>',
            f'<text x="{x + beside:.1f}" y="{_y(point.y) - 8:.1f}" text-anchor="{anchor}">'
            f"{_short(point.name, 32)}</text>",
        ]
    said = "; ".join(f"{point.name}: {point.y:.1%} at {_number(point.x)}" for point in points)
    return _svg(title, said, parts, HEIGHT)


def as_file(chart: str) -> str:
    """A chart of a page as a file of its own; "" stays what it is."""
    return chart.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)


class _Axis:
    """Positive numbers from left to right, by their logarithm."""

    def __init__(self, values: Iterable[float]) -> None:
        every = list(values)
        self.low = max(1.0, min(every))
        self.high = max(self.low * 1.5, max(every))

    def x(self, value: float) -> float:
        share = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def ticks(self) -> list[float]:
        """1, 2, 5, 10 … within; whole powers where those would be too many, else the ends."""
        powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        steps = (1, 2, 5) if len(powers) <= 4 else (1,)
        made = [step * 10.0**power for power in powers for step in steps]
        within = [each for each in made if self.low <= each <= self.high]
        return within if len(within) > 1 else [self.low, self.high]


def _y(share: float) -> float:
    return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)


def _frame(axis: _Axis, across: str, up: str, most: float = 1.0) -> list[str]:
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        parts += [
            f'<path d="M{LEFT} {_y(share):.1f}H{WIDTH - RIGHT}" stroke="currentColor" '
            'stroke-opacity="0.15"/>',
            f'<text x="{LEFT - 6}" y="{_y(share) + 4:.1f}" text-anchor="end">'
            f"{100 * share * most:.0f} %</text>",
        ]
    for tick in axis.ticks():
        parts += [
            f'<path d="M{axis.x(tick):.1f} {_y(0):.1f}v5" stroke="currentColor"/>',
            f'<text x="{axis.x(tick):.1f}" y="{_y(0) + 18:.1f}" text-anchor="middle">'
            f"{_number(tick)}</text>",
        ]
    middle = (LEFT + WIDTH - RIGHT) / 2
    parts.append(
        f'<text x="{middle:.0f}" y="{HEIGHT - 8}" text-anchor="middle">'
        f"{escape(up)} against {escape(across)}</text>"
    )
    return parts


def _band(axis: _Axis, line: Line, colour: str) -> str:
    upper = [
        f"{axis.x(x):.1f},{_y(high):.1f}"
        for (x, _), (_, high) in zip(line.points, line.bands, strict=True)
    ]
    lower = [
        f"{axis.x(x):.1f},{_y(low):.1f}"
        for (x, _), (low, _) in zip(line.points, line.bands, strict=True)
    ]
    around = " ".join([*upper, *reversed(lower)])
    return f'<polygon points="{around}" fill="{colour}" fill-opacity="0.15"/>'


def _legend(names: Sequence[tuple[str, bool]]) -> list[str]:
    parts, x = [], float(LEFT)
    for place, (name, dashed) in enumerate(names):
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        parts += [
            f'<path d="M{x:.0f} {TOP - 8}h20" stroke="{COLOURS[place % len(COLOURS)]}" '
            f'stroke-width="2"{dash}/>',
            f'<text x="{x + 25:.0f}" y="{TOP - 4}">{_short(name, 28)}</text>',
        ]
        x += 44 + 7.2 * min(28, len(name))
    return parts


def _svg(title: str, said: str, parts: Iterable[str], height: int) -> str:
    # A file of its own has a white ground in most viewers; in a page the ink is that of the page.
    return (
        f'<svg viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" font-size="12" fill="currentColor" '
        'font-family="DejaVu Sans, Noto Sans, Noto Sans CJK SC, PingFang SC, Microsoft YaHei, '
        f'sans-serif"><title>{escape(title)}</title><desc>{escape(said)}</desc>'
        f'<text x="0" y="14" font-size="13" font-weight="600">{escape(title)}</text>'
        f"{''.join(parts)}</svg>"
    )


def _short(text: str, most: int) -> str:
    return escape(text if len(text) <= most else text[: most - 1] + "…")


def _number(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 1000 and value % 100 == 0 else f"{value:,.0f}"
