"""Prints which implementation each operation takes here, and why: `python -m kimikernels`."""

from importlib import import_module
from importlib.util import find_spec

ON_TORCH = ("draw", "linear_logprob", "logprob_entropy")


def main() -> None:
    """One line for each operation and device."""
    from kimikernels.token_stats import choice

    print("\t".join(choice()))
    if find_spec("torch") is None:
        print("\t".join((", ".join(ON_TORCH), "-", "-", "torch is not installed")))
        return
    import torch

    for op in ON_TORCH:
        for device in ("cpu", "cuda") if torch.cuda.is_available() else ("cpu",):
            module = import_module(f"kimikernels.{op}")
            print("\t".join(module.choice(torch.device(device))))


if __name__ == "__main__":
    main()
