"""The samples of a run, read from the disk each time they are gone through.

A hundred thousand thoughts do not fit into memory; what is kept of each is where its line begins.
"""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import msgspec

from kimidesk.errors import StoreError
from kimidesk.records import Sample
from kimidesk.store.verdicts import judged_anew

SAMPLES = "samples.jsonl"
Key = tuple[int, int, int]  # as of `Sample.key`


class Journal:
    """Ordered by key; verdicts are those of the last `rescore`, and of people."""

    def __init__(self, folder: Path, places: Mapping[Key, int]) -> None:
        """`places`: the byte at which the line of each sample begins."""
        self._folder = folder
        self._places = {key: places[key] for key in sorted(places)}

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[Sample]:
        return judged_anew(self._folder, self._read())

    def of(self, wanted: Callable[[Key], bool]) -> "Journal":
        """Those whose key is wanted."""
        kept = {key: place for key, place in self._places.items() if wanted(key)}
        return Journal(self._folder, kept)

    def _read(self) -> Iterator[Sample]:
        path, decoder = self._folder / SAMPLES, msgspec.json.Decoder(Sample)
        if not self._places:
            return
        try:
            with path.open("rb") as file:
                for place in self._places.values():
                    file.seek(place)
                    yield decoder.decode(file.readline())
        except (OSError, msgspec.DecodeError) as error:
            raise StoreError(f"{path} changed while it was read: {error}") from error
