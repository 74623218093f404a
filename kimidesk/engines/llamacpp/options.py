"""Which options make sense, told before anything is loaded."""

from kimidesk.checkpoints.fit import CACHE_TYPES
from kimidesk.checkpoints.pairing import MOST_SIZE
from kimidesk.engines.evaluating import check_options
from kimidesk.engines.llamacpp.vision import Sizes
from kimidesk.errors import UsageError
from kimidesk.wire.messages import OpenCheckpoint

MOST_GUESSES = 64  # more are hardly ever right


def check_pool(options: OpenCheckpoint, length: int) -> None:
    """Raise UsageError for a pool that traces of `length` tokens cannot share."""
    if options.pool and (options.reproducible or options.pool < length):
        raise UsageError(
            f"the pool is {options.pool:,} tokens; it must hold a trace of {length:,}, "
            "and reproducible traces share none",
            hint="Make the pool larger, or give traces a shorter context (--context).",
        )


def check(options: OpenCheckpoint) -> None:
    """Raise UsageError for what has no meaning, whatever the checkpoint."""
    check_options(options)
    if options.kv_type not in CACHE_TYPES:
        raise UsageError(
            f"keys and values cannot be kept as {options.kv_type!r}",
            hint=f"Known: {', '.join(CACHE_TYPES)}.",
        )
    sizes = Sizes(options.image_min_tokens, options.image_max_tokens)
    if any(sizes) and not options.projector:
        raise UsageError(
            "without a projector no picture is scaled",
            hint="Leave out --image-min-tokens and --image-max-tokens, or name a --projector.",
        )
    if not 0 <= sizes.least <= (sizes.most or MOST_SIZE) <= MOST_SIZE:
        raise UsageError(
            f"a picture is to take {sizes.least:,} to {sizes.most:,} tokens; the least must not "
            f"be above the most, and neither above {MOST_SIZE:,}"
        )
    if not 1 <= options.guesses <= MOST_GUESSES:
        raise UsageError(f"guesses is {options.guesses}; it must be 1 to {MOST_GUESSES}")
