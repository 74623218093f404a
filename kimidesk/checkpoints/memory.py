"""What kind of memory a checkpoint has, told from its header: whether a trace can be cut anywhere.

A state that each token overwrites (recurrent models, and the layers of hybrid ones) is taken up as
a whole or not at all. A sliding window is kept at full length, so it can be cut.
"""

from enum import StrEnum

from kimidesk.checkpoints.gguf import Header

# The parts of an architecture's metadata that describe layers with a state (llama.cpp's names).
_STATES = ("ssm.", "wkv.", "kda.", "shortconv.")


class Memory(StrEnum):
    """What is kept of a trace."""

    EVERYTHING = "keys and values of every token"
    WINDOW = "keys and values, some layers looking back through a window"
    MIXED = "keys and values, and a state that cannot be cut"
    STATE = "a state that cannot be cut"

    @property
    def cuttable(self) -> bool:
        """Whether a fork may begin at any token without reading the prefix again."""
        return self in (Memory.EVERYTHING, Memory.WINDOW)


def memory_of(header: Header) -> Memory:
    """By the metadata of its architecture; one that this program does not know counts as usual."""
    name = header.text("general.architecture")
    states = any(key.startswith(f"{name}.{part}") for key in header.metadata for part in _STATES)
    attends = any(".attn_k" in each.name or ".attn_qkv" in each.name for each in header.tensors)
    if states:
        return Memory.MIXED if attends else Memory.STATE
    window = header.whole(f"{name}.attention.sliding_window")
    return Memory.WINDOW if window > 0 else Memory.EVERYTHING
