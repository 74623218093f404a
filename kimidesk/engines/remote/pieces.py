"""Ids for texts that a server tells without any."""

from hashlib import blake2b

FIRST = 1 << 24  # no vocabulary is as large, so none of its ids is taken for one of these
ROOM = (1 << 31) - FIRST


class Pieces:
    """Bytes ↔ ids of our own. An id is made of its bytes: the same whoever meets them first."""

    def __init__(self) -> None:
        self._ids: dict[bytes, int] = {}
        self._pieces: dict[int, bytes] = {}

    def id_of(self, piece: bytes) -> int:
        """Its id; two pieces that fall together get different ones, in the order they come."""
        known = self._ids.get(piece)
        if known is not None:
            return known
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
