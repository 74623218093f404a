"""Losses from log-probabilities, against loops in float64, closed forms and finite differences."""

import math
from itertools import pairwise

import pytest

torch = pytest.importorskip("torch")

from kimikernels.objectives import (  # noqa: E402
    credit,
    grpo_loss,
    grpo_sum,
    opmd_loss,
    opmd_sum,
    reference,
    token_weights,
)
from kimikernels.objectives.timing import loss_ms  # noqa: E402

NAN, INF = math.nan, math.inf
REWARDS = [1.0, 0.0, 0.5, 1.0, 0.25, 0.0, 1.0]
GROUPS = [4, 4, 9, 4, 9, 9, 9]  # 3 and 4 sequences, two of them not neighbours


def batch(dtype=torch.float64, length=6, moved=0.3):
    """(logprobs, old, mask) of seven sequences, one of them without a token."""
    chance = torch.Generator().manual_seed(7)
    old = -torch.rand(7, length, generator=chance, dtype=torch.float64) * 2
    now = old + moved * torch.randn(7, length, generator=chance, dtype=torch.float64)
    mask = torch.arange(length) < torch.tensor([6, 1, 4, 0, 3, 6, 2])[:, None]
    mask[0, 2] = False  # a hole, as a segment left out of the loss makes
    return now.to(dtype), old.to(dtype), mask


def rewards(dtype=torch.float64):
    return torch.tensor(REWARDS, dtype=dtype)


def groups():
    return torch.tensor(GROUPS)


def slope(loss, logprobs):
    x = logprobs.detach().clone().requires_grad_()
    value = loss(x)
    value.backward()
    return value.detach(), x.grad


def test_two_sequences_by_hand():
    now = torch.tensor([[-1.0, -2.0], [-0.5, -9.0]], dtype=torch.float64, requires_grad=True)
    old = torch.tensor([[-1.5, -2.0], [-0.25, -9.0]], dtype=torch.float64)
    mask = torch.tensor([[True, True], [True, False]])
    step = opmd_loss(now, old, mask, torch.tensor([1.0, 0.0]), 2, tau=0.4)
    step.loss.backward()

    # -(1/2) [ (-3 * 0.5 - 0.2 * 0.5²) + (-0.5 * -0.5 - 0.2 * 0.25²) ]
    assert step.loss.item() == pytest.approx(-0.5 * (-1.5 - 0.05 + 0.25 - 0.0125), rel=1e-14)
    # -(1/2) (advantage - 0.4 * log-ratio)
    assert now.grad.flatten().tolist() == pytest.approx([-0.15, -0.15, 0.2, 0.0], rel=1e-14)
    assert step.squared_log_ratio.item() == pytest.approx((0.25 + 0.0625) / 2)
    assert step.kl.item() == pytest.approx((math.exp(0.5) - 1.5 + math.exp(-0.25) - 0.75) / 3)


@pytest.mark.parametrize("tau", [0.0, 0.1, 3.0])
def test_opmd_is_the_loop_over_problems_and_sequences(tau):
    now, old, mask = batch()
    mine = slope(lambda x: opmd_loss(x, old, mask, rewards(), groups(), tau=tau).loss, now)
    true = slope(lambda x: reference.opmd(x, old, mask, REWARDS, GROUPS, tau), now)

    for ours, theirs in zip(mine, true, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("per", ["sequence", "token", 50.0])
@pytest.mark.parametrize("divide_by_std", [True, False])
def test_grpo_is_the_loop_over_problems_and_sequences(per, divide_by_std):
    now, old, mask = batch()
    ref = old + 0.1 * torch.sin(torch.arange(42.0, dtype=torch.float64)).reshape(7, 6)
    advantages = credit(rewards(), groups(), divide_by_std).advantages.tolist()

    def ours(x):
        return grpo_loss(
            x,
            old,
            mask,
            rewards(),
            groups(),
            clip_low=0.2,
            clip_high=0.3,
            divide_by_std=divide_by_std,
            per=per,
            ref_logprobs=ref,
            beta=0.05,
        ).loss

    def loop(x):
        return reference.grpo(
            x, old, mask, advantages, GROUPS, clip=(0.8, 1.3), per=per, ref_logprobs=ref, beta=0.05
        )

    for mine, true in zip(slope(ours, now), slope(loop, now), strict=True):
        torch.testing.assert_close(mine, true, rtol=1e-13, atol=1e-15)


@pytest.mark.parametrize("divide_by_std", [True, False])
def test_advantages_of_a_group_sum_to_zero_and_weights_to_one(divide_by_std):
    advantages, weights = credit(rewards(), groups(), divide_by_std)

    for name in (4, 9):
        assert advantages[groups() == name].sum().item() == pytest.approx(0.0, abs=1e-14)
        assert weights[groups() == name].sum().item() == pytest.approx(0.5)


def test_a_group_size_means_neighbours():
    by_size = credit(torch.arange(6.0), 3)
    by_name = credit(torch.arange(6.0), torch.tensor([7, 7, 7, -2, -2, -2]))

    assert torch.equal(by_size.advantages, by_name.advantages)
    assert torch.equal(by_size.weights, by_name.weights)


def test_advantages_divided_by_std_have_unit_variance():
    advantages = credit(torch.tensor([1.0, 0, 0, 0]), 4, divide_by_std=True).advantages

    assert advantages.square().mean().item() == pytest.approx(1.0)


@pytest.mark.parametrize("divide_by_std", [True, False])
def test_equal_rewards_have_advantages_of_exactly_zero(divide_by_std):
    same = torch.tensor([0.1] * 7)  # whose mean rounds to something else

    assert not credit(same, 7, divide_by_std).advantages.any()
    assert not credit(same, 1, divide_by_std).advantages.any()


def test_at_the_behaviour_policy_the_gradient_is_reinforce_with_the_groups_mean():
    _, old, mask = batch()
    _, gradient = slope(lambda x: opmd_loss(x, old, mask, rewards(), groups(), tau=5.0).loss, old)
    expected = torch.zeros_like(old)
    for j, name in enumerate(GROUPS):
        siblings = [r for r, other in zip(REWARDS, GROUPS, strict=True) if other == name]
        baseline = sum(siblings) / len(siblings)
        expected[j, mask[j]] = -(REWARDS[j] - baseline) / len(siblings) / 2

    torch.testing.assert_close(gradient, expected, rtol=1e-13, atol=1e-16)


def test_a_bandit_converges_to_the_tilted_policy():
    # Five arms, each drawn once from a fair policy; the mean reward stands for τ log Z, which is
    # its limit for a large τ, and so do the policies meet: to 1e-4 at τ = 20.
    reward, tau = torch.tensor([1.0, 0.0, 0.3, 0.9, -0.5], dtype=torch.float64), 20.0
    old = torch.full((5, 1), -math.log(5), dtype=torch.float64)
    mask = torch.ones(5, 1, dtype=torch.bool)
    policy = torch.zeros(5, dtype=torch.float64, requires_grad=True)
    for _ in range(400):
        now = policy.log_softmax(0)[:, None]
        (pull,) = torch.autograd.grad(opmd_loss(now, old, mask, reward, 5, tau=tau).loss, policy)
        policy = (policy - 0.2 * pull).detach().requires_grad_()

    torch.testing.assert_close(policy.softmax(0), (reward / tau).softmax(0), rtol=0.0, atol=1e-4)


def test_gradcheck_of_both():
    now, old, mask = batch()
    now.requires_grad_()
    where = (old, mask, rewards(), groups())

    assert torch.autograd.gradcheck(lambda x: opmd_loss(x, *where, tau=0.3).loss, now)
    assert torch.autograd.gradcheck(lambda x: grpo_loss(x, *where).loss, now)
    ref = old + 0.1
    kept = {"ref_logprobs": ref, "beta": 0.1, "per": "token"}
    assert torch.autograd.gradcheck(lambda x: grpo_loss(x, *where, **kept).loss, now)


@pytest.mark.parametrize("padding", [NAN, -INF, INF])
@pytest.mark.parametrize("loss", ["opmd", "grpo"])
def test_what_the_mask_leaves_out_may_hold_anything(loss, padding):
    now, old, mask = batch()
    ref = old - 0.1

    def step(x, old, ref):
        if loss == "opmd":
            return opmd_loss(x, old, mask, rewards(), groups(), tau=0.1)
        return grpo_loss(x, old, mask, rewards(), groups(), ref_logprobs=ref, beta=0.1)

    def everything(x, old, ref):
        x = x.clone().requires_grad_()
        result = step(x, old, ref)
        result.loss.backward()
        return [*(each.detach() for each in result), x.grad]

    clean = everything(now, old, ref)
    dirty = everything(*(torch.where(mask, each, padding) for each in (now, old, ref)))

    for before, after in zip(clean, dirty, strict=True):
        assert torch.equal(before, after)
    assert not dirty[-1][~mask].any()


def test_statistics_are_detached_and_zero_where_nothing_has_moved():
    _, old, mask = batch()
    now = old.clone().requires_grad_()
    opmd = opmd_loss(now, old, mask, rewards(), groups(), tau=0.1)
    grpo = grpo_loss(now, old, mask, rewards(), groups())

    for statistic in (*opmd[1:], *grpo[1:]):
        assert statistic.item() == 0.0
        assert not statistic.requires_grad


def test_statistics_leave_empty_sequences_and_padding_out_of_their_means():
    now, old, mask = batch()
    step = opmd_loss(now, old, mask, rewards(), groups(), tau=0.1)
    gaps = [(now[j] - old[j])[mask[j]] for j in range(7)]

    squares = [gap.sum().item() ** 2 for gap in gaps if len(gap)]
    assert step.squared_log_ratio.item() == pytest.approx(sum(squares) / 6)
    every = torch.cat(gaps)
    assert step.kl.item() == pytest.approx((every.exp() - 1 - every).mean().item())


def test_clipping_stops_each_side_at_its_own_bound():
    ratio = torch.tensor([[1.5, 1.25, 0.5], [1.5, 0.75, 0.5]], dtype=torch.float64)
    mask = torch.ones(2, 3, dtype=torch.bool)
    now = ratio.log().requires_grad_()
    step = grpo_loss(
        now,
        torch.zeros_like(ratio),
        mask,
        torch.tensor([1.0, -1.0]),
        2,
        clip_low=0.2,
        clip_high=0.28,
    )
    step.loss.backward()

    # advantages are 1 and -1; what pushes further than a bound has no gradient
    gain = [1.28, 1.25, 0.5, -1.5, -0.8, -0.8]
    assert step.loss.item() == pytest.approx(-sum(gain) / 6)
    assert step.clip_fraction.item() == pytest.approx(3 / 6)
    assert (now.grad != 0).tolist() == [[False, True, True], [True, False, False]]


def test_a_ratio_that_overflows_is_clipped_without_nan():
    now = torch.tensor([[200.0], [200.0], [0.0]], requires_grad=True)
    mask = torch.ones(3, 1, dtype=torch.bool)
    step = grpo_loss(now, torch.zeros(3, 1), mask, torch.tensor([1.0, 0.5, 0.0]), 3)
    step.loss.backward()

    assert step.loss.isfinite()
    assert now.grad[:2].tolist() == [[0.0], [0.0]]
    assert now.grad[2] > 0


@pytest.mark.parametrize("cuts", [(0, 1, 7), (0, 3, 7), (0, 6, 7), range(8)], ids=str)
def test_slices_of_a_batch_add_up_to_the_batch(cuts):
    now, old, mask = batch()
    earned = credit(rewards(), groups())
    by_token = token_weights(earned.weights, mask, "token")
    assert not mask.any(dim=1).all()  # a slice of one sequence may hold no token
    parts = [slice(*both) for both in pairwise(cuts)]

    whole = opmd_loss(now, old, mask, rewards(), groups(), tau=0.1).loss
    each = [opmd_sum(now[p], old[p], mask[p], *(c[p] for c in earned), tau=0.1) for p in parts]
    assert sum(step.loss.item() for step in each) == pytest.approx(whole.item(), rel=1e-13)

    whole = grpo_loss(now, old, mask, rewards(), groups(), divide_by_std=False, per="token").loss
    each = [grpo_sum(now[p], old[p], mask[p], earned.advantages[p], by_token[p]) for p in parts]
    assert sum(step.loss.item() for step in each) == pytest.approx(whole.item(), rel=1e-13)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16, torch.float32])
def test_half_types_are_summed_in_float32(dtype):
    now, old, mask = batch(dtype)
    value, gradient = slope(
        lambda x: opmd_loss(x, old, mask, rewards(), groups(), tau=0.1).loss, now
    )
    true = reference.opmd(now.double(), old.double(), mask, REWARDS, GROUPS, 0.1)

    assert value.dtype == torch.float32
    assert gradient.dtype == dtype
    assert value.item() == pytest.approx(true.item(), rel=1e-5, abs=1e-6)


def test_a_long_sequence_keeps_the_digits_of_its_log_ratio():
    length = 16_384
    old = -torch.rand(1, length, generator=torch.Generator().manual_seed(1)) * 4
    now = old + 1e-6
    mask = torch.ones(1, length, dtype=torch.bool)
    step = opmd_loss(now, old, mask, torch.tensor([1.0]), 1, tau=1.0)
    true = (now.double() - old.double()).sum().square()

    assert step.squared_log_ratio.item() == pytest.approx(true.item(), rel=1e-5)


def test_the_gradient_reaches_the_policy_alone():
    now, old, mask = batch()
    every = [each.clone().requires_grad_() for each in (now, old, rewards(), old)]
    policy, behaviour, reward, ref = every
    grpo = grpo_loss(policy, behaviour, mask, reward, groups(), ref_logprobs=ref, beta=0.1)
    (grpo.loss + opmd_loss(policy, behaviour, mask, reward, groups(), tau=0.1).loss).backward()

    assert [each.grad is None for each in every] == [False, True, True, True]


def test_twice_gives_the_same_bits():
    now, old, mask = batch(torch.float32)
    first, second = (
        slope(lambda x: grpo_loss(x, old, mask, rewards(), groups()).loss, now) for _ in range(2)
    )

    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"logprobs": torch.zeros(7, 5)}, r"logprobs is of shape \(7, 5\).*\(7, 6\)"),
        ({"old_logprobs": torch.zeros(6, 6)}, r"old_logprobs is of shape \(6, 6\)"),
        ({"logprobs": torch.zeros(7, 6).int()}, r"logprobs is torch\.int32.*floating"),
        ({"logprobs": torch.zeros(7, 6, device="meta")}, r"logprobs is .* on meta"),
        ({"mask": torch.ones(7, 6)}, r"mask is torch\.float32.*bool"),
        ({"mask": torch.ones(7).bool()}, r"mask is .*\(7,\).*\(B, T\)"),
        ({"mask": torch.zeros(7, 6).bool()}, "holds no token"),
        ({"rewards": torch.zeros(6)}, r"rewards is of shape \(6,\)"),
        ({"rewards": torch.tensor([NAN, INF, 0, 0, 0, 0, 0])}, "2 of 7 rewards are not finite"),
        ({"groups": 2}, "size of 2 does not divide 7"),
        ({"groups": 0}, "size of 0 does not divide"),
        ({"groups": torch.zeros(6).long()}, r"shape \(6,\) on cpu and rewards \(7,\)"),
        ({"groups": torch.zeros(7)}, r"groups are torch\.float32.*integers"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(change, message):
    now, old, mask = batch()
    given = {"logprobs": now, "old_logprobs": old, "mask": mask, "rewards": rewards()}
    given = {**given, "groups": groups(), **change}

    with pytest.raises(ValueError, match=message):
        opmd_loss(**given, tau=0.1)
    with pytest.raises(ValueError, match=message):
        grpo_loss(**given)


def test_no_sequences_at_all_are_refused():
    nothing = torch.zeros(0, 4)

    with pytest.raises(ValueError, match="no token"):
        opmd_loss(nothing, nothing, nothing.bool(), torch.zeros(0), 1, tau=0.1)
    with pytest.raises(ValueError, match="B at least 1"):
        credit(torch.zeros(0), 1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"clip_low": 1.0}, "clip_low is 1.0"),
        ({"clip_high": -0.1}, "clip_high -0.1"),
        ({"beta": 0.1}, "beta is 0.1 without ref_logprobs"),
        ({"beta": NAN}, "beta is nan"),
        ({"per": "batch"}, "per is 'batch'"),
        ({"per": 0.0}, "per is 0.0"),
    ],
)
def test_options_outside_their_range_are_refused(options, message):
    now, old, mask = batch()

    with pytest.raises(ValueError, match=message):
        grpo_loss(now, old, mask, rewards(), groups(), **options)


@pytest.mark.parametrize("tau", [-0.1, NAN, INF])
def test_a_tau_outside_its_range_is_refused(tau):
    now, old, mask = batch()

    with pytest.raises(ValueError, match="tau is"):
        opmd_loss(now, old, mask, rewards(), groups(), tau=tau)


def test_the_timing_names_each_loss():
    took = loss_ms(batch=8, length=16, k=4)

    assert set(took) == {"opmd", "grpo", "logprobs_read"}
    assert all(ms > 0 for ms in took.values())


@pytest.mark.parametrize("broken", [NAN, INF])
def test_an_advantage_of_0_hides_no_broken_number(broken):
    now, old, mask = batch()
    now[0, 0] = broken

    loss = grpo_loss(now, old, mask, torch.ones(7), 7).loss

    assert not loss.isfinite()


def test_an_advantage_of_0_forms_no_ratio_that_overflows():
    now, old, mask = batch()
    old[0, 0] = -5000.0
    loss, grad = slope(lambda x: grpo_loss(x, old, mask, torch.ones(7), 7).loss, now)

    assert loss == 0
    assert (grad == 0).all()


@pytest.mark.parametrize("size", [1e-200, 1e-300, 1.0, 1e200, 1e300])
def test_dividing_by_the_std_takes_away_any_unit(size):
    usual = credit(rewards(), groups(), divide_by_std=True).advantages
    scaled = credit(rewards() * size, groups(), divide_by_std=True).advantages

    assert torch.allclose(scaled, usual, rtol=1e-9)


def test_a_group_size_may_be_any_kind_of_whole_number():
    np = pytest.importorskip("numpy")

    assert torch.equal(credit(rewards(), np.int64(7)).weights, credit(rewards(), 7).weights)


@pytest.mark.parametrize("wrong", [True, 7.0, None, "7", [7]])
def test_what_is_no_group_size_is_refused(wrong):
    with pytest.raises(ValueError, match="whole number"):
        credit(rewards(), wrong)


@pytest.mark.parametrize("wrong", [True, None, "length", [1.0]])
def test_what_is_no_length_is_refused(wrong):
    now, old, mask = batch()

    with pytest.raises(ValueError, match="per is"):
        grpo_loss(now, old, mask, rewards(), groups(), per=wrong)
