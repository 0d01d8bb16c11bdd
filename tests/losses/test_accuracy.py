"""Values and gradients within a few ulps of the exact ones, everywhere: no wrong zero, infinity or NaN."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lossutils as lu
from lossutils.frameworks import settings
from tests.reference.exact import arb, exact, ulps
from tests.reference.frameworks import FRAMEWORKS
from tests.reference.sampling import EXAMPLE, examples

BOUND = {"numpy": 4, "torch": 4, "tensorflow": 8}
OF_PRODUCTS = 6  # of several probabilities, whose errors add up
FLUSHED = 16  # TensorFlow sets subnormal numbers to zero: results may miss a few of the smallest normal number


def bound(loss, framework):
    product = isinstance(loss, lu.Focal | lu.SoftmaxSquaredError)
    return max(BOUND[framework.name], OF_PRODUCTS if product else 0)


def worst(framework, dtype, results, truths):
    """The largest error in ulps over a batch: of the values, and of the gradients."""
    flushed = FLUSHED * arb(np.finfo(dtype).tiny) if framework.name == "tensorflow" else None

    def error(found, true, scale):
        if flushed is not None and np.isfinite(found) and abs(arb(found) - true) <= flushed:
            return 0.0
        return ulps(found, true, scale, dtype)

    errors = [0.0, 0.0]
    for value, gradient, truth in zip(*map(framework.numpy, results), truths, strict=True):
        true_value, true_gradient, value_scale, gradient_scale = truth
        errors[0] = max(errors[0], error(value, true_value, value_scale))
        of_gradient = map(error, np.atleast_1d(gradient), true_gradient, gradient_scale)
        errors[1] = max(errors[1], *of_gradient)
    return errors


def measure(loss, framework, dtype, target, prediction, truths=None):
    """The same, computed here."""
    if truths is None:
        truths = [exact(loss, y, f) for y, f in zip(target, np.asarray(prediction, dtype), strict=True)]
    results = loss.value_and_gradient(framework.array(target), framework.array(prediction, dtype))
    return worst(framework, dtype, results, truths)


@given(data=st.data())
def test_within_a_few_ulps(loss, dtype, data):
    target, prediction = data.draw(examples(loss, dtype))
    truths = [exact(loss, y, f) for y, f in zip(target, np.asarray(prediction, dtype), strict=True)]
    for framework in FRAMEWORKS.values():
        for by_numpy in (True, False) if framework.name != "numpy" else (True,):
            if framework.name == "tensorflow" and not by_numpy:  # which reads subnormal numbers as zero
                given = np.abs(np.concatenate([np.ravel(target), np.ravel(prediction)]))
                if (given < np.finfo(dtype).tiny)[given != 0].any():
                    continue
            with settings.use_numpy(by_numpy):
                value, gradient = measure(loss, framework, dtype, target, prediction, truths)
            assert value <= bound(loss, framework), f"{framework.name}: value off by {value} ulps"
            assert gradient <= bound(loss, framework), f"{framework.name}: gradient off by {gradient} ulps"


@pytest.mark.parametrize("gap", [17.0, 20.0, 40.0, 60.0, 80.0])
def test_float32_keeps_the_tail(framework, gap):
    value, gradient = measure(lu.SoftmaxCrossEntropy(), framework, "float32", [0], [[gap, 0.0, 0.0]])
    assert max(value, gradient) <= 4


def test_known_values(framework):
    """Computed with mpmath at 60 digits."""

    def of(loss, target, prediction):
        result = loss(framework.array(target), framework.array(prediction, "float64"))
        return framework.numpy(result)[()]

    tail = of(lu.SoftmaxCrossEntropy(), 0, [50.0, 0.0, 0.0])
    assert tail == pytest.approx(3.857499695927835576e-22, rel=4e-16)
    assert of(lu.SoftmaxCrossEntropy(), 0, [3.0, -3.0, -3.0]) == pytest.approx(0.0049452563914964220694, rel=4e-16)
    assert of(lu.BinaryCrossEntropy(), 0.0, -40.0) == pytest.approx(4.248354255291588986e-18, rel=4e-16)
    assert of(lu.BinaryCrossEntropy(), 1.0, 40.0) == pytest.approx(4.248354255291588986e-18, rel=4e-16)
    assert of(lu.MultiPositiveCrossEntropy(), [1, 1, 0], [0.0, 0.0, 0.0]) == pytest.approx(np.log(3), rel=4e-16)


@pytest.mark.parametrize("x", [-40.0, 40.0])
@pytest.mark.parametrize("y", [0.0, 1.0])
def test_both_binary_tails(framework, dtype, x, y):
    value, gradient = measure(lu.BinaryCrossEntropy(), framework, dtype, [y], [x])
    assert max(value, gradient) <= 4


def test_masked_classes_give_the_limit(framework, dtype):
    s = framework.array([[2.0, 0.0, -np.inf]] * 3, dtype)
    value, gradient = map(framework.numpy, lu.SoftmaxCrossEntropy().value_and_gradient(framework.array([0, 1, 2]), s))
    assert value == pytest.approx([np.log1p(np.exp(-2)), 2 + np.log1p(np.exp(-2)), np.inf], rel=1e-6)
    p = 1 / (1 + np.exp(-2))
    assert gradient == pytest.approx(np.array([[p - 1, 1 - p, 0], [p, -p, 0], [p, 1 - p, -1]]), rel=1e-6)
    dense = lu.SoftmaxCrossEntropy()(framework.array([[0.5, 0.5, 0.0]], dtype), s[:1])
    assert framework.numpy(dense) == pytest.approx([1 + np.log1p(np.exp(-2))], rel=1e-6)


def test_infinite_winner_and_no_winner(framework, dtype):
    s = framework.array([[np.inf, 0.0], [np.inf, 0.0], [np.inf, np.inf], [-np.inf, -np.inf]], dtype)
    value = framework.numpy(lu.SoftmaxCrossEntropy()(framework.array([0, 1, 0, 0]), s))
    assert value[0] == 0 and value[1] == np.inf and np.isnan(value[2:]).all()


def test_nan_in_nan_out(loss, framework, dtype):
    target, prediction = EXAMPLE[type(loss)]
    f = np.array(prediction, float)
    f[..., 0] = np.nan
    value, gradient = loss.value_and_gradient(framework.array(target), framework.array(f, dtype))
    assert np.isnan(framework.numpy(value)).any() and np.isnan(framework.numpy(gradient)).any()


@pytest.mark.parametrize("kind", ["float16", "bfloat16"])
def test_half_precision_to_one_ulp(loss, framework, kind):
    """Against float64 on the same inputs: correctly rounded, or next to it."""
    if framework.name == "numpy" and kind == "bfloat16":
        return
    target, prediction = EXAMPLE[type(loss)]
    half = framework.array(np.array(prediction), kind)
    wide = framework.array(framework.numpy(half).astype(np.float64), "float64")
    y = framework.array(np.array(target))
    for low, high in zip(loss.value_and_gradient(y, half), loss.value_and_gradient(y, wide), strict=True):
        exact_, found = framework.numpy(high), framework.numpy(low).astype(np.float64)
        step = 2.0 ** (np.floor(np.log2(np.abs(exact_) + 1e-30)) - {"float16": 10, "bfloat16": 7}[kind])
        smallest = {"float16": 2.0**-24, "bfloat16": 2.0**-133}[kind]
        assert (np.abs(found - exact_) <= np.maximum(step, smallest)).all()


def test_no_warning_for_finite_input(loss, framework, dtype, recwarn):
    target, prediction = EXAMPLE[type(loss)]
    big = np.finfo(dtype).max / 40
    for f in (np.array(prediction) * 0 + big, np.array(prediction) * 0 - big, np.array(prediction) * big):
        results = loss.value_and_gradient(framework.array(target), framework.array(f, dtype))
        value, gradient = map(framework.numpy, results)
        assert not np.isnan(value).any() and not np.isnan(gradient).any()
        assert np.isfinite(gradient).all() or not np.isfinite(loss.lipschitz)
    assert not [w for w in recwarn if issubclass(w.category, RuntimeWarning)]


def test_nan_is_not_hidden_by_the_target(framework, dtype):
    """A row without a positive, and a target that is NaN."""
    s = framework.array([[np.nan, 1.0], [0.0, 1.0]], dtype)
    none = framework.array([[0.0, 0.0], [0.0, 0.0]], dtype)
    found = framework.numpy(lu.MultiPositiveCrossEntropy(average=False)(none, s))
    assert np.isnan(found[0]) and found[1] == 0
    y, s = framework.array([[np.nan, 1.0, 0.0]], dtype), framework.array([[0.0, 0.0, 0.0]], dtype)
    for loss in (lu.AnyPositiveCrossEntropy(), lu.MultiPositiveCrossEntropy()):
        for found in loss.value_and_gradient(y, s):
            assert np.isnan(framework.numpy(found)).all()
