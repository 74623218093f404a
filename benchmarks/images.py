"""Pictures through a projector: what one costs, and how many printed lines are read rightly.

    python benchmarks/images.py MMPROJ [MODEL] [--lines 60] [--font FILE.ttf]

The projector is one that reads a line of arithmetic, 'a op b =' with numbers up to 99. Each line is
drawn with the font (Pillow's own without one), cut to its ink, and asked for behind three typed
examples; a reply counts where its first line is the expression to the character. The same lines
typed tell what the checkpoint makes of a perfect reading.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont, ImageOps

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.vision import Chunk
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

SHOTS = ("3 + 4 =", "81 - 7 =", "12 × 5 =")
MARGIN = 12  # pixels around the ink
REPEATS = 4
GREEDY = Sampling(temperature=0)
REPLY = 12  # tokens


def main() -> None:
    """Print the table."""
    options = _options()
    path = catalog.resolve(options.model)
    how = OpenCheckpoint(
        str(path), context=1024, slots=REPEATS, threads=1, projector=options.projector
    )
    engine = LlamaCpp(path, how)
    encodes = _clocked()
    try:
        with tempfile.TemporaryDirectory() as folder:
            lines = _lines(options.lines)
            pictures = [_drawn(line, Path(folder), options.font) for line in lines]
            read = [_reply(engine, "", str(picture)) for picture in pictures]
            typed = [_reply(engine, line) for line in lines]
            tokens = engine.add(_attempt("n", "", pictures[0])).pictures[0].tokens
            engine.drop("n")
            print(
                f"{len(lines)} lines, {options.font or 'the font of Pillow'}, {tokens} tokens each"
            )
            print(f"read to the character: {_right(read, lines)} of {len(lines)}")
            print(f"typed instead:         {_right(typed, lines)} of {len(lines)}")
            print(f"evaluating a picture: {_ms(encodes)} ms, median of {len(encodes)}")
            _share(engine, encodes, Path(folder), options.font)
    finally:
        engine.close()


def _share(engine: LlamaCpp, encodes: list[float], folder: Path, font: str) -> None:
    """What repeats of one picture cost beside a single trace of it."""
    for count in (1, REPEATS):
        # A new picture each time: nothing of it may be held yet.
        picture = _drawn(f"{70 + count} + {20 + count} =", folder, font)
        before, begun = len(encodes), time.process_time()
        for number in range(count):
            engine.add(_attempt(f"{number}", "", picture))
        waiting = set(map(str, range(count)))
        while waiting:
            waiting -= {step.trace for step in engine.step() if step.token is not None}
        took = (time.process_time() - begun) * 1000
        for number in range(count):
            engine.drop(f"{number}")
        made = len(encodes) - before
        print(
            f"{count} traces of a new picture, to their first tokens: {took:.0f} ms, {made} encoded"
        )


def _clocked() -> list[float]:
    """Seconds that each evaluation of a picture takes from now on; what is kept costs none."""
    seconds: list[float] = []
    glimpse = Chunk.glimpse

    def timed(chunk: Chunk) -> object:
        fresh, begun = chunk.handle is not None, time.process_time()
        made = glimpse(chunk)
        if fresh:
            seconds.append(time.process_time() - begun)
        return made

    Chunk.glimpse = timed  # type: ignore[method-assign]
    return seconds


def _lines(count: int) -> list[str]:
    random = np.random.default_rng(5)
    pairs = random.integers(1, 100, (count, 2)).tolist()
    return [f"{a} {random.choice(['+', '-', '×'])} {b} =" for a, b in pairs]


def _drawn(line: str, folder: Path, font: str) -> Path:
    """A PNG of a line, black on white, cut to its ink and a margin."""
    letters = ImageFont.truetype(font, 64) if font else ImageFont.load_default(64)
    image = Image.new("L", (1200, 200), 255)
    ImageDraw.Draw(image).text((60, 50), line, 0, font=letters)
    box = ImageOps.invert(image).getbbox()
    assert box is not None
    left, top, right, bottom = box
    cut = image.crop((left - MARGIN, top - MARGIN, right + MARGIN, bottom + MARGIN))
    path = folder / f"{abs(hash(line))}.png"
    cut.convert("RGB").save(path)
    return path


def _attempt(trace: str, text: str, *pictures: Path | str) -> Attempt:
    shown = tuple(str(path) for path in pictures)
    shots = (Message(role, shot) for shot in SHOTS for role in ("user", "assistant"))
    return Attempt(trace, (*shots, Message("user", text, shown)), GREEDY, Budget(answer=REPLY))


def _reply(engine: LlamaCpp, text: str, *pictures: str) -> str:
    engine.add(_attempt("t", text, *pictures))
    said = b""
    while engine.live:
        for step in engine.step():
            if step.token is not None and not step.closing:
                said += engine.piece(step.token.id)
    return said.decode("utf-8", "replace")


def _right(replies: list[str], lines: list[str]) -> int:
    return sum(
        reply.strip().split("\n")[0].strip() == line
        for reply, line in zip(replies, lines, strict=True)
    )


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("projector")
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--lines", type=int, default=60)
    parser.add_argument("--font", default="")
    return parser.parse_args()


if __name__ == "__main__":
    main()
