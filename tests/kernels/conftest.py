"""Where kernels run, and how far from float64 they may be.

Without a GPU the Triton kernels are interpreted; with one, `-m gpu` compiles them.
"""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

HAS_TORCH = find_spec("torch") is not None and find_spec("triton") is not None

if HAS_TORCH:
    import torch

    HAS_GPU = torch.cuda.is_available()


@pytest.fixture(params=["cpu", pytest.param("cuda", marks=pytest.mark.gpu)])
def device(request: pytest.FixtureRequest) -> str:
    """Each test of a Triton kernel runs interpreted, and on the GPU where there is one."""
    if not HAS_TORCH:
        pytest.skip("torch and triton are not installed")
    if request.param == "cpu" and HAS_GPU:
        pytest.skip("the kernels are compiled here: run -m gpu")
    if request.param == "cuda" and not HAS_GPU:
        pytest.skip("there is no GPU")
    return str(request.param)


@pytest.fixture
def no_worse() -> Callable[..., None]:
    """Asks for error(ours) <= 2 * error(torch in the same type) + 1e-5, both against float64.

    A result may also be off by its own last rounding, in which torch may have been lucky.
    """

    def check(ours: "torch.Tensor", torchs: "torch.Tensor", truth: "torch.Tensor") -> None:
        truth = truth.double().cpu()
        rounding = torch.finfo(ours.dtype).eps / 2
        assert ours.shape == truth.shape
        ours, torchs = ours.double().cpu(), torchs.double().cpu()
        fine = torch.isfinite(truth)
        assert ours[~fine].equal(truth[~fine]) or ours[~fine].isnan().equal(truth[~fine].isnan())
        mine, theirs = ((each - truth)[fine].abs() for each in (ours, torchs))
        assert torch.isfinite(mine).all()
        if mine.numel():
            allowed = 1e-5 + rounding * truth[fine].abs().max()
            assert mine.max() <= 2 * theirs.nan_to_num(0, 0, 0).max() + allowed

    return check


INTERPRETED = ("linear_logprob", "logprob_entropy", "draw", "bench")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What interprets Triton takes minutes of one core: once a landing is enough."""
    here = Path(__file__).parent
    for item in items:
        if item.path.parent.parent == here and item.path.parent.name in INTERPRETED:
            item.add_marker(pytest.mark.slow)
