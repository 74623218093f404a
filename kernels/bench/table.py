"""One table in Markdown, a line printed as soon as it is known."""

from contest import Line

COLUMNS = (
    "op", "device", "type", "shape", "pass", "way", "median ms", "n", "MB moved", "% of ceiling",
    "peak MB", "÷ first", "note",
)  # fmt: skip


def heading() -> str:
    """The two lines above the rows."""
    return f"| {' | '.join(COLUMNS)} |\n|{'---|' * len(COLUMNS)}"


def row(line: Line, device: str, ceiling: float) -> str:
    """`ceiling` is in GB/s; the ratio is this way's time over the first way's of the contest."""
    contest = line.contest
    moved = contest.bytes_moved
    share = "" if not (line.ms and moved) else f"{moved / line.ms / 1e6 / ceiling:.0%}"
    cells = (
        contest.op,
        device,
        contest.type,
        contest.shape,
        contest.what,
        line.way.name,
        "–" if line.ms is None else f"{line.ms:.3f}",
        str(line.rounds),
        f"{moved / 1e6:.1f}" if moved else "",
        share,
        "–" if line.peak_mb is None else f"{line.peak_mb:.1f}",
        "–" if line.ratio is None else f"{line.ratio:.2f}",
        line.note,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
