"""What rows keep of parts of their classes merges to what the whole gives, whatever the parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lossutils as lu
from lossutils.losses.parts import all_of, below, complement, merged, part, probabilities, stretched
from tests.reference.exact import exact, ulps

SCORES = [0.0, -1.0, 1e-8, 3.0, 17.0, -40.0, 40.0, 88.5, 700.0, -745.0, -np.inf]


def of(s, y, columns):
    """The part of a row's classes, the right one named by `y`."""
    own, q = s[:, columns], (np.arange(s.shape[1]) == y[:, None])[:, columns].astype(float)
    with np.errstate(all="ignore"):
        far, lost = below(own.max(-1, keepdims=True), own)
        gap = np.where(q == 0, 0.0, q * far).sum(-1)
        return part(own, gap, q.sum(-1))._replace(lost=np.where(q == 0, 0.0, q * lost).sum(-1))


@st.composite
def cut_rows(draw):
    """Rows of scores, the right classes, and the classes in parts, in any order."""
    k = draw(st.integers(1, 8))
    scores = st.sampled_from(SCORES) | st.floats(-50, 50, allow_subnormal=False)
    s = draw(st.lists(st.lists(scores, min_size=k, max_size=k), min_size=1, max_size=4))
    y = draw(st.lists(st.integers(0, k - 1), min_size=len(s), max_size=len(s)))
    where = np.array(draw(st.lists(st.integers(0, 3), min_size=k, max_size=k)))
    parts = [np.flatnonzero(where == p) for p in draw(st.permutations(range(4)))]
    return np.array(s), np.array(y), [p for p in parts if len(p)]


@given(cut_rows())
def test_the_loss_of_merged_parts_is_exact(cut):
    """In ulps of the exact loss in float64, and grouped the other way round as well."""
    s, y, parts = cut
    found = [of(s, y, columns) for columns in parts]
    with np.errstate(all="ignore"):
        row, other = all_of(found), found[-1]
        for one in reversed(found[:-1]):
            other = merged(one, other)
        losses, others = row.loss(), other.loss()
    for i in range(len(s)):
        if np.isinf(s[i]).all():
            assert np.isnan(losses[i]) and np.isnan(others[i])
        elif s[i, y[i]] == -np.inf:
            assert losses[i] == others[i] == np.inf
        else:
            finite = s[i] > -np.inf  # a class that is masked counts nothing
            true, _, _ = exact(lu.SoftmaxCrossEntropy(), int(np.flatnonzero(finite).tolist().index(y[i])), s[i][finite])
            assert max(ulps(float(x[i]), true, true, "float64") for x in (losses, others)) <= 4


@given(cut_rows())
def test_the_gradient_of_merged_parts_is_that_of_the_whole(cut):
    s, y, parts = cut
    keep = (s > -np.inf).any(-1)
    s, y = s[keep], y[keep]
    with np.errstate(all="ignore"):
        row = all_of([of(s, y, columns) for columns in parts])
        expected = lu.SoftmaxCrossEntropy().gradient(y, s)
        for columns in parts:
            p = probabilities(s[:, columns], row)
            found = np.where(columns == y[:, None], -complement(s[:, columns], p, stretched(row)), p)
            np.testing.assert_allclose(found, expected[:, columns], rtol=2e-15, atol=1e-320)


@pytest.mark.parametrize("top", [40.0, 0.0])
@pytest.mark.parametrize("count", [1, 64, 2000])
def test_no_error_gathers_however_many_parts_there_are(top, count):
    """The largest first, to which all others add little by little; or a larger one in every part."""
    s = np.random.default_rng(0).normal(0, 1, (1, 2000))
    s = np.sort(s) if top == 0 else s
    s[0, 0] += top
    found = all_of([of(s, np.array([0]), columns) for columns in np.array_split(np.arange(2000), count)]).loss()
    true, _, _ = exact(lu.SoftmaxCrossEntropy(), 0, s[0])
    assert ulps(float(found[0]), true, true, "float64") <= 2


def test_nan_and_infinite_scores():
    y = np.array([0, 0, 1, 0])
    s = np.array([[np.nan, 1.0, 2.0], [np.inf, 0.0, 0.0], [np.inf, 0.0, 0.0], [np.inf, np.inf, 0.0]])
    with np.errstate(all="ignore"):
        for parts in ([[0], [1, 2]], [[2], [1], [0]], [[0, 1], [2]]):
            found = all_of([of(s, y, np.array(columns)) for columns in parts]).loss()
            assert np.isnan(found[0]) and found[1] == 0 and found[2] == np.inf and np.isnan(found[3])
