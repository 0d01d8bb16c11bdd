"""The compiled core against the same losses in float64: every width of row, near and far, and what it refuses."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

import lossutils as lu
from lossutils.frameworks import settings
from lossutils.losses.base import ElementwiseLoss

compiled = pytest.importorskip("lossutils.frameworks.compiled")
BOTH = ("value", "gradient")
SOFTMAX = [lu.SoftmaxCrossEntropy(), lu.MultiPositiveCrossEntropy(), lu.MultiPositiveCrossEntropy(average=False)]
ROWS = 40


def units(found, true, terms):
    """Errors in units in the last place of the larger of the result and its terms, at least of the subnormals'."""
    size = np.maximum(np.abs(true), terms).astype(np.float32)
    error = np.abs(found.astype(np.float64) - true) / np.spacing(size).astype(np.float64)
    same = (found == true.astype(np.float32)) | (np.isnan(found) & np.isnan(true))
    return np.where(same, 0.0, error)


def rows(k, spread, seed):
    """Logits and, of each kind, targets."""
    rng = np.random.default_rng(seed)
    s = (rng.normal(0, spread, (ROWS, k)) + rng.normal(0, 10, (ROWS, 1))).astype(np.float32)
    s[0] = s[0, 0]  # a tie of all
    masks = rng.random((ROWS, k)) < rng.choice([2 / k, 0.5], (ROWS, 1))
    masks[:, -1] |= ~masks.any(-1)
    return s, rng.integers(0, k, ROWS), masks.astype(np.float32)


@pytest.mark.parametrize("k", [1, 2, 10, 63, 64, 65, 1000, 2048, 5001])
@pytest.mark.parametrize("spread", [1e-6, 1.0, 20.0, 100.0, 1e30])
@pytest.mark.parametrize("loss", SOFTMAX, ids=repr)
def test_within_two_units(loss, k, spread):
    s, classes, masks = rows(k, spread, seed=k)
    y = classes if isinstance(loss, lu.SoftmaxCrossEntropy) else masks
    value, gradient = compiled.results(loss, BOTH, y, s)
    alone = compiled.results(loss, ("value",), y, s)[0]
    true_value, true_gradient = loss.value_and_gradient(y, s.astype(np.float64))
    np.testing.assert_array_equal(alone, value)
    assert units(value, true_value, 0.0).max() <= 2
    pulled = y if y.shape == s.shape else np.arange(k) == y[:, None]
    pulled = pulled / (pulled.sum(-1, keepdims=True) if getattr(loss, "average", False) else 1)
    assert units(gradient, true_gradient, true_gradient + 2 * pulled).max() <= 2


@pytest.mark.parametrize("k", [5, 200])
@pytest.mark.parametrize("loss", SOFTMAX, ids=repr)
def test_infinities_and_nan(loss, k):
    s, classes, masks = rows(k, 3.0, seed=1)
    s[1, 0], s[2, 0], s[3, 0], s[4, :2] = np.inf, -np.inf, np.nan, np.inf
    s[5], s[6], s[7, 1], s[8, 2] = -np.inf, np.inf, -np.float32(np.nan), 3e38
    y = classes if isinstance(loss, lu.SoftmaxCrossEntropy) else masks
    for found, true in zip(
        compiled.results(loss, BOTH, y, s), loss.value_and_gradient(y, s.astype(np.float64)), strict=True
    ):
        with np.errstate(over="ignore"):
            true = true.astype(np.float32)
        np.testing.assert_allclose(found, true, rtol=3e-6)


@pytest.mark.parametrize("bad", [-1.0, 0.5, 2.0, 1e-30, np.nan, np.inf])
def test_what_looks_wrong_is_left_to_others(bad):
    s, classes, masks = rows(70, 1.0, seed=2)
    masks[11, 5] = bad
    assert compiled.results(SOFTMAX[1], BOTH, masks, s) is None
    masks[11] = 0
    assert compiled.results(SOFTMAX[1], BOTH, masks, s) is None
    assert compiled.results(SOFTMAX[2], BOTH, masks, s) is not None  # a sum over none is 0
    for label in (-1, 70):
        assert compiled.results(SOFTMAX[0], BOTH, np.where(np.arange(ROWS) == 7, label, classes), s) is None
    assert compiled.results(lu.BinaryCrossEntropy(), BOTH, np.where(s > 0, 2.0 if 0 < bad < 1 else bad, 1.0), s) is None


@pytest.mark.parametrize("loss", [x for x in lu.losses() if not x.row_axes], ids=repr)
def test_elementwise_targets_are_checked_on_the_way(loss):
    f = np.zeros(3, np.float32)
    one = np.ones(3)
    assert compiled.results(loss, ("value",), one, f) is not None
    outside = [x for x in (-1.5, -1.0, 0.0, 2.0, np.inf) if loss.domain.outside(x)]
    for x in outside:
        assert compiled.results(loss, ("value",), np.array([1.0, x, 1.0]), f) is None
    assert outside


def test_what_is_not_compiled():
    s, classes, _ = rows(10, 1.0, seed=3)
    for loss, y, f in [
        (lu.SoftmaxCrossEntropy(label_smoothing=0.1), classes, s),
        (lu.SoftmaxCrossEntropy(), np.full(s.shape, 0.1), s),
        (lu.SoftmaxCrossEntropy(), classes, s.astype(np.float64)),
        (lu.KullbackLeibler(), np.full(s.shape, 0.1), s),
        (lu.Huber(), s.astype(">f4"), s),
    ]:
        assert not compiled.has_loop(loss, y, f)


SHAPES = [lu.Barron(0.1, 0.3), lu.Barron(float("-inf"))]  # whose formulas take powers of what may be infinite


@pytest.mark.parametrize("loss", [x for x in lu.losses() if not x.row_axes] + SHAPES, ids=repr)
@pytest.mark.parametrize("wants", ["value", "gradient", "hessian"])
def test_infinite_predictions(loss, wants):
    ends = np.array([np.inf, -np.inf, 3e38, -3e38, 800.0, -800.0, np.nan])
    f = np.tile(ends, 3).astype(np.float32)
    y = np.repeat([x for x in (-1.0, 0.0, 0.5, 1.0, 2.0) if not loss.domain.outside(x)][:3], len(ends))
    f = f[: len(y)]
    found = compiled.results(loss, (wants,), y, f)[0]
    with settings.use_core("never"), np.errstate(over="ignore"):
        true = getattr(loss, {"value": "__call__"}.get(wants, wants))(y, f)
    np.testing.assert_allclose(found, true, rtol=3e-7, atol=1e-37)


@pytest.mark.parametrize("average", [True, False])
def test_slopes_of_many_positives_which_nearly_cancel(average):
    loss = lu.MultiPositiveCrossEntropy(average)
    rng = np.random.default_rng(0)
    s, masks = rng.normal(0, 1, (500, 64)).astype("f4"), (rng.random((500, 64)) < 0.5).astype("f4")
    s[0], s[1, 1:], masks[0] = s[0] * 1e-7, -12.0, 1.0
    gradient = compiled.results(loss, ("gradient",), masks, s)[0]
    np.testing.assert_allclose(gradient, loss.gradient(masks, s.astype(float)), rtol=1e-6, atol=1e-12)


@dataclass(frozen=True)
class Own(ElementwiseLoss):
    """A loss of a user's, in whatever NumPy offers."""

    @staticmethod
    def formula(y, f):
        return np.linalg.norm(np.stack([y - f, y - f]), axis=0)

    def _check_values(self, y, f):
        if (y == 7).any():
            raise ValueError("not seven")
        return y


@dataclass(frozen=True)
class Bolder(lu.Huber):
    """A loss of a user's that is built on one of the package's, which is compiled."""

    @staticmethod
    def formula(y, f, delta):
        return np.linalg.norm(np.stack([y - f, y - f]), axis=0)


def test_a_subclass_of_a_compiled_loss_is_left_to_numpy():
    y, f = np.full(200_000, 3.0), np.zeros(200_000, np.float32)
    assert compiled.has_loop(lu.Huber(), y, f) and not compiled.has_loop(Bolder(), y, f)
    np.testing.assert_allclose(Bolder()(y, f), np.sqrt(18), rtol=1e-6)


def test_a_loss_of_ones_own_is_left_to_numpy():
    y, f = np.full(200_000, 3.0), np.zeros(200_000, np.float32)
    np.testing.assert_allclose(Own()(y, f), np.sqrt(18), rtol=1e-6)
    with pytest.raises(ValueError, match="not seven"):
        Own()(y + 4, f)


@pytest.mark.parametrize("shape", [(200_000,), (3000, 70)])
@pytest.mark.parametrize("weights", ["ones", "other", "expanded"])
def test_scaling_in_place(shape, weights):
    x = np.random.default_rng(0).normal(size=shape).astype(np.float32)
    w = np.random.default_rng(1).normal(size=shape[:1]).astype(np.float32)
    w = np.ones_like(w) if weights == "ones" else np.broadcast_to(w[:1], w.shape) if weights == "expanded" else w
    expected = x * w.reshape(-1, *(1,) * (x.ndim - 1))
    compiled.scale(x, w)
    np.testing.assert_array_equal(x, expected)


def test_after_a_fork_there_are_threads():
    """In a process that has no other threads: a fork copies locks as they are."""
    program = (
        "import os, numpy as np, lossutils as lu\n"
        "y = np.zeros(400_000, np.float32)\n"
        "lu.Huber()(y, y)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    os._exit(int(lu.Huber()(y, y).sum()))\n"
        "os._exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))\n"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], check=True, timeout=60)
