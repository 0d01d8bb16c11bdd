"""Bad input is an error that names the argument, what was expected, and the offending value with its position."""

import numpy as np
import pytest

import lossutils as lu
from tests.reference.frameworks import FRAMEWORKS

CE, MULTI, KL = lu.SoftmaxCrossEntropy(), lu.MultiPositiveCrossEntropy(), lu.KullbackLeibler()
BCE, LOGISTIC, PAIR = lu.BinaryCrossEntropy(), lu.Logistic(), lu.IntervalScore()
TWO_ROWS = [[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]]

TABLE = [  # loss, target, prediction, error, what its message must say
    (CE, [0, 3], TWO_ROWS, ValueError, r"target: expected whole numbers from 0 to 2.*got 3 at position \(1,\)"),
    (CE, [-1, 0], TWO_ROWS, ValueError, r"target: .*got -1 at position \(0,\)"),
    (CE, [0.0, 0.7], TWO_ROWS, ValueError, r"target: expected whole numbers.*got 0.7 at position \(1,\)"),
    (CE, [np.nan, 0.0], TWO_ROWS, ValueError, r"target: expected whole numbers.*got nan at position \(0,\)"),
    (CE, [0, 1, 2], TWO_ROWS, ValueError, r"target: expected shape \(2,\) or \(2, 3\).*got \(3,\)"),
    (CE, [[0], [1]], TWO_ROWS, ValueError, r"target: expected shape"),
    (
        CE,
        [[1.0, 0.5, 0.0], [1, 0, 0]],
        TWO_ROWS,
        ValueError,
        r"rows that sum to 1, got 1.5 at position \(0,\)",
    ),
    (CE, [[1, 1, 0], [1, 0, 0]], TWO_ROWS, ValueError, r"rows that sum to 1, got 2.*MultiPositiveCrossEntropy"),
    (CE, [[1.5, -0.5, 0.0], [1, 0, 0]], TWO_ROWS, ValueError, r"probabilities.*got 1.5 at position \(0, 0\)"),
    (CE, 0, 1.0, ValueError, r"prediction: expected a row of logits"),
    (CE, [], np.zeros((0, 0)), ValueError, r"prediction: expected at least one class"),
    (KL, [[0.5, 0.4, 0.0], [1, 0, 0]], TWO_ROWS, ValueError, r"rows that sum to 1, got 0.9"),
    (KL, [0, 1], TWO_ROWS, ValueError, r"target: expected shape \(2, 3\)"),
    (MULTI, [[1, 0, 2], [1, 0, 0]], TWO_ROWS, ValueError, r"labels 0 or 1, got 2 at position \(0, 2\)"),
    (MULTI, [[1, 0, 0.5], [1, 0, 0]], TWO_ROWS, ValueError, r"labels 0 or 1, got 0.5 at position \(0, 2\)"),
    (MULTI, [[1, 0, 0], [0, 0, 0]], TWO_ROWS, ValueError, r"at least one positive in each row.*at position \(1,\)"),
    (BCE, [0.0, 2.0], [1.0, 1.0], ValueError, r"target: expected values in \[0, 1\], got 2.0 at position \(1,\)"),
    (BCE, [-1.0, 1.0], [1.0, 1.0], ValueError, r"target: expected values in \[0, 1\], got -1.0 at position \(0,\)"),
    (BCE, [[0.0], [1.0]], [1.0, 1.0], ValueError, r"target: expected shape \(2,\).*got \(2, 1\); nothing is broadcast"),
    (BCE, [0.0, 1.0], [[1.0], [1.0]], ValueError, r"target: expected shape \(2, 1\).*got \(2,\); nothing is broadcast"),
    (BCE, 0.0, [1.0, 1.0], ValueError, r"target: expected shape \(2,\).*got \(\)"),
    (PAIR, [0.0, 1.0], TWO_ROWS, ValueError, r"rows \(\.\.\., 2\) of lower end and upper end, got shape \(2, 3\)"),
    (PAIR, 0.0, 1.0, ValueError, r"rows \(\.\.\., 2\) of lower end and upper end, got shape \(\)"),
    (PAIR, [[0.0, 1.0]], [[0.0, 1.0]], ValueError, r"target: expected shape \(1,\), one number for each row.*\(1, 2\)"),
    (PAIR, [0.0, np.inf], [[0.0, 1.0]] * 2, ValueError, r"finite numbers, got inf at position \(1,\)"),
    (LOGISTIC, [0.0, 1.0], [1.0, 1.0], ValueError, r"labels -1 or 1, got 0.0 at position \(0,\)"),
]


@pytest.mark.parametrize(("loss", "target", "prediction", "error", "says"), TABLE, ids=lambda x: None)
@pytest.mark.parametrize("what", ["__call__", "gradient", "hessian", "value_and_gradient"])
def test_bad_values_and_shapes(framework, loss, target, prediction, error, says, what):
    y, f = framework.array(target), framework.array(prediction, "float64")
    with pytest.raises(error, match=says):
        getattr(loss, what)(y, f)


@pytest.mark.parametrize("dtype", ["int32", "int64", "uint8", "bool"])
def test_predictions_must_be_floating(framework, dtype):
    with pytest.raises(TypeError, match=f"prediction: expected a floating dtype, got {dtype}"):
        BCE(framework.array([0.0, 1.0]), framework.array([0, 1], dtype))


def test_complex_and_text_are_refused(framework):
    with pytest.raises(TypeError, match="prediction"):
        BCE(framework.array([0.0]), framework.array([1j]))
    with pytest.raises(TypeError, match=r"target: expected an array of numbers, got list of dtype <U"):
        BCE(["a"], framework.array([0.5], "float64"))


@pytest.mark.parametrize("other", FRAMEWORKS.values(), ids=FRAMEWORKS)
def test_frameworks_are_not_mixed(framework, other):
    if other is framework:
        return
    with pytest.raises(TypeError, match=r"target: expected .*, the framework of the prediction, got .*convert"):
        BCE(other.array([0.0]), framework.array([0.5], "float64"))


@pytest.mark.parametrize("dtype", ["uint8", "int8", "int16", "int32", "int64", "bool", "float32"])
def test_labels_of_any_integer_dtype(framework, dtype):
    s = framework.array(TWO_ROWS, "float64")
    expected = framework.numpy(CE(framework.array([1, 0]), s))
    np.testing.assert_array_equal(framework.numpy(CE(framework.array([1, 0], dtype), s)), expected)
    mask = framework.array([[1, 0, 1], [0, 1, 0]], dtype)
    assert framework.numpy(MULTI(mask, s)) == pytest.approx([1.4076059644, 1.0986122887])


def test_lists_may_stand_for_targets(framework):
    s = framework.array(TWO_ROWS, "float64")
    np.testing.assert_array_equal(framework.numpy(CE([1, 0], s)), framework.numpy(CE(framework.array([1, 0]), s)))


def test_ragged_lists_are_refused():
    with pytest.raises(TypeError, match="prediction"):
        CE([0, 1], [[1.0, 2.0], [3.0]])


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: lu.BinaryCrossEntropy(0.0), r"positive_weight: expected values in \(0, inf\), got 0.0"),
        (lambda: lu.BinaryCrossEntropy(float("nan")), "positive_weight: .*nan"),
        (lambda: lu.SoftmaxCrossEntropy(1.0), r"label_smoothing: expected values in \[0, 1\), got 1.0"),
        (lambda: lu.SoftmaxCrossEntropy(-0.1), "label_smoothing"),
    ],
)
def test_parameters_are_checked(make, says):
    with pytest.raises(ValueError, match=says):
        make()


@pytest.mark.parametrize("make", [lambda: lu.MultiPositiveCrossEntropy(1), lambda: lu.BinaryCrossEntropy("1")])
def test_parameters_of_the_wrong_type(make):
    with pytest.raises(TypeError, match=r"average|positive_weight"):
        make()


def test_validate_false_skips_the_checks_on_values(framework):
    y, f = framework.array([2.0]), framework.array([0.0], "float64")
    assert framework.numpy(BCE(y, f, validate=False)) == pytest.approx([np.log(2)])


def test_in_a_tensorflow_graph_the_check_is_an_assertion():
    import tensorflow as tf

    with pytest.raises(tf.errors.InvalidArgumentError, match="target: expected whole numbers from 0 to 2"):
        tf.function(lambda t, s: CE(t, s))(tf.constant([0, 5]), tf.constant(TWO_ROWS))


def test_empty_batches_give_empty_results(framework):
    assert tuple(CE(framework.array(np.zeros(0, int)), framework.array(np.zeros((0, 3)))).shape) == (0,)
    assert tuple(BCE(framework.array(np.zeros(0)), framework.array(np.zeros(0))).shape) == (0,)


def test_masked_arrays_are_refused():
    with pytest.raises(TypeError, match="prediction: expected an array, got a masked array"):
        BCE([0.0], np.ma.masked_array([1.0], [True]))


@pytest.mark.parametrize(
    ("kind", "tolerance"), [("float16", 1e-2), ("bfloat16", 5e-2), ("float32", 1e-4), ("float64", 1e-6)]
)
def test_rows_sum_to_one_to_the_rounding_of_their_dtype(framework, kind, tolerance):
    """A little below the tolerance passes, on either side of 1; a little above does not."""
    if framework.name == "numpy" and kind == "bfloat16":
        return
    s = framework.array([[0.0, 0.0]], kind)
    for sign in (-1, 1):
        near, far = (framework.array([[0.5, 0.5 + sign * part * tolerance]], kind) for part in (0.75, 1.3))
        assert np.isfinite(framework.numpy(lu.SoftmaxCrossEntropy()(near, s))).all()
        with pytest.raises(ValueError, match="rows that sum to 1"):
            lu.SoftmaxCrossEntropy()(far, s)
