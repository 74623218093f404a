"""Losses of reinforcement learning from log-probabilities of sampled tokens, in plain torch.

`opmd_loss` is Kimi k1.5's, on whole sequences (opmd.py); `grpo_loss` is GRPO's, on tokens, clipped,
with DAPO's and Dr. GRPO's variations (grpo.py). `credit` turns rewards and groups into advantages
and weights. With them `opmd_sum` and `grpo_sum` take any slice of a batch; losses of slices add up.

They run on every device torch has, and wait for it a few times a call to check what they got. The
same input gives the same bits on the same device. Nothing is fused, since nothing here is as long
as a vocabulary: timing.py measures it.
"""

from kimikernels.objectives.credit import Credit, credit
from kimikernels.objectives.grpo import Grpo, grpo_loss, grpo_sum, token_weights
from kimikernels.objectives.opmd import Opmd, opmd_loss, opmd_sum

__all__ = [
    "Credit",
    "Grpo",
    "Opmd",
    "credit",
    "grpo_loss",
    "grpo_sum",
    "opmd_loss",
    "opmd_sum",
    "token_weights",
]
