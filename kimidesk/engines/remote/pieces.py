"""Ids for texts that a server tells without any."""

from hashlib import blake2b

from kimidesk.errors import Refused

FIRST = 1 << 24  # no vocabulary is as large, so none of its ids is taken for one of these
ROOM = (1 << 31) - FIRST
MOST = 512 << 20  # bytes of all; a run of 30,000 problems of 5 kB has 150 MB
EACH = 200  # bytes that one takes beside its own


class Pieces:
    """Bytes ↔ ids of our own. An id is made of its bytes: the same whoever meets them first."""

    def __init__(self, most: int = MOST) -> None:
        self._left = most
        self._ids: dict[bytes, int] = {}
        self._pieces: dict[int, bytes] = {}

    def id_of(self, piece: bytes) -> int:
        """Its id; two pieces that fall together get different ones, in the order they come.

        Raises Refused where all that was met has taken the memory that it may take.
        """
        known = self._ids.get(piece)
        if known is not None:
            return known
        self._left -= len(piece) + EACH
        if self._left < 0:
            raise Refused(
                "the texts that this server has told fill the memory that they may take",
                hint="Open the server again; traces made until then are kept.",
            )
        id_ = FIRST + int.from_bytes(blake2b(piece, digest_size=4).digest(), "little") % ROOM
        while id_ in self._pieces:
            id_ = FIRST + (id_ + 1 - FIRST) % ROOM
        self._ids[piece], self._pieces[id_] = id_, piece
        return id_

    def __contains__(self, id_: int) -> bool:
        return id_ in self._pieces

    def __getitem__(self, id_: int) -> bytes:
        return self._pieces[id_]

    def get(self, id_: int) -> bytes:
        """Its bytes; b"" for an id that was never given out."""
        return self._pieces.get(id_, b"")
