"""Pictures through a projector: what one costs, and how many printed lines are read rightly.

    python benchmarks/images.py MMPROJ [MODEL] [--lines 40] [--largest 99] [--font FILE.ttf ...]

The projector is one that reads a line of arithmetic, 'a op b ='. Each line is drawn with one of the
fonts in turn (Pillow's own without any), cut to its ink and a margin of half its height, which is
how the projector's training cut them. It is read twice. By the projector alone: each of its rows is
the code that it lies nearest to. And by the checkpoint, behind three typed examples; a reply counts
where its first line is the expression to the character. The same lines typed tell what the
checkpoint makes of a perfect reading.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import gguf
import numpy as np
from gguf.quants import dequantize
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont, ImageOps

from kimidesk.checkpoints import catalog
from kimidesk.engines.llamacpp import LlamaCpp
from kimidesk.engines.llamacpp.vision import Chunk
from kimidesk.engines.pictures import read as read_picture
from kimidesk.records import Attempt, Budget, Message, Sampling
from kimidesk.wire.messages import OpenCheckpoint

SHOTS = ("3 + 4 =", "81 - 7 =", "12 × 5 =")
CODES = (*"0123456789", " +", " -", " ×", " /", " =", " ?", " ", "")  # in the projector's order
MARGIN = 0.5  # of the ink's height
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
            fonts = options.font or [""]
            lines = _lines(options.lines, options.largest)
            pictures = [
                _drawn(line, Path(folder), fonts[number % len(fonts)])
                for number, line in enumerate(lines)
            ]
            alone = _read_alone(engine, Path(options.projector), pictures)
            read = [_reply(engine, "", str(picture)) for picture in pictures]
            typed = [_reply(engine, _canonical(line)) for line in lines]
            tokens = engine.add(_attempt("n", "", pictures[0])).pictures[0].tokens
            engine.drop("n")
            print(f"{len(lines)} lines, {len(fonts)} fonts, {tokens} tokens each")
            print(f"read by the projector alone: {_right(alone, lines)} of {len(lines)}")
            print(f"read by the checkpoint:      {_right(read, lines)} of {len(lines)}")
            print(f"typed instead:               {_right(typed, lines)} of {len(lines)}")
            print(f"evaluating a picture: {_ms(encodes)} ms, median of {len(encodes)}")
            _share(engine, encodes, Path(folder), fonts[0])
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


def _lines(count: int, largest: int) -> list[str]:
    random = np.random.default_rng(6)
    pairs = random.integers(1, largest + 1, (count, 2)).tolist()
    return [f"{a} {random.choice(['+', '-', '×', '÷'])} {b} =" for a, b in pairs]


def _read_alone(engine: LlamaCpp, projector: Path, pictures: list[Path]) -> list[str]:
    """What the rows say that the projector makes, each the code that it lies nearest to."""
    eye, book = engine._projector, _book(projector)
    assert eye is not None
    texts = []
    for picture in pictures:
        (view,) = eye.show(read_picture(picture)).views
        assert isinstance(view, Chunk)
        rows = view.glimpse().rows
        nearest = [int(((book - row) ** 2).sum(axis=1).argmin()) for row in rows]
        texts.append("".join(CODES[code] for code in nearest))
    return texts


def _book(projector: Path) -> NDArray[np.float32]:
    """The row that stands for each code: the last matrix takes 8 for "this one"."""
    tensors = {each.name: each for each in gguf.GGUFReader(projector).tensors}
    last = tensors["mm.2.weight"]
    weight = dequantize(last.data, last.tensor_type).astype(np.float32)
    bias = np.asarray(tensors["mm.2.bias"].data, np.float32)
    return np.ascontiguousarray((weight * 8 + bias[:, None]).T)


def _drawn(line: str, folder: Path, font: str) -> Path:
    """A PNG of a line, black on white, cut to its ink and a margin."""
    letters = ImageFont.truetype(font, 64) if font else ImageFont.load_default(64)
    image = Image.new("L", (1200, 200), 255)
    ImageDraw.Draw(image).text((60, 50), line, 0, font=letters)
    box = ImageOps.invert(image).getbbox()
    assert box is not None
    left, top, right, bottom = box
    margin = round(MARGIN * (bottom - top))
    cut = image.crop((left - margin, top - margin, right + margin, bottom + margin))
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
        reply.strip().split("\n")[0].strip() == _canonical(line)
        for reply, line in zip(replies, lines, strict=True)
    )


def _canonical(line: str) -> str:
    return line.replace("÷", "/")  # two tokens of SmolLM2's, so the projector says the other


def _ms(seconds: list[float]) -> str:
    return f"{statistics.median(seconds) * 1000:.1f}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("projector")
    parser.add_argument("model", nargs="?", default="smollm2-135m")
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--largest", type=int, default=99)
    parser.add_argument("--font", nargs="*", default=[])
    return parser.parse_args()


if __name__ == "__main__":
    main()
