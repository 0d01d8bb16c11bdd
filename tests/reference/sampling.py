"""Targets and predictions that reach the hard places: ties, tails, gaps up to 1000, both labels, masked classes."""

import numpy as np
from hypothesis import strategies as st

import lossutils as lu
from lossutils.frameworks.domains import NONNEGATIVE, POSITIVE, REAL, UNIT

from .grid import LOG_COUNTS

MASKS = lu.MultiPositiveCrossEntropy | lu.AnyPositiveCrossEntropy
PLACED = lu.NegativeSampling | lu.NoiseContrastive  # losses of rows that change if all scores grow alike
SMOOTH_LABELS = lu.SoftmaxCrossEntropy | lu.SoftmaxSquaredError  # take a class's number or a distribution


def scores(dtype, low=-1e3, high=1e3):
    """Numbers of the dtype: simple ones, tiny and subnormal ones, and any in a range."""
    kind = np.dtype(dtype).type
    width = {"float16": 16, "float32": 32, "float64": 64}[str(np.dtype(dtype))]
    simple = [0.0, 1.0, -1.0, 3.0, -3.0, 17.0, 20.1, 40.0, -40.0, 88.0, 89.0, -89.0, 103.0, 500.0, -745.0]
    tiny = [1e-8, -1e-8, 1e-30, float(np.finfo(dtype).smallest_subnormal), float(np.finfo(dtype).tiny)]
    return st.one_of(
        st.sampled_from([float(kind(x)) for x in simple + tiny if low <= x <= high]),
        st.floats(max(low, -30), min(high, 30), width=width, allow_subnormal=False),
        st.floats(low, high, width=width, allow_subnormal=False),
    )


@st.composite
def distribution(draw, classes):
    """Probabilities in quarters and in thirds, one-hot among them: rows that sum to 1 to rounding."""
    counts = draw(st.lists(st.integers(0, 5), min_size=classes, max_size=classes).filter(any))
    return [c / sum(counts) for c in counts]


def rows(loss, classes, dense):
    """A target for one row of logits."""
    if isinstance(loss, lu.PairwiseLogistic):
        return st.lists(st.integers(0, 1), min_size=classes, max_size=classes).filter(lambda y: 0 < sum(y) < classes)
    if isinstance(loss, MASKS):
        return st.lists(st.integers(0, 1), min_size=classes, max_size=classes).filter(any)
    if isinstance(loss, LOG_COUNTS):
        counts = st.floats(-30, 30, width=32, allow_subnormal=False)
        drawn = st.lists(counts | st.just(np.inf), min_size=classes - 1, max_size=classes - 1)
        return st.tuples(counts, drawn).map(lambda c: [c[0], *c[1]])
    if isinstance(loss, lu.KullbackLeibler) or dense:
        return distribution(classes)
    return st.integers(0, classes - 1)


@st.composite
def numbers(draw, loss, dtype):
    """A target and a prediction that is one score: any two, or two at or near a corner of the loss."""
    f = draw(scores(dtype))
    if hasattr(loss.domain, "values"):
        return draw(st.sampled_from(loss.domain.values)), f
    if loss.domain == UNIT:
        return draw(st.sampled_from([0.0, 1.0]) | st.floats(0, 1, width=32, allow_subnormal=False)), f
    gaps = [0.0, 1.0, -1.0, 0.1, -0.1, 1e-8, 2.5]
    y = draw(st.sampled_from([f + gap for gap in gaps]) | scores(dtype))
    if loss.domain != REAL:
        y = max(abs(y), 0.0 if loss.domain == NONNEGATIVE else 1e-300)
        assert loss.domain in (NONNEGATIVE, POSITIVE)
    return y, f


@st.composite
def pairs(draw, dtype):
    """A number, and two that are predicted for it: any, or such that it is one of them or near it."""
    f = draw(st.lists(scores(dtype), min_size=2, max_size=2))
    near = [f[0], f[1], f[0] + 0.1, f[0] - 1.0, f[1] + 1e-8, 0.5 * f[0] + 0.5 * f[1]]
    return draw(st.sampled_from(near) | scores(dtype)), f


@st.composite
def examples(draw, loss, dtype, size=10):
    """A batch: targets and predictions, as lists."""
    if not loss.row_axes:
        batch = draw(st.lists(numbers(loss, dtype), min_size=1, max_size=size))
    elif loss.columns:
        batch = draw(st.lists(pairs(dtype), min_size=1, max_size=size))
    else:
        classes = draw(st.integers(loss.least_classes, 6))
        dense = isinstance(loss, SMOOTH_LABELS) and draw(st.booleans())
        row = st.lists(scores(dtype), min_size=classes, max_size=classes)
        batch = draw(st.lists(st.tuples(rows(loss, classes, dense), row), min_size=1, max_size=size))
    return [y for y, _ in batch], [f for _, f in batch]


_LOGITS = [[2.0, -1.0, 0.5, -6.0], [0.25, 0.0, 9.0, 9.5], [-3.0, 1.5, 1.75, 0.0]]
_SCORES = [-2.5, 0.75, 6.0, -0.125]
_NUMBERS = [-2.0, 3.5, 5.75, 1.0]
_PAIRS = [[-2.5, 0.25], [0.75, -0.5], [6.0, 7.0], [-0.125, 1.25]]
_POSITIVE = [0.25, 1.0, 3.0, 7.0]
_SIGNS = [-1.0, 1.0, -1.0, 1.0]
_CLASSES = [0, 3, 1]

# A target and a prediction for each kind of loss, away from the corners.
EXAMPLE = {
    lu.SquaredError: (_NUMBERS, _SCORES),
    lu.AbsoluteError: (_NUMBERS, _SCORES),
    lu.Huber: (_NUMBERS, _SCORES),
    lu.LogCosh: (_NUMBERS, _SCORES),
    lu.Pinball: (_NUMBERS, _SCORES),
    lu.EpsilonInsensitive: (_NUMBERS, _SCORES),
    lu.Expectile: (_NUMBERS, _SCORES),
    lu.Barron: (_NUMBERS, _SCORES),
    lu.StudentT: (_NUMBERS, _SCORES),
    lu.Tukey: (_NUMBERS, _SCORES),
    lu.Welsch: (_NUMBERS, _SCORES),
    lu.Poisson: ([0.0, 1.0, 3.0, 0.25], _SCORES),
    lu.Gamma: (_POSITIVE, _SCORES),
    lu.Tweedie: ([0.0, 1.0, 3.0, 0.25], _SCORES),
    lu.ZeroOne: (_SIGNS, _SCORES),
    lu.Perceptron: (_SIGNS, _SCORES),
    lu.Hinge: (_SIGNS, _SCORES),
    lu.SquaredHinge: (_SIGNS, _SCORES),
    lu.ModifiedHuber: (_SIGNS, _SCORES),
    lu.Exponential: (_SIGNS, _SCORES),
    lu.Logistic: (_SIGNS, _SCORES),
    lu.BinaryCrossEntropy: ([0.0, 1.0, 0.25, 1.0], _SCORES),
    lu.Focal: ([0.0, 1.0, 0.25, 1.0], _SCORES),
    lu.SigmoidSquaredError: ([0.0, 1.0, 0.25, 1.0], _SCORES),
    lu.SoftmaxCrossEntropy: (_CLASSES, _LOGITS),
    lu.SoftmaxSquaredError: (_CLASSES, _LOGITS),
    lu.SphericalScore: (_CLASSES, _LOGITS),
    lu.KullbackLeibler: ([[0.5, 0.25, 0.25, 0.0], [1.0, 0.0, 0.0, 0.0], [0.25] * 4], _LOGITS),
    lu.CrammerSinger: (_CLASSES, _LOGITS),
    lu.MultiPositiveCrossEntropy: ([[1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1]], _LOGITS),
    lu.AnyPositiveCrossEntropy: ([[1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 0]], _LOGITS),
    lu.SampledSoftmax: ([[-1.0, 0.5, 0.25, 2.0], [0.0, 0.0, np.inf, 1.0], [0.5] * 4], _LOGITS),
    lu.InfoNCE: (_CLASSES, _LOGITS),
    lu.NegativeSampling: (_CLASSES, _LOGITS),
    lu.NoiseContrastive: ([[-1.0, 0.5, 0.25, 2.0], [0.0, 0.0, np.inf, 1.0], [0.5] * 4], _LOGITS),
    lu.GaussianLikelihood: (_NUMBERS, _PAIRS),
    lu.NormalCRPS: (_NUMBERS, _PAIRS),
    lu.IntervalScore: (_NUMBERS, _PAIRS),
    lu.PairwiseLogistic: ([[1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 0]], _LOGITS),
}
