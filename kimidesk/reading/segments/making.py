"""Making the segmenter that ships: `python -m kimidesk.reading.segments.making DATA OUT`.

DATA is what `training.read` reads. A model learns what a model labelled, of which there is much,
and is then moved by what people labelled, of which there is little and which is what counts.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from kimidesk.reading.segments.adapting import adapted
from kimidesk.reading.segments.model import Model, save
from kimidesk.reading.segments.training import Labelled, read, train


def made(data: Sequence[Labelled]) -> Model:
    """Of all that is labelled; raises UsageError where scikit-learn is not installed."""
    start = train([each for each in data if not each.human])
    return adapted(start, [each for each in data if each.human])


def main() -> None:
    """Make it from the folder that is named, into the file that is named."""
    folder, out = Path(sys.argv[1]), Path(sys.argv[2])
    model = made(read(folder))
    save(model, out)
    sys.stdout.write(
        f"{len(model.feature):,} features, {len(model.classes)} classes, "
        f"{out.stat().st_size:,} bytes\n"
    )


if __name__ == "__main__":
    main()
