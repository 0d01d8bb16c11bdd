"""`ignore` leaves examples out: no loss, no gradient, whatever stands there."""

import numpy as np
import pytest

import lossutils as lu
from tests.reference.frameworks import FRAMEWORKS
from tests.reference.sampling import EXAMPLE


@pytest.fixture(params=lu.losses(), ids=repr)
def loss(request):
    """Each loss, with its defaults."""
    return request.param


RESULTS = ("__call__", "gradient", "hessian")


@pytest.fixture
def padded(loss, framework):
    """The example with its second row spoilt, and the mask that says so."""
    target, prediction = (np.array(x, float) for x in EXAMPLE[type(loss)])
    target[1] = prediction[1] = np.nan
    mask = np.arange(len(target)) == 1
    return framework.array(target), framework.array(prediction, "float64"), framework.array(mask)


@pytest.mark.parametrize("method", RESULTS)
def test_what_is_ignored_is_zero_and_the_rest_as_it_was(loss, framework, padded, method):
    y, f, mask = padded
    found = framework.numpy(getattr(loss, method)(y, f, ignore=mask))
    expected = np.array(getattr(loss, method)(*EXAMPLE[type(loss)]))
    expected[1] = 0
    np.testing.assert_allclose(found, expected, rtol=5e-14, atol=1e-15)


def test_products_and_pairs_too(loss, framework, padded):
    y, f, mask = padded
    v = framework.array(np.ones(tuple(f.shape)))
    assert not framework.numpy(loss.hessian_product(y, f, v, ignore=mask))[1].any()
    for result in loss.value_and_gradient(y, f, ignore=mask):
        assert not framework.numpy(result)[1].any() and np.isfinite(framework.numpy(result)).all()


@pytest.mark.parametrize("name", ["torch", "tensorflow"])
def test_no_gradient_flows_to_what_is_ignored(loss, name):
    framework = FRAMEWORKS[name]
    target, prediction = (np.array(x, float) for x in EXAMPLE[type(loss)])
    target[1] = prediction[1] = np.nan
    y, mask = framework.array(target), framework.array(np.arange(len(target)) == 1)
    f = framework.array(prediction, "float64")
    for order in (1, 2):
        found = framework.numpy(framework.derivative(lambda f: loss(y, f, ignore=mask), f, order))
        assert not found[1].any() and np.isfinite(found).all()


def test_everything_ignored(loss, framework):
    target, prediction = EXAMPLE[type(loss)]
    y, f = framework.array(np.array(target)), framework.array(prediction, "float32")
    assert not framework.numpy(loss(y, f, ignore=[True] * len(target))).any()


def test_class_numbers_outside_the_range_may_be_padding(framework):
    y, s = framework.array([0, -100]), framework.array([[1.0, 2.0], [0.0, 0.0]], "float32")
    value = framework.numpy(lu.SoftmaxCrossEntropy()(y, s, ignore=framework.array([False, True])))
    np.testing.assert_allclose(value, [np.log1p(np.e), 0], rtol=1e-6)
    with pytest.raises(ValueError, match="got -100"):
        lu.SoftmaxCrossEntropy()(y, s, ignore=framework.array([True, False]))


def test_a_mask_is_a_mask(framework):
    f = framework.array([0.5, 1.0], "float64")
    with pytest.raises(TypeError, match=r"ignore: expected .* of truth values, got float64"):
        lu.SquaredError()(f, f, ignore=f)
    with pytest.raises(ValueError, match=r"ignore: expected shape \(2,\), one truth value for each example"):
        lu.SquaredError()(f, f, ignore=framework.array([True]))
    other = FRAMEWORKS["torch" if framework.name != "torch" else "numpy"]
    with pytest.raises(TypeError, match=r"ignore: expected .*, got"):
        lu.SquaredError()(f, f, ignore=other.array([True, False]))
