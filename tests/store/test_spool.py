"""Rivals in a file without a name: read back as they were, kept in memory where a disk is full."""

from pathlib import Path

import numpy as np
import pytest

from kimidesk.errors import StoreError
from kimidesk.records import FIELDS, WIDE, TokenColumns
from kimidesk.settings import cache_folder
from kimidesk.store import spooled_columns
from kimidesk.store.spool import Spool


def test_what_is_put_is_got_back_and_leaves_no_file(home: Path):
    spool = Spool()

    places = [spool.put(bytes([n]) * 1_000) for n in range(3)]

    assert [spool.get(at, 1_000) for at in places] == [bytes([n]) * 1_000 for n in range(3)]
    assert list(cache_folder().iterdir()) == []


def test_without_a_folder_rivals_stay_in_memory(home: Path):
    cache_folder().parent.mkdir(parents=True, exist_ok=True)
    cache_folder().write_text("a file where the folder would be")
    rows = 5_000
    arrays = {
        name: np.arange(rows * (20 if name in WIDE else 1)).astype(dtype)
        for name, dtype in FIELDS.items()
    }
    for name in WIDE:
        arrays[name] = arrays[name].reshape(rows, 20)
    columns = spooled_columns()

    columns.extend(TokenColumns.of(arrays, 20))

    np.testing.assert_array_equal(columns.rival_id, arrays["rival_id"])


def test_a_file_that_was_cut_short_is_an_error_and_not_other_numbers(home: Path):
    spool = Spool()
    at = spool.put(b"rivals" * 100)

    with pytest.raises(StoreError, match="cut short"):
        spool.get(at, 601)
