"""How pictures stand in a prompt: each as a run of one negative id, a token of the picture each.

The id is made of what the picture shows, so whoever compares prompts compares pictures too. It
stands for nothing in the vocabulary; engines evaluate a run as a whole, in a call of its own.
"""

import hashlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple, Protocol

from kimidesk.engines.pictures import Picture, read
from kimidesk.errors import Refused
from kimidesk.records import PictureBlock

MOST_KEPT = 16  # pictures; the rows of one with 1,000 tokens take 4 to 16 MB


class View(Protocol):
    """One run of equal ids: a picture, or a part of one that is shown by itself."""

    @property
    def id(self) -> int:
        """Negative; the same for the same pixels."""
        ...

    @property
    def tokens(self) -> int:
        """How many rows the model is given."""
        ...


class Size(NamedTuple):
    """Of a picture as it was given, turned upright, in pixels."""

    width: int
    height: int


class Shown(NamedTuple):
    """A picture as a prompt holds it."""

    ids: tuple[int, ...]  # what the family puts around and between the views included
    views: tuple[View, ...]  # in their order
    width: int  # of the largest view, pixels
    height: int


class Eye(Protocol):
    """What an engine that can see brings."""

    @property
    def most(self) -> int:
        """How many pictures a prompt may hold."""
        ...

    @property
    def around(self) -> tuple[str, str]:
        """What the family writes before and after each picture, as far as `show` does not."""
        ...

    def show(self, picture: Picture) -> Shown:
        """How a picture is shown; nothing is evaluated yet. Raises Refused."""
        ...


NO_VIEWS: Mapping[int, View] = MappingProxyType({})


class Seen(NamedTuple):
    """What a prompt holds of pictures."""

    blocks: tuple[PictureBlock, ...] = ()
    views: Mapping[int, View] = NO_VIEWS


class Gallery:
    """Pictures by their files, the last few kept: repeats and forks come with the same ones."""

    def __init__(self, eye: Eye) -> None:
        self._eye = eye
        self._kept: OrderedDict[tuple[str, int, int], tuple[Size, Shown]] = OrderedDict()

    @property
    def around(self) -> tuple[str, str]:
        """See `Eye`."""
        return self._eye.around

    def show(self, path: str) -> tuple[Size, Shown]:
        """The picture in a file, read again where the file has changed. Raises Refused.

        Its pixels, 50 MB at most, are not kept: what shows them has taken them.
        """
        try:
            status = Path(path).stat()
        except (OSError, ValueError) as error:
            raise Refused(f"the picture {path} cannot be read: {error}") from error
        key = (path, status.st_size, status.st_mtime_ns)
        if key not in self._kept:
            picture = read(Path(path))
            size = Size(picture.width, picture.height)
            self._kept[key] = (size, self._eye.show(picture))
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return self._kept[key]

    def place(self, parts: Sequence[Sequence[int] | str]) -> tuple[list[int], Seen]:
        """Put the ids of text and, in place of each path, a picture one after the other.

        Raises Refused.
        """
        count = sum(isinstance(part, str) for part in parts)
        if count > self._eye.most:
            raise Refused(f"there are {count} pictures; this projector shows {self._eye.most}")
        ids: list[int] = []
        blocks: list[PictureBlock] = []
        views: dict[int, View] = {}
        for part in parts:
            if not isinstance(part, str):
                ids += part
                continue
            size, shown = self.show(part)
            blocks.append(_block(part, size, shown, len(ids)))
            views |= {view.id: view for view in shown.views}
            ids += shown.ids
        return ids, Seen(tuple(blocks), views)

    def find(self, ids: Sequence[int], paths: Sequence[str]) -> Seen:
        """The pictures that stand in these ids, out of the given files.

        Raises Refused where a file is missing or does not show what it showed.
        """
        blocks: list[PictureBlock] = []
        views: dict[int, View] = {}
        at = 0
        for path in paths:
            size, shown = self.show(path)
            start = _index(ids, shown.ids, at)
            if start < 0:
                continue
            blocks.append(_block(path, size, shown, start))
            views |= {view.id: view for view in shown.views}
            at = start + len(shown.ids)
        place = 0
        while place < len(ids):
            view = views.get(ids[place])
            if ids[place] >= 0:
                place += 1
            elif view is None or list(ids[place : place + view.tokens]) != [view.id] * view.tokens:
                raise Refused(
                    f"the prompt holds a picture at token {place:,} that none of its files shows",
                    hint="The file has changed, or the checkpoint was opened with another "
                    "projector; ask again with the picture.",
                )
            else:
                place += view.tokens
        return Seen(tuple(blocks), views)


def id_of(*content: str) -> int:
    """The id of a view by its content: negative, of 31 bits, never −1."""
    digest = hashlib.blake2b("/".join(content).encode(), digest_size=4).digest()
    return -2 - int.from_bytes(digest, "little") % (1 << 30)


def _block(path: str, size: Size, shown: Shown, at: int) -> PictureBlock:
    """Where a picture is among the ids of a prompt, in which it begins at `at`."""
    pictured = [place for place, id_ in enumerate(shown.ids) if id_ < 0]
    first, last = pictured[0], pictured[-1]
    return PictureBlock(
        path,
        at + first,
        last - first + 1,
        size.width,
        size.height,
        shown.width,
        shown.height,
        len(shown.views),
    )


def _index(ids: Sequence[int], wanted: Sequence[int], start: int) -> int:
    """Where `wanted` stands among the ids, from `start` on; −1 where it does not."""
    whole, part = list(ids), list(wanted)
    places = (n for n in range(start, len(whole) - len(part) + 1) if whole[n] == part[0])
    return next((n for n in places if whole[n : n + len(part)] == part), -1)
