"""Matrix products of half-precision operands with a float32 result.

torch has them on CUDA and lately on ROCm (`out_dtype`). Elsewhere the operands are made float32:
rounding a logit of 20 to bfloat16 would move it by up to 0.06, and its probability by 6 %.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import cache

import torch
from torch import Tensor

# Below about 16 columns the library adds up a row of the product term by term: over a tile of 8192
# that cost a slope of the entropy up to 37 times the error of torch's own backward.
NARROW = 64
PART = 256
HALF = (torch.bfloat16, torch.float16)


def operand_dtype(tensor: Tensor) -> torch.dtype:
    """The dtype in which `tensor` and its peers enter `product` here: its own where that works."""
    if tensor.dtype in HALF and not _mixes(tensor.device, tensor.dtype):
        return torch.float32
    return tensor.dtype


def product(left: Tensor, right: Tensor) -> Tensor:
    """left (i, j) @ right (j, k) -> (i, k), float32."""
    if left.dtype in HALF and _mixes(left.device, left.dtype):
        return torch.mm(left, right, out_dtype=torch.float32)
    return left.float() @ right.float()


def add_product(total: Tensor, left: Tensor, right: Tensor) -> None:
    """total (i, k), float32, += left (i, j) @ right (j, k)."""
    if left.dtype not in HALF and right.shape[1] <= NARROW:
        total.add_(_in_parts(left, right))
    elif left.dtype not in HALF:
        total.addmm_(left, right)
    elif _adds(left.device, left.dtype):
        torch.addmm(total, left, right, out_dtype=torch.float32, out=total)
    else:
        total.add_(product(left, right))


def _in_parts(left: Tensor, right: Tensor) -> Tensor:
    """left @ right, float32, as the sum of the products of PART columns of left each."""
    whole = left.shape[1] // PART * PART
    parts = left[:, :whole].unflatten(1, (-1, PART)).transpose(0, 1)  # (n, i, PART)
    rows = right[:whole].unflatten(0, (-1, PART))  # (n, PART, k)
    return torch.bmm(parts, rows).sum(dim=0).addmm_(left[:, whole:], right[whole:])


@contextmanager
def plainly(device: torch.device) -> Iterator[None]:
    """No autocast, which would round float32 operands, and kernels go to the tensors' device."""
    on = torch.cuda.device(device) if device.type == "cuda" else nullcontext()
    with on, torch.autocast(device.type, enabled=False):
        yield


@cache
def _mixes(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether this torch multiplies `dtype` into float32 on `device`: tried once, 16 x 16."""
    if device.type != "cuda":
        return False
    ones = torch.ones(16, 16, device=device, dtype=dtype)
    try:
        torch.mm(ones, ones, out_dtype=torch.float32)
    except (RuntimeError, TypeError):  # ROCm before torch 2.10 refuses; torch before 2.8 has none
        return False
    return True


@cache
def _adds(device: torch.device, dtype: torch.dtype) -> bool:
    """Whether it also adds such a product to a float32 matrix in place."""
    if not _mixes(device, dtype):
        return False
    ones = torch.ones(16, 16, device=device, dtype=dtype)
    total = torch.ones(16, 32, device=device, dtype=torch.float32)[:, :16]  # rows lie apart
    try:
        torch.addmm(total, ones, ones, out_dtype=torch.float32, out=total)
    except (RuntimeError, TypeError):  # torch 2.8 wants the sum in the operands' dtype
        return False
    return bool((total == 17).all())
