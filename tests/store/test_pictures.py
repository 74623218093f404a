"""Pictures that came from no file."""

import os
import subprocess
import sys

from kimidesk.store.pictures import keep_picture, pictures_folder


def test_the_same_picture_is_the_same_file_and_no_draft_of_a_dead_process_stays(home):
    first = keep_picture(b"one")
    gone = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    dead, living = (pictures_folder() / f"ab.{pid}.tmp" for pid in (gone, os.getppid()))
    dead.write_bytes(b"half a pict")
    living.write_bytes(b"half a pict")

    assert keep_picture(b"one") == first
    keep_picture(b"two")

    assert first.read_bytes() == b"one"
    assert not dead.exists()
    assert living.exists()
