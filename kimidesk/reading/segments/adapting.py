"""Making a model better with people's own labels, without the labels that it was made from.

What a model has learnt is what is believed until labels say otherwise: its weights are the mean of
a Gaussian prior, and the fit is the most likely one behind the labels (maximum a posteriori; the
adaptation of Chelba and Acero, doi 10.1016/j.csl.2005.05.005). So a few labels change little, and
the labelled traces that may not travel are not needed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from kimidesk.reading.segments.model import Floats, Model
from kimidesk.reading.segments.training import Labelled, not_installed, packed, rows_of

FREEDOM = 0.05  # variance of the prior: how far a weight may leave what it was
UNKNOWN = -4.0  # bias of a class that the model does not have yet
STEPS = 300


def adapted(base: Model, data: Sequence[Labelled], freedom: float = FREEDOM) -> Model:
    """`base` moved by labels; raises UsageError where scipy is not installed."""
    try:
        from scipy.optimize import minimize
        from scipy.sparse import csr_matrix
    except ImportError as error:
        raise not_installed() from error
    rows, labels, weights = rows_of(data)
    classes = (*base.classes, *sorted(set(labels) - set(base.classes)))
    seen = sorted({name for row in rows for name in row})  # a weight without a label stays
    names = [*base.feature, *(name for name in seen if name not in base.feature)]
    column = {name: place for place, name in enumerate(seen)}
    starts = np.cumsum([0, *map(len, rows)])
    columns = [column[name] for row in rows for name in row]
    matrix = csr_matrix((np.ones(len(columns)), columns, starts), (len(rows), len(seen)))
    prior, bias = _prior(base, classes, len(names))
    place = {name: row for row, name in enumerate(names)}
    known = [place[name] for name in seen]
    start = matrix @ prior[known] + bias
    fit = _Fit(matrix, [classes.index(label) for label in labels], weights, start, freedom)
    flat = np.zeros((len(seen) + 1) * len(classes))
    found = minimize(fit.loss, flat, jac=True, method="L-BFGS-B", options={"maxiter": STEPS})
    moved, shifted = fit.parts(found.x)
    prior[known] += moved
    return packed(classes, names, prior, bias + shifted, _follows(base, len(classes)))


class _Fit:
    """N sentences, F features, C classes; `start` (N, C) is what the prior says of them."""

    def __init__(
        self, matrix: Any, labels: list[int], weights: Floats, start: Floats, freedom: float
    ) -> None:
        self._matrix, self._weights, self._freedom = matrix, weights[:, None], freedom
        self._labels, self._start = np.array(labels), start

    def parts(self, flat: Floats) -> tuple[Floats, Floats]:
        """The moves of the weights (F, C) and of the biases (C,)."""
        width = self._start.shape[1]
        return flat[:-width].reshape(-1, width), flat[-width:]

    def loss(self, flat: Floats) -> tuple[float, Floats]:
        """Minus the log of prior times likelihood, and its gradient."""
        moved, shifted = self.parts(flat)
        raw = self._start + self._matrix @ moved + shifted
        raw = raw - raw.max(axis=1, keepdims=True)
        log = raw - np.log(np.exp(raw).sum(axis=1, keepdims=True))
        each = np.arange(len(self._labels))
        wrong = np.exp(log)
        wrong[each, self._labels] -= 1
        wrong *= self._weights
        loss = -float(self._weights[:, 0] @ log[each, self._labels])
        loss += float((flat**2).sum()) / (2 * self._freedom)
        gradient = np.concatenate([(self._matrix.T @ wrong).ravel(), wrong.sum(axis=0)])
        return loss, gradient + flat / self._freedom


def _prior(base: Model, classes: tuple[str, ...], features: int) -> tuple[Floats, Floats]:
    """Weights (F, C) and biases (C,) of the model, with zeros for what it does not know."""
    known = base.weights.shape
    weights, bias = np.zeros((features, len(classes))), np.full(len(classes), UNKNOWN)
    weights[: known[0], : known[1]] = base.weights * base.scale
    bias[: known[1]] = base.bias
    return weights, bias


def _follows(base: Model, classes: int) -> Floats:
    made = np.zeros((classes, classes))
    known = len(base.classes)
    made[:known, :known] = base.follows
    return made
