"""Many rows at once: the numbers of each row alone, however many threads there are."""

import numpy as np
import pytest

from kimikernels.token_stats import Rule, batch_token_stats

ROWS = np.random.default_rng(5).normal(0, 3, (7, 3001)).astype(np.float32)


@pytest.mark.parametrize("threads", [1, 3, 64])
def test_a_batch_is_its_rows(stats, threads):
    targets = np.arange(7) * 400
    batch = stats.batch_token_stats(ROWS, targets, 5, None, threads)

    for i, row in enumerate(ROWS):
        alone = stats.token_stats(row, int(targets[i]), 5)
        assert alone.log_z == batch.log_z[i]
        assert alone.entropy == batch.entropy[i]
        assert alone.logprob == batch.logprob[i]
        assert alone.rank == batch.rank[i]
        assert alone.top_id.tolist() == batch.top_id[i].tolist()
        assert alone.top_logprob.tolist() == batch.top_logprob[i].tolist()


def test_rows_may_lie_apart_but_columns_may_not(stats):
    spread = stats.batch_token_stats(ROWS[::2, 5:2000])
    assert spread.entropy[1] == stats.token_stats(ROWS[2, 5:2000].copy()).entropy

    with pytest.raises(ValueError, match="columns must lie together"):
        stats.batch_token_stats(ROWS[:, ::2])


def test_each_row_has_its_own_rule(stats):
    rules = [Rule(u / 7, temperature=0.5) for u in range(7)]
    batch = stats.batch_token_stats(ROWS, None, 0, rules, 2)

    assert batch.token.tolist() == [
        stats.token_stats(row, None, 0, rule).token for row, rule in zip(ROWS, rules, strict=True)
    ]
    assert batch.top_id.shape == (7, 0)


def test_no_rows_are_no_work(stats):
    batch = stats.batch_token_stats(ROWS[:0])

    assert batch.top_id.shape == (0, 20)
    assert batch.entropy.shape == (0,)


def test_the_broken_row_is_named(stats):
    rows = ROWS.copy()
    rows[4, 17] = np.nan

    with pytest.raises(ValueError, match="row 4: logit 17 of 3001 is nan"):
        stats.batch_token_stats(rows)


@pytest.mark.parametrize(
    "rows", [np.zeros(3, np.float32), np.zeros((2, 3)), np.zeros((2, 0), "f4")]
)
def test_other_shapes_are_refused(stats, rows):
    with pytest.raises(ValueError, match="must be float32 of shape"):
        stats.batch_token_stats(rows)


def test_as_many_targets_and_rules_as_rows():
    with pytest.raises(ValueError, match="3 targets for 7 rows"):
        batch_token_stats(ROWS, np.zeros(3, np.int64))
    with pytest.raises(ValueError, match="1 rules for 7 rows"):
        batch_token_stats(ROWS, rules=[Rule(0.5)])


def test_no_rows_give_no_numbers(stats):
    batch = stats.batch_token_stats(np.zeros((0, 9), np.float32), np.zeros(0, np.int64), 3)

    assert batch.entropy.shape == (0,)
    assert batch.top_id.shape == (0, 3)
    assert batch_token_stats(np.zeros((0, 9), np.float32), []).entropy.shape == (0,)


def test_one_column_and_one_row_may_lie_in_any_stride(stats):
    column = stats.batch_token_stats(ROWS[:, 4:5], k=1)
    row = stats.batch_token_stats(ROWS[::7], k=1)

    assert column.entropy.tolist() == [0.0] * 7
    assert row.top_id[0, 0] == ROWS[0].argmax()


@pytest.mark.parametrize("targets", [np.zeros((7, 1), np.int64), np.zeros(7), [0.5] * 7])
def test_targets_are_whole_numbers_one_for_each_row(targets):
    with pytest.raises(ValueError, match="they must be whole numbers"):
        batch_token_stats(ROWS, targets)
