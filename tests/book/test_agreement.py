"""`implements=` measures in ulps of the exact value, in the tails too: a naive evaluation does not pass."""

import re

import numpy as np
import pytest

import lossutils as lu
from lossutils.book.agreement import agreement
from lossutils.frameworks.arrays import exp, log, side_of

ROW = {"s": "real^K", "t": "index 1..K"}
SOFTMAX = r"-\log\frac{e^{s_t}}{\sum_{k=1}^K e^{s_k}}"
SIGMOID = r"\frac{1}{1 + e^{-f}}"


def naive_logistic(z, f):
    return log(1 + exp(-z * f))


def naive_log_cosh(y, f):
    return log((exp(y - f) + exp(f - y)) / 2)


def naive_binary(y, f):
    p = 1 / (1 + exp(-f))
    return -y * log(p) - (1 - y) * log(1 - p)


def naive_brier(y, f):
    p = 1 / (1 + exp(-f))
    return (p - y) * (p - y)


def naive_softmax(t, s):
    side = side_of(s)
    own = side.indicator(side.as_index(t) if hasattr(t, "dtype") else np.int64(t), s)
    return (log(side.total(exp(s))) - side.total(side.where(own, s, 0.0 * s)))[..., 0]


CASES = {
    "logistic": (naive_logistic, lu.Logistic, r"\log(1 + e^{-z f})", {"z": {-1, 1}, "f": "real"}),
    "log cosh": (naive_log_cosh, lu.LogCosh, r"\log\cosh(y - f)", {"y": "real", "f": "real"}),
    "binary": (
        naive_binary,
        lu.BinaryCrossEntropy(),
        rf"-y \log {SIGMOID} - (1 - y) \log\Bigl(1 - {SIGMOID}\Bigr)",
        {"y": {0, 1}, "f": "real"},
    ),
    "Brier": (naive_brier, lu.SigmoidSquaredError, rf"\Bigl({SIGMOID} - y\Bigr)^2", {"y": {0, 1}, "f": "real"}),
    "softmax": (naive_softmax, lu.SoftmaxCrossEntropy(), SOFTMAX, ROW),
}


def said(what, formula, given):
    return agreement(f"{formula} = {formula}", (what, "value"), given, [], [])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("name", CASES)
def test_a_naive_evaluation_is_condemned_and_the_loss_is_not(name):
    naive, loss, formula, given = CASES[name]
    kept = said(loss, formula, given)
    assert re.fullmatch(r"within [124] ulps? at sampled points on NumPy, PyTorch and TensorFlow", kept)
    found = said(naive, formula, given)
    assert found.endswith("ulps from the implementation")
    assert float(found.split()[0]) > 1e3


def test_a_gradient_that_says_so_is_judged_by_its_terms():
    slope = rf"(1 - y) {SIGMOID} - y \Bigl(1 - {SIGMOID}\Bigr)"
    given = {"y": "[0, 1]", "f": "real"}
    found = agreement(f"{slope} = {slope}", (lu.BinaryCrossEntropy(), "gradient"), given, [], [])
    assert re.fullmatch(r"within [1248] ulps? of its terms at sampled points on NumPy, PyTorch and TensorFlow", found)


def test_two_predicted_numbers_are_one_prediction():
    given = {"y": "real", "mu": "real", "lambda": "real"}
    found = said(lu.GaussianLikelihood(), r"\lambda + \frac{(y - \mu)^2}{2 e^{2 \lambda}}", given)
    assert re.fullmatch(r"within [124] ulps? at sampled points on NumPy, PyTorch and TensorFlow", found)
    wrong = said(lu.GaussianLikelihood(), r"\lambda + \frac{(y - \mu)^2}{e^{2 \lambda}}", given)
    assert wrong.endswith("ulps from the implementation")
