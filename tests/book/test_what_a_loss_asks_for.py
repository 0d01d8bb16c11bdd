"""What the chapter on what a loss asks for computes with, against what is known."""

import numpy as np
import pytest

import lossutils as lu
from lossutils.book.experiments import modelled_variance as spread
from lossutils.book.experiments import split
from lossutils.book.experiments import what_a_loss_asks_for as asked
from lossutils.book.experiments.classification import breast_cancer, flip_labels


def test_a_line_is_fitted_exactly_by_every_loss():
    x = np.linspace(0, 1, 50)
    for loss in (lu.SquaredError(), lu.AbsoluteError(), lu.Pinball(0.9)):
        assert asked.curve(loss, (x, 3 - x), np.array([0.0, 1.0])) == pytest.approx([3, 2], abs=1e-5)


def test_a_fitted_quantile_leaves_its_share_below():
    random = np.random.default_rng(0)
    y = random.normal(size=400)
    level = asked.quantile_fit(np.ones((400, 1)), y, 0.9)[0]
    assert (y < level).mean() <= 0.9 <= (y <= level).mean()


def test_the_costs_of_all_decisions_add_up_to_the_brier_score():
    y, scores = np.array([0.0, 1.0, 1.0]), np.array([-1.0, -2.0, 3.0])
    costs = (np.arange(20_000) + 0.5) / 20_000
    p = 1 / (1 + np.exp(-scores))
    assert 2 * asked.decision_cost(y, scores, costs).mean() == pytest.approx(((p - y) ** 2).mean(), abs=1e-4)


def test_the_three_parts_add_up_to_the_brier_score_of_constant_bins():
    y = np.array([0.0, 1.0, 0.0, 0.0, 1.0, 1.0])
    scores = np.array([-1.0, -1.0, -1.0, 2.0, 2.0, 2.0])
    reliability, resolution, uncertainty = asked.decomposed(y, scores, bins=2)
    p = 1 / (1 + np.exp(-scores))
    assert reliability - resolution + uncertainty == pytest.approx(((p - y) ** 2).mean())


@pytest.fixture(scope="module")
def forecasts():
    return [asked.cancer_forecasts(seed) for seed in range(20)]


def test_cooling_keeps_the_resolution(forecasts):
    for found in forecasts:
        hot, cool = (asked.decomposed(found["labels"], found[n], 10) for n in ("all features", "the same, cooled"))
        assert hot[1] == cool[1] and cool[0] < hot[0]


def test_no_temperature_stands_at_the_edge_of_its_grid(forecasts):
    chosen = {float(found["temperature"][0]) for found in forecasts}
    assert min(asked.TEMPERATURES) < min(chosen) and max(chosen) < max(asked.TEMPERATURES)


def test_the_one_feature_is_chosen_by_the_cases_of_the_temperature(forecasts):
    features, signs = breast_cancer()
    for seed, found in enumerate(forecasts[:5]):
        held = np.concatenate(split(len(signs), seed))[60:160]
        label = flip_labels(signs, 0.1, seed)[held]
        related = [abs(np.corrcoef(column, label)[0, 1]) for column in features[held].T]
        assert found["feature"] == np.argmax(related)


def test_a_score_of_zero_costs_the_hinge_what_it_costs_in_mistakes():
    problem = (np.ones((1, 1)), np.array([[0.8]]), np.zeros((1, 1)))
    mistakes, risk = asked.excess(lu.Hinge(), np.array([[0.4]]), problem)
    assert mistakes == pytest.approx(0.6) and risk == pytest.approx(0.6)


def test_the_formula_gives_the_simulated_variance():
    x = np.linspace(0.5, 8, 20)
    formula, drawn = asked.variances(x, 2.0), asked.scattered(x, 2.0, rounds=4000, seed=5)
    assert {key: drawn[key].var() for key in formula} == pytest.approx(formula, rel=0.1)


def test_the_likelihood_is_the_best_under_its_own_noise():
    formula = asked.variances(np.linspace(0.5, 8, 20), 2.0)
    for noise, own in zip(asked.NOISES, asked.WEIGHTS, strict=True):
        assert min(asked.WEIGHTS, key=lambda k: formula[noise, k]) == own


@pytest.mark.parametrize("slopes", [spread.weighted_likelihood(0.0), spread.normal_crps], ids=["likelihood", "CRPS"])
def test_slopes_vanish_on_average_at_the_truth(slopes):
    y = np.random.default_rng(1).normal(2, 3, 400_000)
    in_mean, in_scale = slopes(y, np.full_like(y, 2.0), np.full_like(y, 2 * np.log(3)))
    assert abs(in_mean.mean()) < 0.01 and abs(in_scale.mean()) < 0.01


def test_the_gradient_of_the_network_is_that_of_its_loss():
    rows = spread.wave([0], 30, 0)
    weights = [w + 0.1 for w in spread.start([0])]
    step = spread.train(spread.weighted_likelihood(0.0), rows, weights, np.array([1e-6]), 1)
    for part in (0, 1):
        moved = [w.copy() for w in weights]
        moved[part][0, 0, 0] += 1e-5
        rises = spread.surprise(moved, *rows)[0] > spread.surprise(weights, *rows)[0]
        assert rises == (step[part] < weights[part])[0, 0, 0]


def test_training_lowers_the_surprise():
    rows = spread.wave([0, 1], 50, 0)
    first = spread.start([0, 1])
    trained = spread.train(spread.weighted_likelihood(1.0), rows, first, np.full(2, 0.01), 300)
    assert (spread.surprise(trained, *rows) < spread.surprise(first, *rows) - 0.5).all()
