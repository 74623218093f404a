"""Which projector belongs to a language model, told from names and headers in its folder.

Projectors are called "mmproj" by custom, so the headers of other checkpoints beside are not read.
"""

import re
from pathlib import Path

from kimidesk.checkpoints.gguf import read_header
from kimidesk.checkpoints.parts import parts_of
from kimidesk.errors import BadCheckpoint

NO_PROJECTOR = "none"  # how a person says that none is wanted
MOST_SIZE = 65_536  # tokens that a picture may be asked to take; libmtmd counts pixels in 32 bits
_PRECISIONS = ("f16", "bf16", "f32", "q8_0")  # the first that is there is taken
_WORDS = re.compile(r"[a-z0-9_.]+")
_PRECISE = re.compile(r"i?q\d|b?f(16|32)")  # a word that begins so tells how numbers are kept


def projector_for(said: str, model: Path) -> Path | None:
    """The projector that a person named; where nothing is said, the one beside the model.

    Whether the named one is there is not looked at. Raises as `projector_of` does.
    """
    if said == NO_PROJECTOR:
        return None
    if not said:
        here = model.suffix == ".gguf" and model.is_file()
        return projector_of(model) if here else None
    return Path(said)


def projector_of(model: Path) -> Path | None:
    """The projector beside a GGUF whose rows are as wide as its embeddings.

    Of several the one whose name shares most words with the model's; None where that is not one
    projector in several precisions, or where there is none. Raises BadCheckpoint for the model.
    """
    beside = sorted(each for each in model.parent.glob("*.gguf") if "mmproj" in each.name.lower())
    if not beside:
        return None  # the usual case, which costs no look into the model
    header = read_header(parts_of(model)[0])
    width = header.whole(f"{header.text('general.architecture')}.embedding_length")
    fitting = [each for each in beside if each != model and width and _width(each) == width]
    if not fitting:
        return None
    said = _words(model)
    shared = {each: len(said & _words(each)) for each in fitting}
    closest = [each for each in fitting if shared[each] == max(shared.values())]
    if len({frozenset(_words(each)) for each in closest}) > 1:
        return None
    return min(closest, key=_precision)


def _width(path: Path) -> int:
    """Of what a projector for pictures gives; 0 for what is none."""
    try:
        header = read_header(path)
    except BadCheckpoint:
        return 0  # a damaged file beside a sound model is not the model's fault
    if header.text("general.architecture") != "clip":
        return 0
    sees = header.metadata.get("clip.has_vision_encoder")
    return header.whole("clip.vision.projection_dim") if sees is True else 0


def _words(path: Path) -> set[str]:
    """Of a name, without "mmproj" and what tells how numbers are kept."""
    return {word for word in _said(path) if word != "mmproj" and not _PRECISE.match(word)}


def _precision(path: Path) -> int:
    """Its place in _PRECISIONS; their number where the name ends in none of them."""
    last = _said(path)[-1:]
    return _PRECISIONS.index(last[0]) if last and last[0] in _PRECISIONS else len(_PRECISIONS)


def _said(path: Path) -> list[str]:
    return _WORDS.findall(path.stem.lower().replace("-", " "))
