"""Drawing from rows of logits: the kernels against the rule in float64, and the desk's own draw."""

import pytest

torch = pytest.importorskip("torch")
triton = pytest.importorskip("triton")

import triton.language as tl  # noqa: E402

from kimidesk.engines import draw as desk  # noqa: E402
from kimidesk.records import Sampling  # noqa: E402
from kimikernels.draw import Drawn, draw, launch, reference, uniform  # noqa: E402
from kimikernels.draw.counter import uniform_at  # noqa: E402

STATISTICS = ("logprob", "entropy", "log_z", "top_logprob")


@triton.jit
def number_kernel(seed, position, out):
    row = tl.program_id(0)
    tl.store(out + row, uniform_at(tl.load(seed + row), tl.load(position + row)))


def rows(count: int, columns: int, spread: float = 2.0, dtype=torch.float32) -> "torch.Tensor":
    made = torch.Generator().manual_seed(columns)
    return (torch.randn(count, columns, generator=made) * spread).to(dtype)


def counters(count: int, device: str = "cpu") -> tuple["torch.Tensor", "torch.Tensor"]:
    seed = torch.arange(count, device=device) * 7919 - 3
    return seed, torch.arange(count, device=device) * 31 + 5


def by_the_rule(logits, seed, position, temperature=1.0, top_k=0, top_p=1.0, min_p=0.0) -> Drawn:
    exact = (torch.float64, torch.int64, torch.float64, torch.float64)
    given = zip((temperature, top_k, top_p, min_p), exact, strict=True)
    settings = (torch.as_tensor(each, dtype=dtype).expand(len(logits)) for each, dtype in given)
    return reference.draw(logits, reference.Settings(*settings, seed, position))


def check(logits, device, **settings) -> Drawn:
    """Draws on the device, asks for what the rule draws, and gives it."""
    drawn = draw(logits.to(device), *counters(len(logits), device), **settings)
    truth = by_the_rule(logits, *counters(len(logits)), **settings)
    same(drawn, truth)
    return drawn


def same(drawn: Drawn, truth: Drawn) -> None:
    for name in ("token", "rank", "top_id"):
        assert getattr(drawn, name).dtype == torch.int64
        assert getattr(drawn, name).tolist() == getattr(truth, name).tolist(), name
    for name in STATISTICS:
        ours, exact = getattr(drawn, name).cpu(), getattr(truth, name).cpu()
        scale = 1 + truth.log_z.abs().nan_to_num(0).max().item()  # a float32 of that size
        assert ours.dtype == torch.float32
        torch.testing.assert_close(
            ours.double(), exact.float().double(), atol=2e-6 * scale, rtol=2e-6, equal_nan=True
        )


@pytest.mark.parametrize("columns", [1, 2, 7, 19, 20, 21, 31, 32, 33, 127, 500, 1024])
def test_statistics_and_token_are_the_rule_s(device, columns):
    check(rows(1, columns), device)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_narrow_types_draw_by_the_rule(device, dtype, temperature):
    check(rows(1, 300, dtype=dtype), device, temperature=temperature)


@pytest.mark.parametrize("columns", [4096, 9001])
def test_a_row_of_one_stretch_or_of_several_draws_by_the_rule(device, columns):
    check(rows(1, columns), device, top_k=40)


@pytest.mark.parametrize(
    "settings",
    [
        {"temperature": 0.0},
        {"temperature": 0.6, "top_p": 0.95},
        {"temperature": 1e-40},
        {"top_k": 1},
        {"top_k": 5},
        {"top_k": 1000},
        {"top_p": 1e-9},
        {"top_p": 0.5, "top_k": 10},
        {"min_p": 1.0},
        {"min_p": 0.1},
        {"temperature": 100.0},
        {"temperature": 5.0, "top_k": 120},
        {"temperature": 5.0, "top_p": 0.9},
        {"temperature": 5.0, "min_p": 0.2},
        {"temperature": 5.0, "top_k": 170, "top_p": 0.97, "min_p": 0.05},
        {"temperature": 5.0, "top_k": 150, "min_p": 0.4},
    ],
)
def test_settings_cut_by_the_rule_within_the_candidates_and_beyond_them(device, settings):
    check(rows(1, 200), device, **settings)


def test_a_top_k_of_one_a_tiny_top_p_and_a_min_p_of_one_take_the_most_likely(device):
    logits = rows(2, 100).to(device)

    for settings in ({"top_k": 1}, {"top_p": 1e-12}, {"min_p": 1.0}, {"temperature": 0.0}):
        drawn = draw(logits, *counters(2, device), **settings)
        assert drawn.rank.tolist() == [1] * 2
        assert torch.equal(drawn.token, logits.argmax(1))


def test_each_row_has_its_own_settings(device):
    logits = rows(6, 200)
    settings = {
        "temperature": torch.tensor([0.0, 1.0, 5.0, 5.0, 0.7, 5.0]),
        "top_k": torch.tensor([0, 3, 0, 120, 0, 0], dtype=torch.int32),
        "top_p": torch.tensor([1.0, 1.0, 0.9, 1.0, 0.8, 1.0], dtype=torch.float64),
        "min_p": torch.tensor([0.0, 0.0, 0.0, 0.0, 0.01, 0.5]),
    }

    on_device = {name: each.to(device) for name, each in settings.items()}
    drawn = draw(logits.to(device), *counters(6, device), **on_device)

    same(drawn, by_the_rule(logits, *counters(6), **settings))


@pytest.mark.parametrize(
    "settings", [{}, {"top_k": 70}, {"top_p": 0.6}, {"top_k": 70, "top_p": 0.6}]
)
def test_equals_are_taken_in_the_order_of_their_ids(device, settings):
    place = torch.arange(150)
    steps = (place % 3).float()
    signs = torch.where(place % 2 == 0, 0.0, -0.0)

    logits = torch.stack([torch.zeros(150), steps, signs]).bfloat16()
    drawn = check(logits, device, **settings)

    assert drawn.top_id[:, :2].tolist() == [[0, 1], [2, 5], [0, 1]]


@pytest.mark.parametrize("temperature", [1.0, 4.0])
def test_masked_tokens_are_never_drawn_and_have_no_share_in_the_entropy(device, temperature):
    logits = rows(3, 200)
    logits[:, ::2] = -torch.inf
    logits[2, 6:] = -torch.inf  # fewer live tokens than rivals

    drawn = check(logits, device, temperature=temperature)

    assert (drawn.token.cpu() % 2 == 1).all()
    assert drawn.top_logprob[2, 3:].tolist() == [-torch.inf] * 17


@pytest.mark.filterwarnings("ignore:overflow")  # 3e38 - -3e38 is inf, as it should be
@pytest.mark.parametrize("scale", [1e4, -1e4, 3e38])
def test_extreme_logits_keep_their_statistics(device, scale):
    logits = torch.full((2, 100), -scale)
    logits[0, 17] = scale
    logits[1, 3:90] = scale

    check(logits, device, temperature=0.7)


def test_nearly_one_hot_rows_keep_the_relative_accuracy_of_their_entropy(device):
    logits = torch.zeros(1, 64)
    logits[0, 40] = 30.0

    drawn = draw(logits.to(device), *counters(1, device))

    truth = by_the_rule(logits, *counters(1))
    assert drawn.entropy.item() == pytest.approx(truth.entropy.item(), rel=1e-5)


@pytest.mark.parametrize("columns", [50, 4100])
def test_a_row_that_holds_nan_or_infinity_or_nothing_gives_no_token(device, columns):
    logits = rows(5, columns)
    logits[0, columns - 1] = torch.nan
    logits[1, 3] = torch.inf
    logits[2] = -torch.inf
    logits[3, 0] = -torch.nan

    drawn = check(logits, device)

    assert drawn.token.tolist()[:4] == [-1] * 4
    assert drawn.rank.tolist()[:4] == [0] * 4
    for name in STATISTICS:
        assert getattr(drawn, name)[:4].isnan().all()
        assert not getattr(drawn, name)[4].isnan().any()


def test_a_setting_out_of_range_in_a_kernel_gives_no_token_and_keeps_the_statistics(device):
    bad = [(-1.0, 0, 1.0, 0.0), (1.0, -2, 1.0, 0.0), (1.0, 0, 0.0, 0.0), (1.0, 0, 1.0, 1.5)]
    bad += [(torch.nan, 0, 1.0, 0.0), (1.0, 0, torch.nan, 0.0), (1.0, 0, 1.0, torch.nan)]
    columns = [torch.tensor(each, device=device) for each in zip(*bad, strict=True)]
    settings = reference.Settings(*columns, *counters(len(bad), device))
    logits = rows(len(bad), 40).to(device)

    drawn = launch.draw(logits, settings)

    assert drawn.token.tolist() == [-1] * len(bad)
    assert drawn.rank.tolist() == [0] * len(bad)
    assert drawn.logprob.isnan().all()
    assert drawn.entropy.isfinite().all()
    same(drawn, reference.draw(logits, settings))


def test_the_uniform_number_is_the_desk_s_bit_for_bit(device):
    pairs = [(0, 0), (0, 1), (1, 0), (-1, 10**12), (2**63 - 1, -5), (-(2**63), 2**62), (42, 2**31)]
    seed, position = torch.tensor(pairs, device=device).T

    assert uniform(seed, position).tolist() == [desk.uniform(*pair) for pair in pairs]


def test_the_kernel_s_uniform_number_is_the_desk_s_bit_for_bit(device):
    pairs = [(0, 0), (0, 1), (1, 0), (-1, 10**12), (2**63 - 1, -5), (-(2**63), 2**62), (42, 2**31)]
    seed, position = torch.tensor(pairs, device=device).T.contiguous()
    found = torch.empty(len(pairs), dtype=torch.float64, device=device)
    number_kernel[(len(pairs),)](seed, position, found)

    assert found.tolist() == [desk.uniform(*pair) for pair in pairs]


def test_the_same_rows_give_the_same_bits_alone_and_in_a_batch(device):
    logits = rows(2, 60, dtype=torch.bfloat16).to(device)  # half the passes of float32
    seed, position = counters(2, device)
    settings = {"temperature": 5.0, "top_p": 0.95}

    first = draw(logits, seed, position, **settings)
    again = draw(logits, seed, position, **settings)
    alone = draw(logits[1:], seed[1:], position[1:], **settings)

    for one, two, three in zip(first, again, alone, strict=True):
        assert torch.equal(one, two)
        assert torch.equal(one[1:], three)


def test_rows_of_any_strides_are_read_where_they_lie(device):
    logits = rows(2, 60, dtype=torch.bfloat16).to(device)
    wide = torch.stack([torch.full_like(logits, torch.nan), logits], 1)  # (2, 2, 60)

    plain = draw(logits, *counters(2, device), temperature=4.0)

    for view in (wide[:, 1], logits.T.contiguous().T, logits.repeat_interleave(2, 1)[:, ::2]):
        assert not view.is_contiguous()
        for one, two in zip(plain, draw(view, *counters(2, device), temperature=4.0), strict=True):
            assert torch.equal(one, two)


@pytest.mark.parametrize("settings", [{}, {"temperature": 4.0}])  # the second searches the row
def test_a_row_past_two_to_the_31st_element_is_found(device, settings):
    far = 2**31 + 64  # 4.3 GB of addresses; memory only where it is written
    near = rows(2, 60, dtype=torch.bfloat16).to(device)
    logits = torch.empty(far + 60, dtype=torch.bfloat16, device=device).as_strided(
        (2, 60), (far, 1)
    )
    logits.copy_(near)

    drawn, true = (draw(each, *counters(2, device), **settings) for each in (logits, near))

    for one, two in zip(drawn, true, strict=True):
        assert torch.equal(one, two)


def test_logits_that_need_a_gradient_are_drawn_from_without_one(device):
    logits = rows(1, 40).to(device).requires_grad_()

    assert not any(each.requires_grad for each in draw(logits, *counters(1, device)))


def test_an_empty_batch_gives_empty_tensors(device):
    drawn = draw(torch.empty(0, 30, device=device), *counters(0, device))

    assert [tuple(each.shape) for each in drawn] == [(0,)] * 5 + [(0, 20)] * 2


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"logits": torch.zeros(3)}, r"logits are \(3,\)"),
        ({"logits": torch.zeros(2, 0)}, r"logits are \(2, 0\)"),
        ({"logits": torch.zeros(2, 5, dtype=torch.float64)}, "float64"),
        ({"logits": torch.zeros(2, 5, device="meta")}, "on meta"),
        ({"seed": torch.zeros(3, dtype=torch.int64)}, r"seed is \(3,\).*\(2, 5\)"),
        ({"position": torch.zeros(2, dtype=torch.int32)}, "position is torch.int32"),
        ({"top_k": torch.zeros(2)}, "top_k is torch.float32"),
        ({"top_p": torch.ones(2, dtype=torch.int64)}, "top_p is torch.int64"),
        ({"min_p": torch.zeros(1)}, r"min_p is \(1,\)"),
        ({"temperature": -0.5}, "temperature is -0.5; it must be from 0"),
        ({"temperature": float("nan")}, "temperature is nan"),
        ({"top_p": 0.0}, "top_p is 0.0; it must be above 0 to 1"),
        ({"top_k": -1}, "top_k is -1"),
        ({"top_k": 5.7}, "top_k is 5.7; it must be a whole number"),
        ({"min_p": 1 + 1e-9}, "min_p is 1"),
        ({"min_p": torch.tensor([0.5, 2.0])}, "min_p is 2.0"),
    ],
)
def test_what_cannot_be_drawn_from_is_refused_by_name(change, message):
    zero = torch.zeros(2, dtype=torch.int64)
    given = {"logits": torch.zeros(2, 5), "seed": zero, "position": zero, **change}

    with pytest.raises(ValueError, match=message):
        draw(**given)


def test_the_rule_is_the_desk_s_for_thousands_of_rows_and_seeds():
    settings = [(1.0, 0, 1.0, 0.0), (0.6, 0, 0.95, 0.0), (1.5, 40, 0.9, 0.05), (3.0, 0, 0.99, 0.01)]
    count, differ = 1000, 0
    for number, (temperature, top_k, top_p, min_p) in enumerate(settings):
        sampling = Sampling(temperature, top_p, top_k, min_p)
        logits = rows(count, 300 + number)
        seed, position = counters(count)
        drawn = by_the_rule(logits, seed, position, temperature, top_k, top_p, min_p).token.tolist()
        numbers = uniform(seed, position).tolist()
        for row, token, u in zip(logits.numpy(), drawn, numbers, strict=True):
            if desk.draw(row, sampling, u) != token:
                differ += 1
                assert token in {desk.draw(row, sampling, u + by) for by in (-1e-6, 1e-6)}

    assert differ <= 4  # 4 000 rows of some 50 edges, each with about 1e-7 to either side


def test_the_kernels_draw_what_the_desk_draws(device):
    count = 8 if device == "cpu" else 2000
    logits = rows(count, 60, dtype=torch.bfloat16)
    seed, position = counters(count, device)
    sampling = Sampling(temperature=2.0, top_p=0.9, top_k=0, min_p=0.02)

    drawn = draw(logits.to(device), seed, position, temperature=2.0, top_p=0.9, min_p=0.02)

    numbers = [desk.uniform(*pair) for pair in zip(seed.tolist(), position.tolist(), strict=True)]
    for row, token, u in zip(logits.float().numpy(), drawn.token.tolist(), numbers, strict=True):
        assert token in {desk.draw(row, sampling, u + by) for by in (0.0, -1e-6, 1e-6)}


def test_frequencies_are_the_probabilities():
    logits, count = rows(1, 30), 30_000
    seed = torch.full((count,), 11)

    drawn = by_the_rule(logits.expand(count, 30), seed, torch.arange(count)).token

    expected = logits[0].double().softmax(0) * count
    chi2 = ((torch.bincount(drawn, minlength=30) - expected) ** 2 / expected).sum().item()
    assert chi2 < 29 + 5 * (2 * 29) ** 0.5


@pytest.mark.parametrize("settings", [{}, {"temperature": 3.0, "top_p": 0.95}])
@pytest.mark.parametrize("columns", [151_936, 262_144])
@pytest.mark.slow
def test_a_true_vocabulary(device, columns, settings):
    check(rows(1, columns, dtype=torch.bfloat16), device, **settings)
