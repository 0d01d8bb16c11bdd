"""Values and gradients within a few ulps of the exact ones, everywhere: no wrong zero, infinity or NaN."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lossutils as lu
from lossutils.frameworks import settings
from tests.reference import draws, graded
from tests.reference.bounds import bound
from tests.reference.exact import arb, exact, ulps
from tests.reference.frameworks import FRAMEWORKS
from tests.reference.sampling import EXAMPLE, examples

FLUSHED = 16  # TensorFlow sets subnormal numbers to zero: results may miss a few of the smallest normal number


def worst(framework, dtype, results, truths):
    """The largest error over a batch: of the values, and of the gradients."""
    flushed = FLUSHED * arb(np.finfo(dtype).tiny) if framework.name == "tensorflow" else None

    def error(found, true, scale):
        if flushed is not None and np.isfinite(found) and abs(arb(found) - true) <= flushed:
            return 0.0
        return ulps(found, true, scale, dtype)

    errors = [0.0, 0.0]
    for value, gradient, (true, slope, sizes) in zip(*map(framework.numpy, results), truths, strict=True):
        errors[0] = max(errors[0], error(value, true, true))
        errors[1] = max(errors[1], *map(error, np.atleast_1d(gradient), slope, sizes))
    return errors


def measure(loss, framework, dtype, target, prediction, truths=None):
    """The same, computed here."""
    if truths is None:
        truths = [exact(loss, y, f) for y, f in zip(target, np.asarray(prediction, dtype), strict=True)]
    results = loss.value_and_gradient(framework.array(target), framework.array(prediction, dtype))
    return worst(framework, dtype, results, truths)


def ways(framework):
    """Whether NumPy computes: both, where there is a choice."""
    return (True,) if framework.name == "numpy" else (True, False)


@given(data=st.data())
def test_within_a_few_ulps(loss, dtype, data):
    target, prediction = data.draw(examples(loss, dtype))
    truths = [exact(loss, y, f) for y, f in zip(target, np.asarray(prediction, dtype), strict=True)]
    for framework in FRAMEWORKS.values():
        for by_numpy in ways(framework):
            if framework.name == "tensorflow" and not by_numpy:  # which reads subnormal numbers as zero
                given = np.abs(np.concatenate([np.ravel(target), np.ravel(prediction)]))
                if (given < np.finfo(dtype).tiny)[given != 0].any():
                    continue
            with settings.use_numpy(by_numpy):
                value, gradient = measure(loss, framework, dtype, target, prediction, truths)
            most = bound(loss, framework.name, dtype)
            assert value <= most, f"{framework.name}: value off by {value} ulps"
            assert gradient <= most, f"{framework.name}: gradient off by {gradient} ulps"


DRAWN = 2000


@pytest.fixture(scope="module")
def drawn(loss, dtype):
    """Batches of random points, any and those where a result nearly cancels, and what is exact there."""
    return [(y, f, graded.truths(loss, y, f)) for y, f in draws.batches(loss, dtype, DRAWN)]


def test_random_rows_and_near_zeros(loss, dtype, drawn):
    """In ulps of the results themselves, but for gradients that say otherwise; by every way of computing."""
    for framework in FRAMEWORKS.values():
        for by_numpy in ways(framework):
            both = framework.graph(loss.value_and_gradient) if not by_numpy else loss.value_and_gradient
            for y, f, (values, gradients, sizes) in drawn:
                with settings.use_numpy(by_numpy):
                    found = both(framework.array(y), framework.array(f, dtype))
                value, gradient = (framework.numpy(x).astype(float) for x in found)
                flushes = framework.name == "tensorflow"
                of_gradient = graded.errors(gradient.reshape(sizes.shape), gradients, dtype, sizes, flushes)
                worst = max(graded.errors(value, values, dtype, None, flushes).max(), of_gradient.max())
                assert worst <= bound(loss, framework.name, dtype), framework.name


def test_compiled_results_that_cancel_are_computed_again(loss):
    """The compiled core leaves them to NumPy: the same numbers as without it."""
    pytest.importorskip("numba")
    if not loss.mends:
        return
    y, f = draws.close(loss, "float32", 20_000, np.random.default_rng(2))
    f = f.astype(np.float32)
    with settings.use_core("never"):
        without = loss.value_and_gradient(y, f)
    with settings.use_core("always"):
        found = loss.value_and_gradient(y, f)
    for a, b in zip(found, without, strict=True):
        assert np.isfinite(a).all()
        np.testing.assert_allclose(a, b, rtol=3e-7)


def test_small_results_known_by_hand(framework):
    """What once came out 1e6 ulps away and more; computed with mpmath at 60 digits."""

    def of(loss, target, prediction):
        found = loss(framework.array(np.array(target)), framework.array(prediction, "float64"))
        return float(framework.numpy(found))

    assert of(lu.KullbackLeibler(), [0.5, 0.5], [1e-8, 0.0]) == pytest.approx(1.25e-17, rel=1e-15)
    assert of(lu.KullbackLeibler(), [0.5, 0.5], [1e-4, 0.0]) == pytest.approx(1.249999999479166667e-9, rel=1e-15)
    assert of(lu.SigmoidSquaredError(), 0.25, -1.0986) == pytest.approx(5.309025882692771e-12, rel=1e-15)
    assert of(lu.Poisson(), 4.0, 0.357403) == pytest.approx(-1.1263083851543492e-7, rel=1e-15)


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
