"""Targets and predictions that reach the hard places: ties, tails, gaps up to 1000, both labels, masked classes."""

import numpy as np
from hypothesis import strategies as st

import lossutils as lu
from lossutils.cross_entropy import SoftmaxLoss


def scores(dtype, low=-1e3, high=1e3):
    """Numbers of the dtype: simple ones, tiny and subnormal ones, and any in a range."""
    kind = np.dtype(dtype).type
    width = {"float16": 16, "float32": 32, "float64": 64}[str(np.dtype(dtype))]
    simple = [0.0, 1.0, -1.0, 3.0, -3.0, 17.0, 20.1, 40.0, -40.0, 88.0, 89.0, -89.0, 103.0, 500.0, -745.0]
    tiny = [1e-8, -1e-8, 1e-30, float(np.finfo(dtype).smallest_subnormal), float(np.finfo(dtype).tiny)]
    return st.one_of(
        st.sampled_from([float(kind(x)) for x in simple if low <= x <= high]),
        st.sampled_from([float(kind(x)) for x in tiny if low <= x <= high]),
        st.floats(max(low, -30), min(high, 30), width=width, allow_subnormal=False),
        st.floats(low, high, width=width, allow_subnormal=False),
    )


@st.composite
def distribution(draw, classes):
    """Probabilities in quarters and in thirds, one-hot among them: rows that sum to 1 to rounding."""
    counts = draw(st.lists(st.integers(0, 5), min_size=classes, max_size=classes).filter(any))
    return [c / sum(counts) for c in counts]


def rows(loss, classes):
    """A target for one row of logits."""
    if isinstance(loss, lu.MultiPositiveCrossEntropy | lu.AnyPositiveCrossEntropy):
        return st.lists(st.integers(0, 1), min_size=classes, max_size=classes).filter(any)
    if isinstance(loss, lu.KullbackLeibler):
        return distribution(classes)
    return st.integers(0, classes - 1)


def numbers(loss):
    """A target for one score."""
    if hasattr(loss.domain, "values"):
        return st.sampled_from(loss.domain.values)
    return st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0, 1, width=32, allow_subnormal=False))


@st.composite
def examples(draw, loss, dtype, size=6):
    """A batch: targets and predictions, as lists."""
    if not isinstance(loss, SoftmaxLoss):
        batch = draw(st.lists(st.tuples(numbers(loss), scores(dtype)), min_size=1, max_size=size))
        return [y for y, _ in batch], [f for _, f in batch]
    classes = draw(st.integers(1, 6))
    dense = isinstance(loss, lu.SoftmaxCrossEntropy) and draw(st.booleans())
    target = distribution(classes) if dense else rows(loss, classes)
    row = st.lists(scores(dtype), min_size=classes, max_size=classes)
    batch = draw(st.lists(st.tuples(target, row), min_size=1, max_size=size))
    return [y for y, _ in batch], [s for _, s in batch]


_LOGITS = [[2.0, -1.0, 0.5, -6.0], [0.25, 0.0, 9.0, 9.0], [-3.0, 1.5, 1.5, 0.0]]
_SCORES = [-2.5, 0.75, 6.0, -0.125]

# A target and a prediction for each kind of loss.
EXAMPLE = {
    lu.SoftmaxCrossEntropy: ([0, 3, 1], _LOGITS),
    lu.KullbackLeibler: ([[0.5, 0.25, 0.25, 0.0], [1.0, 0.0, 0.0, 0.0], [0.25] * 4], _LOGITS),
    lu.MultiPositiveCrossEntropy: ([[1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 1]], _LOGITS),
    lu.AnyPositiveCrossEntropy: ([[1, 1, 0, 0], [0, 0, 1, 0], [1, 1, 1, 0]], _LOGITS),
    lu.BinaryCrossEntropy: ([0.0, 1.0, 0.25, 1.0], _SCORES),
    lu.Logistic: ([-1.0, 1.0, -1.0, 1.0], _SCORES),
}
