"""linear_logprob against its reference, with tiles so small that every edge is crossed."""

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("triton")

from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

from kimikernels.linear_logprob import (  # noqa: E402
    Lora,
    Tiles,
    backward,
    forward,
    layer,
    linear_logprob,
    matmul,
    plan,
    reference,
    steps,
)

SMALL = Tiles(2, 8)  # rows and columns of a tile: every test below crosses its edges
TRITON = "kimikernels.linear_logprob.tile_triton"
DTYPES = [torch.float32, torch.float16, torch.bfloat16]
KINDS = {
    "plain": {},
    "temperature": {"temperature": 0.7},
    "softcap": {"softcap": 3.0},
    "lora": {"lora": 0.5},
    "all": {"lora": -1.5, "softcap": 4.0, "temperature": 1.3},
}


@pytest.fixture(params=["triton", "chunked"])
def engine(request, device, monkeypatch):
    """Either implementation on the device of the tests."""
    chosen = steps.named(request.param)
    monkeypatch.setattr(steps, "named", lambda name: chosen)
    return device


def case(n, d, v, dtype, device, rank=3, seed=0):
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=generator).to(dtype).to(device)

    target = torch.randint(0, v, (n,), generator=generator).to(device)
    if n:
        target[0] = 0  # the first column of the first tile
        target[-1] = v - 1
    return draw(n, d) / d**0.5, draw(v, d), target, draw(rank, d), draw(v, rank) / 4


def run(op, inputs, dtype, *, entropy=True, lora=None, grads=(1, 1, 1, 1), **options):
    """Both results, then the gradients of hidden, head, A and B that are asked for."""
    hidden, head, target, a, b = inputs
    leaves = [each.detach().clone().to(dtype) for each in (hidden, head, a, b)]
    used = leaves if lora is not None else leaves[:2]
    for leaf, wanted in zip(used, grads, strict=False):
        leaf.requires_grad_(bool(wanted))
    if lora is not None:
        options["lora"] = Lora(leaves[2], leaves[3], lora)
    if op is linear_logprob:
        options = {"entropy_grad": entropy, "tiles": SMALL, **options}
    results = op(leaves[0], leaves[1], target, **options)
    generator = torch.Generator().manual_seed(9)
    loss = 0.0
    for result in results if entropy else results[:1]:
        weight = torch.randn(len(hidden), generator=generator, dtype=torch.float64)
        loss = loss + (result.double() * weight.to(result.device)).sum()
    if loss.requires_grad:
        loss.backward()
    return [*results, *(leaf.grad for leaf in used if leaf.requires_grad)]


def compare(no_worse, inputs, dtype, **options):
    ours = run(linear_logprob, inputs, dtype, **options)
    options.pop("tiles", None)
    theirs = run(reference.linear_logprob, inputs, dtype, **options)
    truth = run(reference.linear_logprob, inputs, torch.float64, **options)
    assert len(ours) == len(truth)
    for mine, torchs, true in zip(ours, theirs, truth, strict=True):
        no_worse(mine, torchs, true)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("kind", KINDS)
def test_results_and_all_gradients_are_as_near_to_float64_as_torch(engine, no_worse, kind, dtype):
    inputs = case(5, 13, 37, dtype, engine)
    compare(no_worse, inputs, dtype, **KINDS[kind])


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
@pytest.mark.parametrize("kind", ["plain", "all"])
def test_the_logprob_alone_has_the_same_gradients(engine, no_worse, kind, dtype):
    inputs = case(5, 13, 37, dtype, engine)
    compare(no_worse, inputs, dtype, entropy=False, **KINDS[kind])


@pytest.mark.parametrize(
    ("n", "d", "v"),
    [(1, 1, 1), (1, 5, 1), (1, 7, 8), (2, 8, 16), (3, 3, 17), (4, 31, 9), (2, 1025, 11)],
)
def test_one_row_one_column_a_block_and_a_block_plus_one_are_right(engine, no_worse, n, d, v):
    inputs = case(n, d, v, torch.float32, engine)
    compare(no_worse, inputs, torch.float32, lora=1.0, softcap=20.0)


@pytest.mark.parametrize("tiles", [Tiles(1, 3), Tiles(3, 5), Tiles(64, 64), None], ids=str)
def test_the_size_of_a_tile_does_not_matter(engine, no_worse, tiles):
    inputs = case(7, 6, 23, torch.float32, engine)
    compare(no_worse, inputs, torch.float32, tiles=tiles, lora=1.0)


@pytest.mark.parametrize("grads", [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 1, 0), (0, 0, 0, 1)], ids=str)
@pytest.mark.parametrize("entropy", [True, False])
def test_a_gradient_is_the_same_when_it_is_the_only_one_wanted(engine, no_worse, grads, entropy):
    inputs = case(5, 13, 37, torch.float32, engine)
    compare(no_worse, inputs, torch.float32, grads=grads, entropy=entropy, **KINDS["all"])


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("entropy", [True, False])
def test_half_precision_weights_may_lie_where_the_logits_lay(
    engine, no_worse, monkeypatch, dtype, entropy
):
    if engine == "cpu" and dtype == torch.bfloat16 and steps.named("").absorb.__module__ == TRITON:
        pytest.skip("Triton's interpreter cuts to bfloat16 where a GPU rounds")
    # As on a GPU: operands and weights keep their dtype, the products are float32.
    for module in (layer, backward):
        monkeypatch.setattr(module, "operand_dtype", lambda tensor: tensor.dtype)
    inputs = case(6, 24, 70, dtype, engine)
    compare(no_worse, inputs, dtype, entropy=entropy, lora=1.0, softcap=9.0)
    compare(no_worse, inputs, dtype, entropy=entropy)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_a_nearly_certain_target_keeps_its_small_gradient(engine, monkeypatch, dtype):
    for module in (layer, backward):
        monkeypatch.setattr(module, "operand_dtype", lambda tensor: tensor.dtype)
    hidden, head, target, a, b = case(3, 16, 40, dtype, engine)
    target[:] = torch.tensor([4, 20, 39])
    head[target] = hidden * 14.0 / (hidden.float() ** 2).sum(1, keepdim=True).to(dtype)
    inputs = (hidden, head, target, a, b)
    truth = run(reference.linear_logprob, inputs, torch.float64, entropy=False)
    assert truth[0].min() > -0.01

    ours = run(linear_logprob, inputs, dtype, entropy=False)

    # A logit of 14 is rounded by 14 eps at most, and with it the probability of all others;
    # 1 − p of a rounded p would be off by a hundred eps.
    bound = 4 * torch.finfo(dtype).eps + 28 * torch.finfo(torch.float32).eps
    for mine, true in ((ours[2], truth[2]), (ours[3], truth[3])):
        off = (mine.double() - true).abs().max() / true.abs().max()
        assert off < bound


def test_logits_of_ten_thousand_stay_finite(engine, no_worse):
    hidden, head, target, a, b = case(4, 8, 30, torch.float32, engine)
    head[:, 0] = torch.linspace(-1e4, 1e4, 30)
    hidden[:, 0] = torch.tensor([1.0, -1.0, 1.0, 0.5])
    target[:] = torch.tensor([29, 0, 3, 28])
    compare(no_worse, (hidden, head, target, a, b), torch.float32)


@pytest.mark.parametrize("entropy", [True, False])
def test_a_head_row_of_minus_infinity_has_probability_zero(engine, entropy):
    hidden, head, target, a, b = case(4, 1, 20, torch.float32, engine)
    hidden.abs_().add_(0.1)
    head[::3] = -torch.inf
    target[:] = torch.tensor([1, 2, 4, 19])
    inputs = (hidden, head, target, a, b)
    asked = {"grads": (0, 1), "entropy": entropy}
    truth = run(reference.linear_logprob, inputs, torch.float64, **asked)

    ours = run(linear_logprob, inputs, torch.float32, **asked)

    for mine, true in zip(ours, truth, strict=True):
        assert torch.allclose(mine.double(), true, atol=1e-5)
    assert (ours[2][::3] == 0).all()


def test_equal_logits_have_the_entropy_of_a_uniform_choice(engine):
    hidden, head, target, *_ = case(3, 4, 33, torch.float32, engine)
    head[:] = head[0].clone()

    logprob, entropy = linear_logprob(hidden, head, target, tiles=SMALL)

    uniform = torch.full((3,), 33.0).log().to(engine)
    assert torch.allclose(entropy, uniform, atol=1e-5)
    assert torch.allclose(logprob, -uniform, atol=1e-5)


def test_a_certain_row_has_no_entropy_and_no_gradient(engine):
    hidden = torch.ones(2, 1, device=engine)
    head = torch.full((20, 1), -1e4, device=engine)
    head[13] = 1e4
    target = torch.tensor([13, 5], device=engine)

    logprob, entropy, grad_hidden, _ = run(
        linear_logprob, (hidden, head, target, hidden, hidden), torch.float32
    )

    assert logprob.tolist() == [0.0, -2e4]
    assert entropy.tolist() == [0.0, 0.0]
    assert grad_hidden[0].item() == 0


def test_a_row_of_nan_is_nan_and_leaves_the_others_alone(engine):
    inputs = case(5, 6, 20, torch.float32, engine)
    clean = run(linear_logprob, inputs, torch.float32, grads=(1, 0))
    inputs[0][2, 3] = torch.nan

    logprob, entropy, grad = run(linear_logprob, inputs, torch.float32, grads=(1, 0))

    others = [0, 1, 3, 4]
    for result in (logprob, entropy, grad):
        assert result[2].isnan().all()
    for result, before in zip((logprob, entropy, grad), clean, strict=True):
        assert torch.equal(result[others], before[others])


def test_a_head_row_of_nan_makes_every_row_nan(engine):
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, engine)
    for row in (7, int(target[0])):
        broken = head.clone()
        broken[row] = torch.nan

        logprob, entropy = linear_logprob(hidden, broken, target, tiles=SMALL)

        assert logprob.isnan().all()
        assert entropy.isnan().all()


def test_a_target_outside_the_vocabulary_raises_on_a_cpu():
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, "cpu")
    for wrong in (-100, 20):
        target[1] = wrong
        with pytest.raises(ValueError, match=f"target {wrong} is outside the vocabulary of 20"):
            linear_logprob(hidden, head, target)


def test_a_target_outside_the_vocabulary_is_nan_where_it_is_not_looked_for(engine, monkeypatch):
    monkeypatch.setattr("kimikernels.linear_logprob.check_tensors", lambda *inputs: None)
    hidden, head, target, *_ = case(4, 6, 20, torch.float32, engine)
    target[1], target[2] = -100, 20
    hidden.requires_grad_()
    head.requires_grad_()

    logprob, entropy = linear_logprob(hidden, head, target, tiles=SMALL)
    logprob[[0, 3]].sum().backward()

    assert logprob.isnan().tolist() == [False, True, True, False]
    truth = reference.linear_logprob(hidden.double(), head.double(), target.clamp(0, 19))
    assert torch.allclose(entropy.double(), truth.entropy, atol=1e-5)
    assert (hidden.grad[[1, 2]] == 0).all()  # masked out of the loss
    assert head.grad.isfinite().all()
    logprob = linear_logprob(hidden, head, target, tiles=SMALL).logprob
    hidden.grad = head.grad = None
    logprob.sum().backward()
    assert hidden.grad.isnan().any(dim=1).tolist() == [False, True, True, False]
    assert head.grad.isnan().all()


def test_strides_are_free(engine, no_worse):
    hidden, head, target, a, b = case(5, 12, 26, torch.float32, engine)
    plain = linear_logprob(hidden, head, target, lora=Lora(a, b), tiles=SMALL)
    strided = [each.T.contiguous().T for each in (hidden, head, a, b)]
    strided[1] = torch.stack((head, -head), dim=2)[:, :, 0]  # no stride of 1 anywhere
    scattered = torch.stack((target, target + 1), dim=1)[:, 0]
    leaves = [each.detach().requires_grad_() for each in strided]

    results = linear_logprob(
        leaves[0], leaves[1], scattered, lora=Lora(leaves[2], leaves[3]), tiles=SMALL
    )
    results.logprob.sum().backward()

    for mine, other in zip(results, plain, strict=True):
        assert torch.allclose(mine, other, atol=1e-5)
    assert all(leaf.grad.isfinite().all() for leaf in leaves)


def test_no_rows_give_empty_results_and_zero_gradients(engine):
    inputs = case(0, 5, 9, torch.float32, engine)

    logprob, entropy, *grads = run(linear_logprob, inputs, torch.float32, lora=1.0)

    assert logprob.shape == entropy.shape == (0,)
    assert [tuple(grad.shape) for grad in grads] == [(0, 5), (9, 5), (3, 5), (9, 3)]
    assert all((grad == 0).all() for grad in grads)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_the_same_call_gives_the_same_bits(engine, dtype):
    inputs = case(6, 16, 40, dtype, engine)
    once = run(linear_logprob, inputs, dtype, **KINDS["all"])
    again = run(linear_logprob, inputs, dtype, **KINDS["all"])

    assert all(torch.equal(a, b) for a, b in zip(once, again, strict=True))


def test_float32_lora_matrices_go_with_a_half_precision_head(engine):
    hidden, head, target, a, b = case(5, 8, 20, torch.bfloat16, engine)
    a, b = a.float().requires_grad_(), b.float().requires_grad_()

    linear_logprob(hidden, head, target, lora=Lora(a, b), tiles=SMALL).logprob.sum().backward()

    assert a.grad.dtype == b.grad.dtype == torch.float32
    assert a.grad.abs().sum() > 0
    assert b.grad.abs().sum() > 0


def test_float32_lora_matrices_are_the_rounded_ones_everywhere(engine, monkeypatch):
    for module in (forward, layer, backward):
        monkeypatch.setattr(module, "operand_dtype", lambda tensor: tensor.dtype)
    hidden, head, target, a, b = case(5, 8, 20, torch.float16, engine)
    generator = torch.Generator().manual_seed(3)
    a, b = ((torch.randn(each.shape, generator=generator) * 9).to(engine) for each in (a, b))
    inputs = (hidden, head, target, a, b)
    rounded = (*inputs[:3], a.half().float(), b.half().float())

    results = [run_lora_in_float32(each) for each in (inputs, rounded)]

    for mine, other in zip(*results, strict=True):
        assert torch.equal(mine, other)


def run_lora_in_float32(inputs):
    hidden, head, target, a, b = inputs
    leaves = [each.detach().clone().requires_grad_() for each in (hidden, a, b)]
    lora = Lora(leaves[1], leaves[2])
    result = linear_logprob(leaves[0], head, target, lora=lora, entropy_grad=True, tiles=SMALL)
    (result.logprob.sum() + result.entropy.sum()).backward()
    return [*result, *(leaf.grad for leaf in leaves)]


@pytest.mark.parametrize("factor", [1e-6, 1.0, 3e3])
def test_small_and_large_upstream_gradients_survive_float16(engine, monkeypatch, factor):
    for module in (layer, backward):
        monkeypatch.setattr(module, "operand_dtype", lambda tensor: tensor.dtype)
    hidden, head, target, *_ = case(4, 8, 40, torch.float16, engine)
    grads = []
    for dtype, scale in ((torch.float16, factor), (torch.float64, 1.0)):
        leaf = head.detach().clone().to(dtype).requires_grad_()
        op = linear_logprob if dtype == torch.float16 else reference.linear_logprob
        tiles = {"tiles": SMALL} if dtype == torch.float16 else {}
        logprob = op(hidden.to(dtype), leaf, target, **tiles).logprob
        (logprob * scale).sum().backward()
        grads.append(leaf.grad.double() / scale)
    # The result itself is float16, whose least step is 6e-8: 0.06 after division by 1e-6.
    allowed = 0.7 * 6e-8 / factor + 2e-3 * grads[1].abs().max()
    assert (grads[0] - grads[1]).abs().max() < allowed


def test_a_loss_that_uses_the_entropy_without_its_gradient_raises(engine):
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, engine)
    hidden.requires_grad_()

    logprob, entropy = linear_logprob(hidden, head, target, tiles=SMALL)

    with pytest.raises(RuntimeError, match="pass entropy_grad=True, or detach"):
        (logprob.sum() - 0.01 * entropy.sum()).backward()


def test_a_second_derivative_is_refused(engine):
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, engine)
    hidden.requires_grad_()
    logprob = linear_logprob(hidden, head, target, tiles=SMALL).logprob

    with pytest.raises(RuntimeError, match="no second derivative"):
        torch.autograd.grad(logprob.sum(), hidden, create_graph=True)


def test_a_frozen_head_may_be_freed_or_changed_before_backward(engine):
    hidden, head, target, a, b = case(4, 6, 20, torch.float32, engine)
    grads = []
    for spoil in (False, True):
        own, other = a.detach().clone().requires_grad_(), (head.clone(), b.clone())
        result = linear_logprob(hidden, other[0], target, lora=Lora(own, other[1]), tiles=SMALL)
        if spoil:
            for each in other:
                each.fill_(torch.nan)
        result.logprob.sum().backward()
        grads.append(own.grad)

    assert torch.equal(*grads)


def test_nothing_is_kept_for_backward_when_no_gradient_is_wanted(engine):
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, engine)
    assert not linear_logprob(hidden, head, target, tiles=SMALL).logprob.requires_grad
    hidden.requires_grad_()
    with torch.no_grad():
        assert not linear_logprob(hidden, head, target, tiles=SMALL).logprob.requires_grad


def test_autocast_does_not_reach_inside(engine):
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, engine)
    plain = linear_logprob(hidden, head, target, tiles=SMALL).logprob

    with torch.autocast(engine, dtype=torch.bfloat16):
        under = linear_logprob(hidden, head, target, tiles=SMALL).logprob

    assert torch.equal(under, plain)


class Sizes(TorchDispatchMode):
    """Records the largest memory of any tensor that an operation returns."""

    def __init__(self):
        super().__init__()
        self.bytes = 0

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        for each in result if isinstance(result, (tuple, list)) else [result]:
            if isinstance(each, torch.Tensor):
                self.bytes = max(self.bytes, each.untyped_storage().nbytes())
        return result


def test_the_logits_are_never_held(engine):
    n, d, v, rank, tiles = 40, 4, 130, 3, Tiles(8, 32)
    hidden, head, target, a, b = case(n, d, v, torch.float32, engine)
    leaves = [each.detach().requires_grad_() for each in (hidden, head, a, b)]
    with Sizes() as sizes:
        results = linear_logprob(
            *leaves[:2], target, lora=Lora(*leaves[2:]), entropy_grad=True, tiles=tiles
        )
        (results.logprob.sum() + results.entropy.sum()).backward()

    inputs_and_slopes = 4 * max(v * d, n * d * 2)
    assert sizes.bytes < 4 * n * v / 8
    assert sizes.bytes <= max(tiles.largest_bytes(d + rank, carried=2), inputs_and_slopes)


@pytest.mark.parametrize("d", [1, 896, 2048, 4096, 8192])
@pytest.mark.parametrize("n", [1, 4096, 16384])
def test_the_planned_tile_fits_the_cache_it_is_planned_for(n, d):
    tiles = plan(n, d, 151_936)

    assert 1 <= tiles.rows <= n
    assert tiles.rows * tiles.columns * 4 <= 32 * 2**20
    assert plan(n, d, 100).columns == 100


WRONG = {
    "D differs": (lambda h, w, t: (h[:, :-1], w, t), r"hidden is float32 \(3, 5\).*head"),
    "not a matrix": (lambda h, w, t: (h[0], w, t), r"float32 \(6,\)"),
    "no vocabulary": (lambda h, w, t: (h, w[:0], t), r"D and V at least 1"),
    "too few targets": (lambda h, w, t: (h, w, t[:2]), r"target int64 \(2,\)"),
    "two dtypes": (lambda h, w, t: (h.half(), w, t), r"hidden is float16 \(3, 6\).*the same"),
    "float64": (lambda h, w, t: (h.double(), w.double(), t), r"bfloat16, float16 or float32"),
    "int32 targets": (lambda h, w, t: (h, w, t.int()), r"target is int32 \(3,\).*int64"),
    "two devices": (lambda h, w, t: (h.to("meta"), w, t), r"one device"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_inputs_are_refused_by_name(name):
    change, message = WRONG[name]
    hidden, head, target, *_ = case(3, 6, 20, torch.float32, "cpu")
    with pytest.raises(ValueError, match=message):
        linear_logprob(*change(hidden, head, target))


def test_wrong_lora_matrices_and_numbers_are_refused():
    hidden, head, target, a, b = case(3, 6, 20, torch.float32, "cpu")
    with pytest.raises(ValueError, match=r"float32 \(20, 3\).*they must be \(r, D\) and \(V, r\)"):
        linear_logprob(hidden, head, target, lora=Lora(b, a))
    with pytest.raises(ValueError, match="they must be float32 like hidden"):
        linear_logprob(hidden, head, target, lora=Lora(a.half(), b))
    with pytest.raises(ValueError, match="scale is nan"):
        linear_logprob(hidden, head, target, lora=Lora(a, b, float("nan")))
    with pytest.raises(ValueError, match="temperature is 0"):
        linear_logprob(hidden, head, target, temperature=0.0)
    with pytest.raises(ValueError, match="softcap is -1"):
        linear_logprob(hidden, head, target, softcap=-1.0)


def test_a_product_on_a_cpu_is_made_in_float32():
    left, right = torch.randn(3, 5).bfloat16(), torch.randn(5, 4).bfloat16()

    assert matmul.operand_dtype(left) == torch.float32
    assert torch.equal(matmul.product(left, right), left.float() @ right.float())


@pytest.mark.parametrize("v", [151_936, 262_144])
def test_a_true_vocabulary_in_planned_tiles_is_as_near_to_float64_as_torch(engine, no_worse, v):
    inputs = case(2, 4, v, torch.float32, engine, rank=1)
    compare(no_worse, inputs, torch.float32, tiles=None, lora=1.0)


@pytest.mark.gpu
@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("kind", ["plain", "all"])
def test_a_real_vocabulary_on_a_gpu_is_as_near_to_float64_as_torch(device, no_worse, dtype, kind):
    inputs = case(300, 896, 151_936, dtype, device, rank=16)
    compare(no_worse, inputs, dtype, tiles=None, **KINDS[kind])


@pytest.mark.parametrize("tiles", [Tiles(0, 8), Tiles(-1, 8), Tiles(2, -8), Tiles(2, 2**20 + 1)])
def test_tiles_of_no_size_are_refused(tiles):
    hidden, head = torch.zeros(3, 4), torch.zeros(5, 4)

    with pytest.raises(ValueError, match="rows must be 1 or more"):
        linear_logprob(hidden, head, torch.zeros(3, dtype=torch.int64), tiles=tiles)


@pytest.mark.parametrize("d", [2, 3, 5, 8])
@pytest.mark.parametrize("v", [4_100, 40_001])
def test_the_slope_of_the_entropy_keeps_its_digits_where_the_head_is_narrow(device, d, v):
    """The matrix library adds a narrow product term by term, and what remains of it is small."""
    for seed in range(4):
        inputs = case(7, d, v, torch.float32, device, seed=seed)[:3]
        hidden, head, target = inputs[0] * 2 * d**0.5, *inputs[1:]
        slopes = {}
        for name, kind in (("truth", torch.float64), ("torch", torch.float32)):
            leaf = hidden.to(kind).requires_grad_()
            logp = torch.log_softmax(leaf @ head.to(kind).T, dim=1)
            slopes[name] = torch.autograd.grad(-(logp.exp() * logp).sum(), leaf)[0].double()
        leaf = hidden.clone().requires_grad_()
        entropy = linear_logprob(leaf, head, target, entropy_grad=True).entropy
        ours = torch.autograd.grad(entropy.sum(), leaf)[0].double()

        allowed = 2 * (slopes["torch"] - slopes["truth"]).abs().max() + 1e-5
        assert (ours - slopes["truth"]).abs().max() <= allowed


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"softcap": 1e39}, "softcap is 1e[+]39; it must be from 1e-30 to 1e[+]30"),
        ({"temperature": 1e-40}, "temperature is 1e-40; it must be from 1e-30"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"lora": (torch.ones(1, 4), torch.ones(9, 1), 1.0)}, "lora is a tuple"),
    ],
)
def test_what_float32_cannot_hold_or_is_no_lora_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        linear_logprob(torch.ones(2, 4), torch.ones(9, 4), torch.zeros(2).long(), **options)
