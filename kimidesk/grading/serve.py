"""The grading process: judges on its main thread what a face asks, until its stdin closes."""

import argparse
import os
import sys
from importlib.metadata import PackageNotFoundError, version

from kimidesk.grading.queue import CODE_LIMIT_S, GRADING_LIMIT_S, limit_of_code
from kimidesk.wire.messages import PROTOCOL, Judge, Judged, Ready
from kimidesk.wire.serving import claim_stdout, limit_memory, serve

ORPHAN_S = 2 * GRADING_LIMIT_S  # a living face kills after one limit; after two there is none
MEMORY = 2**30  # bytes a judgement may take beside what the program itself takes: a huge number


def main(code_limit_s: float | None) -> int:
    """Get warm, then judge; the exit code of the process. None: code is never run."""
    events = claim_stdout()
    # Only now: an import may print.
    from kimidesk.grading.symbolic import warm_up
    from kimidesk.grading.tasks import verdict_on

    def judged(asked: Judge) -> Judged:
        return Judged(asked.trace, verdict_on(asked, code_limit_s))

    warm_up()
    limit_memory(MEMORY)
    orphan_s = max(ORPHAN_S, 2 * limit_of_code(code_limit_s)) if code_limit_s else ORPHAN_S
    return serve(events, Ready(PROTOCOL, os.getpid(), _program()), Judge, judged, orphan_s)


def _allowed(arguments: list[str]) -> float | None:
    parser = argparse.ArgumentParser(prog="kimidesk.grading.serve", allow_abbrev=False)
    parser.add_argument("--allow-code-exec", action="store_true")
    parser.add_argument("--code-timeout", type=float, default=CODE_LIMIT_S, metavar="SECONDS")
    options = parser.parse_args(arguments)
    return options.code_timeout if options.allow_code_exec else None


def _program() -> str:
    try:
        return version("kimidesk")
    except PackageNotFoundError:  # run from a source tree that was never installed
        return "source"


if __name__ == "__main__":
    sys.exit(main(_allowed(sys.argv[1:])))
