"""Sums of three numbers: the digits they keep, against ball arithmetic."""

import flint
import numpy as np
import pytest

from lossutils.losses import precise
from tests.reference.exact import arb

RNG = np.random.default_rng(0)
X = np.concatenate([RNG.normal(0, 1, 300), RNG.uniform(-740, 705, 300), 10.0 ** RNG.uniform(-20, 0, 100)])


@pytest.fixture(autouse=True)
def enough_bits():
    flint.ctx.prec = 400


def test_exponentials_to_a_part_in_2_to_the_123(framework):
    lost = X * 2.0**-54 * RNG.uniform(-1, 1, X.size)
    k, parts = framework.graph(precise.exp_in_parts)(framework.array(X), framework.array(lost))
    k, parts = framework.numpy(k), [framework.numpy(part) for part in parts]
    for i, x in enumerate(X):
        true = (arb(x) + arb(lost[i])).exp()
        found = sum((arb(part[i]) for part in parts), arb(0)) * flint.arb(2) ** int(k[i])
        assert abs((found - true) / true) < arb(2.0**-123)


def test_totals_keep_what_cancels(framework):
    x = RNG.random((20, 300)) * 2.0 ** -RNG.integers(0, 40, (20, 300))
    x[:, -1] = -x[:, :-1].sum(-1)
    x /= abs(x).max()
    zero = framework.array(0 * x)
    parts = framework.graph(precise.exact_total)((framework.array(x), zero, zero))
    total = [framework.numpy(part)[..., 0] for part in parts]
    for i in range(20):
        true = sum((arb(v) for v in x[i]), arb(0))
        assert abs(sum((arb(part[i]) for part in total), arb(0)) - true) < arb(2.0**-105)


def test_logarithms(framework):
    x = np.exp(RNG.uniform(-400, 20, 200))
    lost = x * 2.0**-54
    terms = framework.graph(precise.log_in_parts)(framework.array(x), framework.array(lost))
    for i in range(200):
        found = sum((arb(framework.numpy(term)[i]) for term in terms), arb(0))
        assert abs(found - (arb(x[i]) + arb(lost[i])).log()) < arb(2.0**-60)


@pytest.mark.parametrize("x", [-0.5, -0.3, -1e-3, 1e-9, 0.2, 1.0])
def test_x_less_its_log1p(x):
    true = float(arb(x) - (1 + arb(x)).log())
    assert precise.less_log1p(np.float64(x)) == pytest.approx(true, rel=6e-16)
    if abs(x) < 2.0**-13:
        assert sum(precise.less_log1p_near(np.float64(x), np.float64(0.0))) == pytest.approx(true, rel=2e-16)
