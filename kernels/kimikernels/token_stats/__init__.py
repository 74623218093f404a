"""Statistics of one row of logits on the CPU."""

from kimikernels.token_stats.plain import (
    Row,
    TokenStats,
    largest,
    logprob_of,
    rank_of,
    token_stats,
)

__all__ = ["Row", "TokenStats", "largest", "logprob_of", "rank_of", "token_stats"]
