"""A number in [0, 1) for each seed and position: a counter, not a stream.

    mix(w): w ^= w >> 30; w *= 0xBF58476D1CE4E5B9; w ^= w >> 27; w *= 0x94D049BB133111EB
            w ^= w >> 31
    uniform(seed, position) = (mix(mix(seed) + (position + 1) * golden) >> 11) * 2**-53

all in 64 bits without a sign; mix is the finaliser of splitmix64 (Steele, Lea and Flood, "Fast
splittable pseudorandom number generators", 2014) and golden = 2**64 / the golden ratio. Only
integers and a product with a power of two: every machine gets the same bits.
"""

import torch
from torch import Tensor

GOLDEN = 0x9E3779B97F4A7C15
FIRST = 0xBF58476D1CE4E5B9
SECOND = 0x94D049BB133111EB
STEP = 2.0**-53


def uniform(seeds: Tensor, positions: Tensor) -> Tensor:
    """The number of each seed and position, both int64 of one shape; float64, on their device."""
    counter = (positions + 1) * _signed(GOLDEN)
    return _shifted(_mixed(_mixed(seeds) + counter), 11).to(torch.float64) * STEP


def _mixed(word: Tensor) -> Tensor:
    word = (word ^ _shifted(word, 30)) * _signed(FIRST)
    word = (word ^ _shifted(word, 27)) * _signed(SECOND)
    return word ^ _shifted(word, 31)


def _shifted(word: Tensor, by: int) -> Tensor:
    return (word >> by) & ((1 << 64 - by) - 1)  # torch shifts the sign in


def _signed(word: int) -> int:
    return word - (1 << 64) if word >> 63 else word
