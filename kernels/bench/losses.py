"""The objectives, so that nobody fuses them without a reason; and the read they are held to."""

from collections.abc import Iterator

from contest import Contest, Line, Way

from kimikernels.objectives.timing import RUNS, loss_ms


def lines(device: str, quick: bool) -> Iterator[Line]:
    """64 sequences of 16,384 tokens, forward and backward; the first row is one plain sum."""
    batch, length = (8, 16) if quick else (64, 16_384)
    took = loss_ms(batch, length, device=device)
    base = took["logprobs_read"]
    what = Contest("objectives", "float32", f"{batch} x {length:,}", "forward+backward", ())
    for name in ("logprobs_read", "opmd", "grpo"):
        yield Line(what, Way(name, tuple), took[name], RUNS, None, took[name] / base, "")
