"""The grading process: judges on its main thread what a face asks, until its stdin closes."""

import os
import sys
from importlib.metadata import PackageNotFoundError, version

from kimidesk.grading.queue import GRADING_LIMIT_S
from kimidesk.wire.messages import PROTOCOL, Judge, Judged, Ready
from kimidesk.wire.serving import claim_stdout, limit_memory, serve

ORPHAN_S = 2 * GRADING_LIMIT_S  # a living face kills after one limit; after two there is none
MEMORY = 2**30  # bytes a judgement may take beside what the program itself takes: a huge number


def main() -> int:
    """Get warm, then judge; the exit code of the process."""
    events = claim_stdout()
    # Only now: an import may print.
    from kimidesk.grading.symbolic import warm_up
    from kimidesk.grading.tasks import verdict_on

    def judged(asked: Judge) -> Judged:
        return Judged(asked.trace, verdict_on(asked))

    warm_up()
    limit_memory(MEMORY)
    return serve(events, Ready(PROTOCOL, os.getpid(), _program()), Judge, judged, ORPHAN_S)


def _program() -> str:
    try:
        return version("kimidesk")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "source"


if __name__ == "__main__":
    sys.exit(main())
