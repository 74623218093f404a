"""Log-probability and entropy of rows of logits, with gradients, against float64."""

import math

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("triton")

from kimikernels.logprob_entropy import chunked, logprob_entropy, reference  # noqa: E402
from kimikernels.logprob_entropy.forward import BLOCK_V  # noqa: E402

INF = math.inf
DTYPES = (torch.float32, torch.float16, torch.bfloat16)
SIZES = (1, 2, 33, 1000, BLOCK_V - 1, BLOCK_V, BLOCK_V + 1, 2 * BLOCK_V + 77)


def plain_cpu(logits, target):
    """What a CPU without the interpreter runs, differentiable like the public function."""

    class Chunked(torch.autograd.Function):
        @staticmethod
        def forward(ctx, x, t):
            logprob, entropy, peak, log_sum = chunked.forward(x, t)
            ctx.save_for_backward(x, t, peak, log_sum, entropy)
            return logprob, entropy

        @staticmethod
        def backward(ctx, g, h):
            x, t, *kept = ctx.saved_tensors
            return chunked.backward(x, t, tuple(kept), g, h), None

    return Chunked.apply(logits, target)


@pytest.fixture(params=["kernel", "chunked"])
def run(request, device):
    """The public function, and the path of a plain CPU, which the interpreter would hide."""
    if request.param == "kernel":
        return logprob_entropy
    if device != "cpu":
        pytest.skip("the chunked path is for CPUs")
    return plain_cpu


def draw(rows, columns, dtype, device, scale=3.0):
    chance = torch.Generator().manual_seed(rows * 1_000_003 + columns)
    logits = (torch.randn(rows, columns, generator=chance) * scale).to(dtype)
    target = torch.randint(columns, (rows,), generator=chance)
    return logits.to(device), target.to(device)


def differentiate(function, logits, target, double=False):
    """(logprob, entropy, gradient), the two outputs weighed differently in every row."""
    x = logits.detach().clone()
    x = (x.double() if double else x).requires_grad_()
    logprob, entropy = function(x, target)
    weight = torch.linspace(-1.0, 1.5, len(x), device=x.device, dtype=logprob.dtype)
    (logprob * weight + entropy * (0.3 - weight)).sum().backward()
    return logprob.detach(), entropy.detach(), x.grad


def truncated(grad):
    """float32 cut to bfloat16, as Triton's interpreter does where a GPU rounds to the nearest."""
    return (grad.contiguous().view(torch.int32) & -65536).view(torch.float32).bfloat16()


def hold(run, no_worse, logits, target):
    ours = differentiate(run, logits, target)
    theirs = differentiate(reference.logprob_entropy, logits, target)
    if run is logprob_entropy and logits.dtype == torch.bfloat16 and not logits.is_cuda:
        in_float32 = differentiate(reference.logprob_entropy, logits.float(), target)
        theirs = (*theirs[:2], truncated(in_float32[2]))
    truth = differentiate(reference.logprob_entropy, logits, target, double=True)
    assert ours[0].dtype == ours[1].dtype == torch.float32
    assert ours[2].dtype == logits.dtype
    for mine, torchs, true in zip(ours, theirs, truth, strict=True):
        assert not mine.isnan().any()
        reach = true.isfinite()  # a target of -inf has logprob -inf in all three
        assert torch.equal(mine[~reach].double(), true[~reach])
        no_worse(mine[reach], torchs[reach], true[reach])


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("columns", SIZES)
def test_outputs_and_gradients_are_no_worse_than_torchs(run, device, no_worse, columns, dtype):
    hold(run, no_worse, *draw(3, columns, dtype, device))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("columns", [151_936, 262_144])
def test_one_row_of_a_true_vocabulary_is_no_worse_than_torchs(
    run, device, no_worse, columns, dtype
):
    hold(run, no_worse, *draw(1, columns, dtype, device))


def test_many_short_rows_are_no_worse_than_torchs(run, device, no_worse):
    hold(run, no_worse, *draw(67, 5, torch.float32, device))


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("offset", [-1e4, 1e4])
def test_logits_of_ten_thousand_are_no_worse_than_torchs(run, device, no_worse, offset, dtype):
    logits, target = draw(4, 1000, dtype, device)
    hold(run, no_worse, logits + offset, target)
    hold(run, no_worse, torch.where(logits > 0, offset, -offset).to(dtype), target)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_masked_columns_add_nothing(run, device, no_worse, dtype):
    logits, target = draw(5, BLOCK_V + 9, dtype, device)
    logits[0, :BLOCK_V] = -INF  # a whole block before the first live column
    logits[1, 7:] = -INF
    logits[2, ::2] = -INF
    logits[3, target[3]] = -INF  # the target itself
    logits[4, 1:] = torch.finfo(dtype).min
    hold(run, no_worse, logits, target)


@pytest.mark.parametrize("value", [0.0, -1e4, 3.0, torch.finfo(torch.float32).min])
def test_equal_rows_have_the_entropy_of_a_fair_die(run, device, value):
    columns = BLOCK_V + 3
    logits = torch.full((2, columns), value, device=device)
    logprob, entropy = run(logits, torch.tensor([0, columns - 1], device=device))

    assert entropy.tolist() == pytest.approx([math.log(columns)] * 2, rel=1e-6)
    assert logprob.tolist() == pytest.approx([-math.log(columns)] * 2, rel=1e-6)


def test_one_hot_rows_have_no_entropy_and_no_gradient(run, device):
    logits = torch.full((2, 300), -INF, device=device)
    logits[:, 41] = torch.tensor([2.0, -700.0])
    logprob, entropy, grad = differentiate(run, logits, torch.tensor([41, 41], device=device))

    assert logprob.tolist() == [0.0, 0.0]
    assert entropy.tolist() == [0.0, 0.0]
    assert not grad.any()


@pytest.mark.parametrize("place", [0, 511, BLOCK_V + 1])
@pytest.mark.parametrize("gap", [12.0, 30.0, 60.0])
def test_rows_near_one_hot_keep_relative_accuracy(run, device, gap, place):
    logits, _ = draw(1, BLOCK_V + 2, torch.float32, device, scale=1.0)
    logits[0, place] = gap
    target = torch.tensor([place], device=device)
    logprob, entropy = run(logits, target)
    rest = logits[0].double()
    rest = rest[torch.arange(len(rest), device=device) != place] - gap
    others = rest.exp().sum()
    true = -torch.log1p(others)

    assert logprob.item() == pytest.approx(true.item(), rel=1e-5)
    true = torch.log1p(others) - (rest * rest.exp()).sum() / (1 + others)
    assert entropy.item() == pytest.approx(true.item(), rel=1e-5)


def test_a_maximum_that_keeps_rising_or_falling_changes_nothing(run, device, no_worse):
    steps = torch.linspace(-40, 40, 3 * BLOCK_V + 1, device=device)
    target = torch.tensor([3 * BLOCK_V, 0], device=device)
    hold(run, no_worse, torch.stack([steps, steps.flip(0)]), target)


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # numpy's, interpreted
@pytest.mark.parametrize("flaw", [math.nan, INF])
@pytest.mark.parametrize("place", [0, 5, BLOCK_V, BLOCK_V + 4])
def test_a_row_with_nan_or_inf_gives_nan_and_its_neighbours_do_not(run, device, flaw, place):
    logits, target = draw(3, BLOCK_V + 5, torch.float32, device)
    logits[1, place] = flaw
    target[1] = place
    logprob, entropy, grad = differentiate(run, logits, target)

    for each in (logprob, entropy, grad.sum(dim=1)):
        assert each.isnan().tolist() == [False, True, False]
    assert grad[1].isnan().all()


@pytest.mark.filterwarnings("ignore:All-NaN slice:RuntimeWarning")  # numpy's, interpreted
def test_a_row_of_nan_alone_or_of_masks_alone_gives_nan(run, device):
    logits = torch.full((2, BLOCK_V + 5), math.nan, device=device)
    logits[1] = -INF
    logprob, entropy, grad = differentiate(run, logits, torch.tensor([0, 0], device=device))

    assert logprob.isnan().all()
    assert entropy.isnan().all()
    assert grad.isnan().all()


def test_a_row_nobody_asks_the_gradient_of_gets_zeros_even_from_nan(run, device):
    logits, target = draw(3, 40, torch.float32, device)
    logits[1, 3] = math.nan
    x = logits.requires_grad_()
    logprob, entropy = run(x, target)
    live = torch.tensor([True, False, True], device=device)
    torch.where(live, logprob + entropy, 0.0).sum().backward()

    assert not x.grad[1].any()
    assert x.grad[[0, 2]].isfinite().all()
    assert x.grad[[0, 2]].any()


@pytest.mark.parametrize("which", [0, 1])
def test_each_output_can_be_used_without_the_other(run, device, no_worse, which):
    logits, target = draw(3, 130, torch.float32, device)

    def one(function, x):
        x = x.detach().clone().requires_grad_()
        function(x, target)[which].sum().backward()
        return x.grad

    no_worse(
        one(run, logits),
        one(reference.logprob_entropy, logits),
        one(reference.logprob_entropy, logits.double()),
    )


def test_rows_a_stride_apart_are_read_where_they_are(run, device, no_worse):
    wide, target = draw(6, 333, torch.float32, device)
    hold(run, no_worse, wide[::2, 5:300], target[::2] % 295)


def test_a_row_repeated_by_expand_is_read_where_it_is(run, device):
    logits, target = draw(1, 50, torch.float32, device)
    same = run(logits.expand(4, 50), target.expand(4))
    once = run(logits, target)

    for repeated, single in zip(same, once, strict=True):
        alike(repeated, single.expand(4))


def test_a_row_past_two_to_the_31st_element_is_found(run, device):
    far = 2**31 + 64  # 4.3 GB of addresses; memory only where it is written
    store = torch.empty(far + 40, dtype=torch.bfloat16, device=device)
    logits = store.as_strided((2, 40), (far, 1))
    near, target = draw(2, 40, torch.bfloat16, device)
    logits.copy_(near)

    for mine, true in zip(run(logits, target), run(near, target), strict=True):
        alike(mine, true)
    x = logits.requires_grad_()
    (grad,) = torch.autograd.grad(run(x, target)[1].sum(), x)
    y = near.requires_grad_()
    alike(grad, torch.autograd.grad(run(y, target)[1].sum(), y)[0])


def alike(mine: torch.Tensor, true: torch.Tensor) -> None:
    """Bit for bit; on a GPU to the last bits: a kernel is compiled anew for another stride."""
    if mine.is_cuda:
        torch.testing.assert_close(mine, true, atol=1e-6, rtol=1e-6)
    else:
        assert torch.equal(mine, true)


def test_targets_may_be_int32(run, device):
    logits, target = draw(3, 50, torch.float32, device)

    assert torch.equal(run(logits, target.int())[0], run(logits, target)[0])


def test_twice_gives_the_same_bits(run, device):
    logits, target = draw(4, 2 * BLOCK_V + 1, torch.bfloat16, device)
    first, second = (differentiate(run, logits, target) for _ in range(2))

    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


def test_no_rows_give_empty_tensors(run, device):
    x = torch.empty(0, 100, device=device, requires_grad=True)
    logprob, entropy = run(x, torch.empty(0, dtype=torch.int64, device=device))
    (logprob.sum() + entropy.sum()).backward()

    assert logprob.shape == entropy.shape == (0,)
    assert x.grad.shape == (0, 100)


@pytest.mark.parametrize("outside", [-1, -100, 50, 2**40])
def test_a_kernel_reads_nothing_for_a_target_outside_and_gives_nan(device, outside):
    logits, target = draw(3, 50, torch.float32, device)
    good = logprob_entropy(logits, target)
    target[1] = outside
    logprob, entropy, grad = differentiate(logprob_entropy, logits, target)

    assert logprob.isnan().tolist() == [False, True, False]
    assert torch.equal(entropy, good[1])
    assert grad.isnan().any(dim=1).tolist() == [False, True, False]


def test_a_target_outside_has_a_gradient_where_its_logprob_is_masked(device, no_worse):
    logits, target = draw(2, 50, torch.float32, device)
    target[1] = -100

    def masked(function, x, target):
        x = x.detach().clone().requires_grad_()
        logprob, entropy = function(x, target)
        (torch.where(target >= 0, logprob, 0.0).sum() + entropy.sum()).backward()
        return x.grad

    ours = masked(logprob_entropy, logits, target)
    inside = target.clamp(min=0)
    x = logits.double().requires_grad_()
    logprob, entropy = reference.logprob_entropy(x, inside)
    (logprob[0] + entropy.sum()).backward()
    no_worse(ours, x.grad.float(), x.grad)


@pytest.mark.parametrize("outside", [-1, 50])
def test_a_plain_cpu_refuses_a_target_outside(outside):
    with pytest.raises(ValueError, match=rf"{outside}.*they must lie in 0 \.\. 49"):
        chunked.forward(torch.zeros(2, 50), torch.tensor([3, outside]))


def test_chunks_of_few_rows_join_to_the_same_result(monkeypatch):
    logits, target = draw(7, 90, torch.bfloat16, "cpu")
    whole = differentiate(plain_cpu, logits, target)
    monkeypatch.setattr(chunked, "CHUNK", 200)
    parts = differentiate(plain_cpu, logits, target)

    assert all(torch.equal(a, b) for a, b in zip(whole, parts, strict=True))


@pytest.mark.parametrize(
    ("logits", "target", "message"),
    [
        (torch.zeros(4), torch.zeros(4).long(), r"\(4,\).*\(N, V\) and \(N,\)"),
        (torch.zeros(4, 3), torch.zeros(5).long(), r"\(4, 3\) and targets \(5,\)"),
        (torch.zeros(4, 3), torch.zeros(4, 1).long(), r"targets \(4, 1\)"),
        (torch.zeros(4, 0), torch.zeros(4).long(), r"\(4, 0\).*V at least 1"),
        (torch.zeros(4, 3).double(), torch.zeros(4).long(), r"float64.*must be bfloat16"),
        (torch.zeros(4, 3), torch.zeros(4), r"targets torch\.float32.*int64 or int32"),
        (torch.zeros(4, 3), torch.zeros(4, device="meta").long(), r"cpu and targets on meta"),
        (torch.zeros(3, 4).T, torch.zeros(4).long(), r"strides \(1, 4\).*contiguous"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(logits, target, message):
    with pytest.raises(ValueError, match=message):
        logprob_entropy(logits, target)


@pytest.mark.parametrize("shape", [torch.sum, torch.norm])  # the norm's own gradient has a graph
def test_no_second_derivative_is_pretended(device, shape):
    logits, target = draw(2, 9, torch.float32, device)
    x = logits.requires_grad_()
    loss = shape(logprob_entropy(x, target)[0])

    with pytest.raises(RuntimeError, match="no second derivative"):
        torch.autograd.grad(loss, x, create_graph=True)
