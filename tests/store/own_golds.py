"""What the project's own suites expect, found by enumeration, recurrences and coordinates."""

import math
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import combinations, permutations, product

Gold = int | float | Fraction


def _is_prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, math.isqrt(n) + 1))


def _divisors(n: int) -> int:
    return sum(2 if d * d < n else 1 for d in range(1, math.isqrt(n) + 1) if n % d == 0)


def _queens(size: int) -> int:
    return sum(
        len({c + r for r, c in enumerate(columns)}) == len({c - r for r, c in enumerate(columns)})
        == size
        for columns in permutations(range(size))
    )  # fmt: skip


def _ways(total: int, parts: list[int]) -> int:
    """In how many ways parts, each as often as wanted, make the total."""
    ways = [1] + [0] * total
    for part in parts:
        for reached in range(part, total + 1):
            ways[reached] += ways[reached - part]
    return ways[total]


def _trailing_zeros(n: int) -> int:
    text = str(math.factorial(n))
    return len(text) - len(text.rstrip("0"))


@cache
def _paths_below(x: int, y: int) -> int:
    if y > x or y < 0:
        return 0
    return 1 if x == 0 else _paths_below(x - 1, y) + _paths_below(x, y - 1)


def _dominoes(rows: int, columns: int) -> int:
    @cache
    def fill(cell: int, taken: frozenset[int]) -> int:
        if cell == rows * columns:
            return 1
        if cell in taken:
            return fill(cell + 1, taken - {cell})
        ways = 0
        if (cell + 1) % rows and cell + 1 not in taken:
            ways += fill(cell + 1, taken | {cell + 1})
        if cell + rows < rows * columns:
            ways += fill(cell + 1, taken | {cell + rows})
        return ways

    return fill(0, frozenset())


def _matrices() -> int:
    """5 × 5, zeros and ones, each row and column with two ones."""
    rows = [sum(1 << 3 * place for place in pair) for pair in combinations(range(5), 2)]
    full = sum(2 << 3 * place for place in range(5))
    return sum(sum(choice) == full for choice in product(rows, repeat=5))


def _walks(length: int) -> int:
    def walk(path: list[tuple[int, int]]) -> int:
        if len(path) > length:
            return 1
        (x, y), ways = path[-1], 0
        for step in ((x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)):
            if step not in path:
                ways += walk([*path, step])
        return ways

    return walk([(0, 0)])


def _fibonacci(n: int) -> int:
    a, b = 0, 1
    for _ in range(n):
        a, b = b, a + b
    return a


def _rises(row: tuple[int, ...]) -> int:
    """The length of its longest increasing subsequence."""
    best: list[int] = []
    for place, value in enumerate(row):
        best.append(1 + max((best[i] for i in range(place) if row[i] < value), default=0))
    return max(best)


def _spanning_trees(edges: list[tuple[int, int]], count: int) -> int:
    matrix = [[Fraction(0)] * count for _ in range(count)]
    for a, b in edges:
        matrix[a][a] += 1
        matrix[b][b] += 1
        matrix[a][b] -= 1
        matrix[b][a] -= 1
    return int(_determinant([row[1:] for row in matrix[1:]]))


def _determinant(rows: list[list[Fraction]]) -> Fraction:
    if not rows:
        return Fraction(1)
    pivot = next((row for row in rows if row[0]), None)
    if pivot is None:
        return Fraction(0)
    place = rows.index(pivot)
    rest = [
        [value - row[0] / pivot[0] * top for value, top in zip(row, pivot, strict=True)][1:]
        for row in rows
        if row is not pivot
    ]
    return (-1) ** place * pivot[0] * _determinant(rest)


def _petersen_colourings() -> int:
    edges = [(i, (i + 1) % 5) for i in range(5)] + [(i, i + 5) for i in range(5)]
    edges += [(5 + i, 5 + (i + 2) % 5) for i in range(5)]
    return sum(all(c[a] != c[b] for a, b in edges) for c in product(range(3), repeat=10))


def _necklaces(beads: int, colours: int) -> int:
    seen = set()
    for string in product(range(colours), repeat=beads):
        seen.add(min(string[i:] + string[:i] for i in range(beads)))
    return len(seen)


def _collatz(n: int) -> int:
    steps = 0
    while n > 1:
        n, steps = (3 * n + 1 if n % 2 else n // 2), steps + 1
    return steps


def _irreducible(degree: int) -> int:
    """Polynomials over two elements, as bits: those that no two smaller ones multiply to."""

    def times(a: int, b: int) -> int:
        value = 0
        while b:
            value ^= a if b & 1 else 0
            a, b = a << 1, b >> 1
        return value

    made = {
        times(a, b)
        for low in range(1, degree // 2 + 1)
        for a in range(1 << low, 2 << low)
        for b in range(1 << degree - low, 2 << degree - low)
    }
    return (1 << degree) - len(made)


def _latin_squares(size: int) -> int:
    rows = list(permutations(range(size)))

    def extend(square: list[tuple[int, ...]]) -> int:
        if len(square) == size:
            return 1
        return sum(
            extend([*square, row])
            for row in rows
            if all(a != b for above in square for a, b in zip(above, row, strict=True))
        )

    return extend([])


def _knights() -> int:
    cells = list(product(range(8), repeat=2))
    return sum({abs(a[0] - b[0]), abs(a[1] - b[1])} != {1, 2} for a, b in combinations(cells, 2))


def _largest_prime_factor(n: int) -> int:
    divisor = 2
    while divisor * divisor <= n:
        if n % divisor:
            divisor += 1
        else:
            n //= divisor
    return n


def _order(base: int, modulus: int) -> int:
    power, count = base % modulus, 1
    while power != 1:
        power, count = power * base % modulus, count + 1
    return count


def _two_squares(below: int) -> int:
    root = math.isqrt(below)
    return len({a * a + b * b for a in range(root + 1) for b in range(a, root + 1)} & set(
        range(1, below + 1)
    ))  # fmt: skip


def _alternate(length: int) -> int:
    """Binary strings without three equal signs in a row, counted by their last run."""
    one, two = 2, 0
    for _ in range(length - 1):
        one, two = one + two, one
    return one + two


def _all_faces() -> Fraction:
    return sum((Fraction(6, 6 - seen) for seen in range(6)), Fraction(0))


def _square_products() -> int:
    return sum(
        math.isqrt(p) ** 2 == p
        for a in range(1, 21)
        for b in range(1, 21)
        for c in range(1, 21)
        if a + b + c <= 20
        for p in [a * b * c * (21 - a - b - c)]
    )


def _sphere_points(n: int) -> int:
    root = math.isqrt(n)
    count = 0
    for x, y in product(range(-root, root + 1), repeat=2):
        left = n - x * x - y * y
        if left >= 0 and math.isqrt(left) ** 2 == left:
            count += 2 if left else 1
    return count


GUESSING: dict[str, Callable[[], Gold]] = {
    "queens": lambda: _queens(8),
    "partitions": lambda: _ways(60, list(range(1, 61))),
    "zeros": lambda: next(n for n in range(1, 1000) if _trailing_zeros(n) == 100),
    "tower": lambda: pow(7, 7**7, 1000),
    "digits": lambda: sum(map(int, str(2**1000))),
    "palindromes": lambda: sum(
        n % 7 == 0 and str(n) == str(n)[::-1] for n in range(100_000, 1_000_000)
    ),
    "derangements": lambda: sum(
        (-1) ** k * math.factorial(9) // math.factorial(k) for k in range(10)
    ),
    "catalan": lambda: _paths_below(10, 10),
    "triangles": lambda: sum(
        a <= b <= 100 - a - b < a + b for a in range(1, 100) for b in range(a, 100)
    ),
    "sparse": lambda: sum(n & n >> 1 == 0 for n in range(1 << 20)),
    "square-products": _square_products,
    "dominoes": lambda: _dominoes(4, 10),
    "order": lambda: _order(2, 2027),
    "matrices": _matrices,
    "surjections": lambda: sum((-1) ** k * math.comb(5, k) * (5 - k) ** 8 for k in range(6)),
    "runs": lambda: _alternate(20),
    "primes": lambda: sum(filter(_is_prime, range(2000))),
    "sphere": lambda: _sphere_points(2025),
    "reciprocals": lambda: sum(2520**2 % (x - 2520) == 0 for x in range(2521, 2520**2 + 2521)),
    "sixty-divisors": lambda: next(n for n in range(1, 10_000) if _divisors(n) == 60),
    "walks": lambda: _walks(8),
    "fibonacci": lambda: _fibonacci(2026) % 1000,
    "no-rise": lambda: sum(_rises(row) < 4 for row in permutations(range(8))),
    "dice": _all_faces,
    "trees": lambda: _spanning_trees([(a, 4 + b) for a in range(4) for b in range(5)], 9),
    "coins": lambda: _ways(100, [1, 2, 5, 10, 20, 50]),
    "euler": lambda: sum(not _is_prime(k * k + k + 41) for k in range(1, 1001)),
    "factor": lambda: _largest_prime_factor(10**12 + 1),
    "digit-sum": lambda: sum(sum(map(int, str(n))) == 18 for n in range(1, 100_000)),
    "petersen": _petersen_colourings,
    "necklaces": lambda: _necklaces(10, 3),
    "gcd-sum": lambda: sum(math.gcd(k, 360) for k in range(1, 361)),
    "two-squares": lambda: _two_squares(10_000),
    "collatz": lambda: max(range(1, 10_000), key=_collatz),
    "irreducible": lambda: _irreducible(8),
    "latin": lambda: _latin_squares(4),
    "leaves": lambda: sum(len(set(code)) == 3 for code in product(range(7), repeat=5)),
    "halves": lambda: sum(
        sum(chosen) == 39 and 1 in chosen
        for size in range(1, 12)
        for chosen in combinations(range(1, 13), size)
    ),
    "knights": _knights,
    "inversions": lambda: sum(
        sum(a > b for a, b in combinations(row, 2)) == 10 for row in permutations(range(7))
    ),
}
