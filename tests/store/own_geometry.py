"""What the geometry suite expects, measured: with coordinates, cuts and sums, in floats."""

import math
from collections.abc import Callable
from itertools import product

Point = tuple[float, ...]


def _distance(a: Point, b: Point) -> float:
    return math.dist(a, b)


def _area(*corners: Point) -> float:
    """Of a polygon, by the shoelace formula."""
    following = corners[1:] + corners[:1]
    return abs(sum(a[0] * b[1] - a[1] * b[0] for a, b in zip(corners, following, strict=True))) / 2


def _triangle(a: float, b: float, c: float) -> tuple[Point, Point, Point]:
    """A, B, C with BC = a, CA = b, AB = c; B in the origin, C on the axis."""
    x = (a * a + c * c - b * b) / (2 * a)
    return (x, math.sqrt(c * c - x * x)), (0.0, 0.0), (a, 0.0)


def _from_line(p: Point, a: Point, b: Point) -> float:
    return 2 * _area(p, a, b) / _distance(a, b)


def _between(a: Point, b: Point, share: float) -> Point:
    return tuple(x + share * (y - x) for x, y in zip(a, b, strict=True))


def _angle(a: Point, corner: Point, b: Point) -> float:
    one = math.atan2(a[1] - corner[1], a[0] - corner[0])
    other = math.atan2(b[1] - corner[1], b[0] - corner[0])
    return abs(math.degrees(one - other)) % 360


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    """Where a function crosses zero, by halving."""
    rising = function(high) > 0
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (low, middle) if (function(middle) > 0) == rising else (middle, high)
    return low


def _least(function: Callable[[float], float], low: float, high: float) -> float:
    for _ in range(300):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        low, high = (low, b) if function(a) < function(b) else (a, high)
    return function(low)


def _sum(function: Callable[[float], float], low: float, high: float) -> float:
    """An integral by Simpson's rule, exact up to cubics."""
    middle = (low + high) / 2
    return (high - low) / 6 * (function(low) + 4 * function(middle) + function(high))


def _volume(a: Point, b: Point, c: Point, d: Point) -> float:
    u, v, w = ([x - y for x, y in zip(p, a, strict=True)] for p in (b, c, d))
    return abs(
        u[0] * (v[1] * w[2] - v[2] * w[1])
        - u[1] * (v[0] * w[2] - v[2] * w[0])
        + u[2] * (v[0] * w[1] - v[1] * w[0])
    ) / 6  # fmt: skip


def _tetrahedron(edge: float) -> list[Point]:
    corners = [(1, 1, 1), (1, -1, -1), (-1, 1, -1), (-1, -1, 1)]
    return [tuple(x * edge / math.sqrt(8) for x in corner) for corner in corners]


def _inradius(a: float, b: float, c: float) -> float:
    return 2 * _area(*_triangle(a, b, c)) / (a + b + c)


def _circumradius(a: float, b: float, c: float) -> float:
    corners = _triangle(a, b, c)
    height = _root(
        lambda y: _distance((a / 2, y), corners[0]) - _distance((a / 2, y), (0, 0)), 1e4, -1e4
    )
    return _distance((a / 2, height), (0, 0))


def _bisector_foot(a: float, b: float, c: float) -> Point:
    """Of the bisector from A: as far from one side as from the other."""
    top, left, right = _triangle(a, b, c)
    x = _root(lambda x: _from_line((x, 0), top, left) - _from_line((x, 0), top, right), 0, a)
    return (x, 0.0)


def _cyclic_area(a: float, b: float, c: float, d: float) -> float:
    """Its diagonal is such that opposite angles make 180°."""

    def excess(diagonal: float) -> float:
        one = math.acos((a * a + b * b - diagonal**2) / (2 * a * b))
        return one + math.acos((c * c + d * d - diagonal**2) / (2 * c * d)) - math.pi

    diagonal = _root(excess, abs(a - b) + abs(c - d) + 1e-9, min(a + b, c + d) - 1e-9)
    return _area(*_triangle(diagonal, a, b)) + _area(*_triangle(diagonal, c, d))


def _twenty() -> float:
    """The angle ABD of a triangle with 20° at A, AB = AC, and D on AC with AD = BC."""
    b, c = (1.0, 0.0), (math.cos(math.radians(20)), math.sin(math.radians(20)))
    d = _between((0, 0), c, _distance(b, c))
    return _angle((0, 0), b, d) if _angle((0, 0), b, d) < 180 else 360 - _angle((0, 0), b, d)


def _inside(a: Point, b: Point, c: Point) -> int:
    """Points of the grid strictly inside a triangle whose right angle is in the origin."""
    return sum(
        x * c[1] + y * b[0] < b[0] * c[1]
        for x, y in product(range(1, int(b[0])), range(1, int(c[1])))
    )


def _on_arc() -> float:
    """PA where P is on the arc BC of an equilateral triangle's circle, PB = 3 and PC = 5."""
    corner = [(math.cos(t), math.sin(t)) for t in (math.pi / 2, -5 * math.pi / 6, -math.pi / 6)]

    def point(t: float) -> Point:
        return (math.cos(t), math.sin(t))

    t = _root(
        lambda t: _distance(point(t), corner[1]) / _distance(point(t), corner[2]) - 3 / 5,
        -5 * math.pi / 6,
        -math.pi / 6 - 1e-9,
    )
    return _distance(point(t), corner[0]) * 3 / _distance(point(t), corner[1])


def _equilateral_sum() -> float:
    top, left, right = _triangle(10, 10, 10)
    p = (4.0, 2.5)
    sides = ((top, left), (left, right), (right, top))
    return sum(_from_line(p, a, b) for a, b in sides)


def _ant() -> float:
    """Over the edge between two faces of a 3 × 4 × 5 box, whichever is the best."""
    return min(
        _least(lambda t, a=a, b=b, c=c: math.hypot(a, t) + math.hypot(b, c - t), 0, c)
        for a, b, c in ((3, 4, 5), (4, 5, 3), (3, 5, 4))  # across one edge, of length c
    )


def _cone_ball() -> float:
    """The radius of the ball in a cone of radius 5 and height 12: as far from base as from side."""
    return _root(lambda r: r - _from_line((0, r), (5, 0), (0, 12)), 0, 12)


def _wires() -> float:
    t = _root(lambda x: 6 * (1 - x) - 12 * x, 0, 1)
    return 12 * t


def _incentre() -> Point:
    """The incentre of a triangle with 14 as its base, 13 on the left and 15 on the right."""
    top, left, _ = _triangle(14, 15, 13)
    radius = _inradius(14, 15, 13)
    x = _root(lambda x: _from_line((x, radius), top, left) - radius, 0, 7)
    return (x, radius)


GEOMETRY: dict[str, Callable[[], float]] = {
    "heron": lambda: _area(*_triangle(13, 14, 15)),
    "inradius": lambda: _inradius(13, 14, 15),
    "circumradius": lambda: _circumradius(13, 14, 15),
    "altitude": lambda: _from_line((0, 0), (5, 0), (0, 12)),
    "hexagon": lambda: _area(
        *[(6 * math.cos(k * math.pi / 3), 6 * math.sin(k * math.pi / 3)) for k in range(6)]
    ),
    "midpoints": lambda: _area((0, 0), (10, 5), (5, 10)),
    "common-tangent": lambda: math.sqrt((9 + 4) ** 2 - (9 - 4) ** 2),
    "bisector-foot": lambda: _bisector_foot(9, 8, 7)[0],
    "bisector": lambda: _distance(_triangle(9, 8, 7)[0], _bisector_foot(9, 8, 7)),
    "median": lambda: _distance(_triangle(10, 8, 6)[0], (5, 0)),
    "trapezium": lambda: _area((0, 0), (22, 0), (16, 8), (6, 8)),
    "rhombus": lambda: _from_line((0, 0), (8, 0), (0, 15)),
    "chord": lambda: _root(lambda d: 12 - math.sqrt(169 - d * d), 0, 13),
    "cyclic": lambda: _cyclic_area(3, 4, 5, 6),
    "tetrahedron": lambda: _volume(*_tetrahedron(6)),
    "cube-corner": lambda: (
        3
        * _volume((0, 0, 0), (6, 0, 0), (0, 6, 0), (0, 0, 6))
        / _area(*_triangle(*[math.sqrt(72)] * 3))
    ),
    "cone-ball": _cone_ball,
    "viviani": _equilateral_sum,
    "twenty": _twenty,
    "inscribed-square": lambda: _root(lambda s: s / 6 + s / 8 - 1, 0, 6),
    "polygon": lambda: 180 - 360 / 15,
    "circle-through": lambda: _circumradius(6, 8, 10),
    "mirror": lambda: _least(lambda x: math.hypot(x, 3) + math.hypot(8 - x, 3), 0, 8),
    "diamond": lambda: _area((6, 0), (0, 3), (-6, 0), (0, -3)),
    "common-chord": lambda: 2 * _root(lambda h: math.sqrt(36 - h * h) - 3, 0, 6),
    "grid": lambda: _inside((0, 0), (20, 0), (0, 15)),
    "right-inradius": lambda: _inradius(9, 12, 15),
    "hypotenuse": lambda: _from_line((0, 0), (9, 0), (0, 12)),
    "parallelogram": lambda: 2 * _distance(_triangle(8, 9, 7)[0], (4, 0)),
    "tangent": lambda: _root(lambda t: math.hypot(8, t) - 17, 0, 17),
    "sixty": lambda: _distance((5, 0), (8 * math.cos(math.pi / 3), 8 * math.sin(math.pi / 3))),
    "frustum": lambda: _sum(lambda z: math.pi * (6 - 3 * z / 4) ** 2, 0, 4),
    "octahedron": lambda: 8 * _area(*_triangle(4, 4, 4)),
    "tangent-length": lambda: _incentre()[0],
    "point-on-base": lambda: _distance(_triangle(7, 10, 10)[0], (4, 0)),
    "touching-axes": lambda: _root(lambda r: _distance((r, r), (2, 1)) - r, 2, 100),
    "on-the-arc": _on_arc,
    "ant": _ant,
    "wires": _wires,
    "centres": lambda: _distance((2, 8 / 3), (3, 4)),
    "ball-cut": lambda: math.pi * _root(lambda s: math.sqrt(36 + s * s) - 10, 0, 10) ** 2,
}
