"""Barron's loss near and at the numbers where its formula has limits; robust losses far out; expectiles by hand."""

import numpy as np
import pytest

import lossutils as lu
from tests.reference import graded
from tests.reference.exact import BITS

INF = float("inf")
NEAR = [0.0, 5e-324, 1e-300, 1e-20, -1e-16, 1e-9, -1e-4, 0.1, 1.0, 1.5, 2 - 2**-52, 2 - 1e-9, 2.0]
FAR_DOWN = [-0.3, -2.0, -37.3, -1e4, -1e9, -1e13, -4e13, -1e17, -1e300, -INF]


def points():
    rng = np.random.default_rng(3)
    f = np.concatenate([rng.normal(0, 3, 60), 10.0 ** rng.uniform(-9, 40, 60), rng.uniform(20, 40, 30)])
    return np.concatenate([f[:60] + rng.normal(0, 3, 60), 0.1 * f[60:120], 0 * f[120:]]), f


@pytest.mark.parametrize("scale", [1.0, 0.3])
@pytest.mark.parametrize("alpha", NEAR + FAR_DOWN)
def test_every_shape_keeps_its_digits(alpha, scale):
    loss, (y, f) = lu.Barron(alpha, scale), points()
    values, gradients, sizes = graded.truths(loss, y, f, BITS)
    value, gradient = loss.value_and_gradient(y, f)
    assert graded.errors(value, values, "float64").max() <= 4
    assert graded.errors(gradient[:, None], gradients, "float64", sizes).max() <= 4


@pytest.mark.parametrize("alpha", [0.0, 2.0, -INF])
def test_a_limit_is_what_is_near_it(alpha):
    y, f = np.zeros(7), np.array([0.0, 1e-8, 0.1, 1.0, 3.0, -7.0, 30.0])
    beside = lu.Barron(-1e300 if alpha < 0 else alpha - 1e-300 if alpha == 0 else np.nextafter(2.0, 0))
    for at, near in zip(lu.Barron(alpha).value_and_gradient(y, f), beside.value_and_gradient(y, f), strict=True):
        np.testing.assert_allclose(at, near, rtol=1e-14)
    np.testing.assert_allclose(lu.Barron(alpha).hessian(y, f), beside.hessian(y, f), rtol=1e-14)


def test_members_of_the_family():
    y, f = np.zeros(5), np.array([0.0, 0.5, -1.0, 4.0, 50.0])
    c = 1.5
    np.testing.assert_allclose(lu.Welsch(c)(y, f), c**2 / 2 * lu.Barron(-INF, c / np.sqrt(2))(y, f), rtol=1e-15)
    np.testing.assert_allclose(lu.StudentT(1.0, c)(y, f), lu.Barron(0.0, c / np.sqrt(2))(y, f), rtol=1e-15)
    np.testing.assert_allclose(lu.Barron(2.0)(y, f), lu.SquaredError()(y, f) / 2, rtol=1e-15)
    np.testing.assert_allclose(lu.Barron(-2.0)(y, f), 2 * f**2 / (f**2 + 4), rtol=1e-15)
    assert lu.Barron(1.0).convex and not lu.Barron(0.99).convex


EVERY = [lu.Barron(a, 0.5) for a in (-INF, -30.0, -0.5, 0.0, 0.5, 1.0, 1.5)]
EVERY += [lu.StudentT(2.0, 0.5), lu.Tukey(2.0), lu.Welsch(2.0)]


@pytest.mark.parametrize("loss", EVERY, ids=repr)
def test_far_out(loss, framework):
    """Squares that overflow, and infinity: what the closed form tends to, no NaN."""
    f = np.array([1e155, -1e200, 1e300, np.inf, -np.inf])
    results = loss.value_and_gradient(framework.array(np.zeros(5)), framework.array(f))
    value, gradient = map(framework.numpy, results)
    hessian = framework.numpy(loss.hessian(framework.array(np.zeros(5)), framework.array(f)))
    values, gradients, sizes = graded.truths(loss, np.zeros(3), f[:3])
    assert graded.errors(value[:3], values, "float64").max() <= 8
    assert graded.errors(gradient[:3, None], gradients, "float64", sizes).max() <= 8
    assert (value[3:] == loss(0.0, -np.inf)).all() and not np.isnan(value).any()
    assert (np.sign(gradient) * np.sign(f) >= 0).all() and np.isfinite(hessian).all()
    assert (abs(gradient[3:]) <= max(abs(gradient[2]), loss.lipschitz if loss.lipschitz < INF else INF)).all()


def test_expectiles_known_by_hand():
    assert lu.Expectile(0.75).minimiser([0.0, 4.0]) == 3.0
    assert lu.Expectile(0.5).minimiser([1.0, 2.0, 6.0]) == 3.0
    assert lu.Expectile(0.9).minimiser([2.0, 2.0]) == 2.0
    y = np.random.default_rng(0).normal(size=31)
    for level in (0.02, 0.3, 0.97):
        best = lu.Expectile(level).minimiser(y)
        assert abs(lu.Expectile(level).gradient(y, np.full(31, best)).mean()) < 1e-15


def test_an_infinite_shape_is_kept_as_text():
    from lossutils.frameworks.names import named, spelled

    assert named(spelled(lu.Barron(-INF, 2.0))) == lu.Barron(-INF, 2.0)
    for wrong in (2.5, INF, float("nan")):
        with pytest.raises(ValueError, match=r"alpha: expected values in \[-inf, 2\]"):
            lu.Barron(wrong)
