"""How large a tile of logits is.

A tile holds `rows` rows of `columns` logits in float32 and is all that ever exists of (N, V).
Each tile costs two passes over its own memory and one read and write of the (rows, D) sums;
the first is the smaller against the product the larger D is, the second the larger `columns` is.
"""

from typing import NamedTuple

# 2**23 logits are 32 MiB in float32, and the weights lie in the same memory: it fits the 50 MB
# second-level cache of an H100. Reasoned, not yet measured.
TILE = 2**23
# rows · D of the product (rows, columns) · (columns, D) are cut into 128 x 256 pieces; 2**22
# outputs are 128 of them, one for each of about 132 multiprocessors.
OUTPUTS = 2**22
ROWS = (1024, 4096)  # fewer rows read the head too often, more leave too few columns
MOST_COLUMNS = 2**20  # the most that Triton lets one program hold
COLUMNS = 8192  # one row of a tile is one program of the kernel: 32 floats a thread at 256 threads


class Tiles(NamedTuple):
    """The size of a tile of logits."""

    rows: int
    columns: int

    def largest_bytes(self, width: int, carried: int = 1) -> int:
        """Bytes of the largest temporary of one tile, inputs and results apart.

        `width` is D + r (r = 0 without LoRA); `carried` is 2 with entropy_grad, else 1.
        """
        logits = self.rows * self.columns * carried
        sums = self.rows * carried * width
        head = self.columns * width
        return 4 * max(logits, sums, head)


def plan(n: int, d: int, v: int) -> Tiles:
    """The tiles for hidden (n, d) and a head (v, d)."""
    rows = max(ROWS[0], min(ROWS[1], _power_of_two(OUTPUTS // max(d, 1))))
    rows = max(1, min(rows, n))
    columns = min(COLUMNS, max(1024, _power_of_two(TILE // rows)))
    return Tiles(rows, max(1, min(columns, v)))


def check(tiles: Tiles) -> Tiles:
    """Raises ValueError for a tile that no kernel can hold."""
    if tiles.rows < 1 or not 1 <= tiles.columns <= MOST_COLUMNS:
        raise ValueError(f"{tiles}: rows must be 1 or more, and columns from 1 to {MOST_COLUMNS}")
    return tiles


def _power_of_two(number: int) -> int:
    return 1 << max(number.bit_length() - 1, 0)
