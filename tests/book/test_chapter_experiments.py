"""What the chapters on cross-entropy, logistic loss and squared error compute with, against what is known."""

import json

import numpy as np
import pytest

import lossutils as lu
from lossutils.book.experiments import cross_entropy_vs_mse as race
from lossutils.book.experiments import efficiency, errata
from lossutils.book.page import CLAIM


def test_the_squared_error_wastes_more_the_steeper_the_truth():
    found = [efficiency.predicted(weight) for weight in (0.01, 1, 3, 8)]
    assert found[0] == pytest.approx(1, abs=1e-3) and found == sorted(found, reverse=True)


@pytest.mark.parametrize("loss", [lu.BinaryCrossEntropy(), lu.SigmoidSquaredError()], ids=["likelihood", "squares"])
def test_the_fitted_weight_has_no_slope(loss):
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 400))
    y = (rng.random(x.shape) < 1 / (1 + np.exp(-2 * x))).astype(float)
    w = efficiency.fitted(loss, x, y, 0.5, 8.0)
    assert abs((loss.gradient(y, w[:, None] * x) * x).mean(1)).max() < 1e-9


def test_a_contest_takes_the_best_rate_at_each_number_of_steps():
    digits, start = race.digits([0]), race.start([0])
    found = race.contest(lu.SoftmaxCrossEntropy(), digits, start, [1e-6, 0.5], (5, 20))
    assert [rate for rate, _ in found.values()] == [0.5, 0.5]
    assert race.accuracy(found[20][1], digits["test"])[0] > race.accuracy(found[5][1], digits["test"])[0]


def test_adam_adds_what_it_is_given():
    digits, start = race.digits([0]), race.start([0])
    steps = [
        race.train(lu.SoftmaxCrossEntropy(), digits["train"], start, [0.01], 1, adam=added)[-1][0] - start[0]
        for added in (1e-8, 1e8)
    ]
    assert abs(steps[0]).max() == pytest.approx(0.01, rel=1e-3) and abs(steps[1]).max() < 1e-9


def test_errata_tell_the_verdicts_of_the_chapters(tmp_path):
    counterexample = {"link": 0, "values": {"s": "2"}, "left": "1", "relation": "=", "right": "2"}
    claims = [
        {"label": "eq-hand-test", "status": "computed"},
        {"label": "eq-notes-denominator", "status": "refuted", "counterexample": counterexample, "kind": "claim"},
    ]
    outputs = [{"data": {CLAIM: claim}} for claim in claims]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": [{"cell_type": "code", "outputs": outputs}]}))
    rows = {row[0]: row[3] for row in errata.rows(tmp_path)}
    assert rows["N1"] == "{eq}`eq-notes-denominator` refuted at s = 2: left 1, right 2"
    assert rows["N6"] == "{eq}`eq-hand-test` computed" and rows["N10"] == "–" and "below" in rows["N12"]
