"""What the chapter on fitting computes with, against what is known in closed form."""

import numpy as np
import pytest

import lossutils as lu
from lossutils.book.experiments import collapse, fitting, imbalance, label_noise


def logistic_slope(u):
    return lu.Logistic.slope(1.0, u)


def test_the_angle_of_the_flow_falls_like_the_pulls_balance():
    times, path = fitting.flow(logistic_slope, fitting.TRIPLED, 1e12)
    assert fitting.angle(path)[-1] * np.log(times[-1]) == pytest.approx(np.log(3), abs=0.03)
    _, mirrored = fitting.flow(logistic_slope, fitting.FOLDED, 1e12)
    assert fitting.angle(mirrored)[-1] * np.log(times[-1]) < 0.01


def test_the_flow_of_the_exponential_loss_is_a_logarithm():
    times, path = fitting.flow(lambda u: lu.Exponential.slope(1.0, u), np.array([[1.0, 0.0]]), 1e3)
    assert np.allclose(path[:, 0], np.log(1 + times), atol=2e-3) and not path[:, 1].any()


def test_the_widest_margin_is_along_the_diagonal():
    assert fitting.least_margin(np.array([3.0, 3.0]), fitting.TRIPLED) == pytest.approx(np.sqrt(2))
    assert fitting.least_margin(np.array([3.0, 2.0]), fitting.TRIPLED) < np.sqrt(2)


@pytest.mark.parametrize(
    ("x", "y", "expected"),
    [
        ([[1], [-2]], [1, 0], "complete"),
        ([[1], [0], [0]], [1, 1, 0], "quasi-complete"),
        ([[1], [2], [3], [0]], [1, 1, 1, 0], "quasi-complete"),
        ([[1], [1], [-1]], [1, 0, 0], "none"),
        ([[0.001, 1], [0, 1]], [1, 0], "complete"),
    ],
)
def test_separation_is_told(x, y, expected):
    assert fitting.separation(np.array(x, float), np.array(y, float)) == expected


@pytest.mark.parametrize(("positives", "examples"), [(0, 10), (3, 7), (5, 5)])
def test_firth_adds_half_an_example_of_each_kind(positives, examples):
    y = (np.arange(examples) < positives).astype(float)
    odds = (positives + 0.5) / (examples - positives + 0.5)
    assert fitting.firth(np.ones((examples, 1)), y) == pytest.approx(np.log(odds), abs=1e-7)


def test_a_minimiser_has_no_slope_and_descent_ends_there():
    x, y = np.random.default_rng(0).normal(size=(50, 3)), np.arange(50) % 2.0
    problem = fitting.Problem(lu.BinaryCrossEntropy(), x, y, 0.1)
    best = problem.minimiser()
    assert np.abs(problem.gradient(best)).max() < 1e-9
    rises = [problem.objective(best + h * e) - problem.objective(best) for h in (0.1, -0.1) for e in np.eye(3)]
    bends = 0.005 * np.diag(problem.hessian(best))
    assert np.allclose(rises, [*bends, *bends], rtol=0.05)
    below, above = problem.curvatures(0.25)
    first, last = problem.descent(1 / above, np.array([1, 400]))
    assert np.allclose(last, best, atol=1e-6) and not np.allclose(first, best, atol=1e-3)
    assert below <= np.linalg.eigvalsh(problem.hessian(best))[0]


@pytest.mark.parametrize("rates", [(0.3, 0.3), (0.4, 0.1)])
def test_backward_is_unbiased_and_forward_is_a_likelihood(rates):
    f = np.linspace(-3, 3, 7)
    for y, flip in ((np.ones(7), rates[0]), (np.zeros(7), rates[1])):
        kept, flipped = (label_noise.backward(*rates)(seen, f) for seen in (y, 1 - y))
        for true, one, other in zip(label_noise.plain(y, f)[:2], kept, flipped, strict=False):
            assert np.allclose((1 - flip) * one + flip * other, true)
    forward = label_noise.forward(*rates)
    assert np.allclose(np.exp(-forward(np.ones(7), f)[0]) + np.exp(-forward(np.zeros(7), f)[0]), 1)


@pytest.mark.parametrize("correction", [label_noise.backward(0.4, 0.1), label_noise.forward(0.4, 0.1)])
def test_corrected_slopes_and_curvatures_are_derivatives(correction):
    f, y, h = np.linspace(-3, 3, 7), np.arange(7) % 2.0, 1e-5
    (below, slope_below, _), (above, slope_above, _) = correction(y, f - h), correction(y, f + h)
    _, slope, curvature = correction(y, f)
    assert np.allclose((above - below) / (2 * h), slope, atol=1e-8)
    assert np.allclose((slope_above - slope_below) / (2 * h), curvature, atol=1e-8)


def test_pairs_have_the_slopes_and_the_hessian_of_their_value():
    y, f, h = np.array([1.0, 1, 0, 0, 0]), np.array([0.3, -1, 0.5, 2, -0.2]), 1e-5
    objective, unit = imbalance.pairs_of(y), np.eye(5)
    _, slopes, hessian = objective(f)
    found = [(objective(f + h * e)[0] - objective(f - h * e)[0]) / (2 * h) for e in unit]
    bent = [(objective(f + h * e)[1] - objective(f - h * e)[1]) / (2 * h) for e in unit]
    assert np.allclose(slopes, found, atol=1e-9) and np.allclose(hessian(unit), bent, atol=1e-8)


def test_an_auc_counts_ties_by_half():
    assert imbalance.auc(np.array([1.0, 0, 0, 0]), np.array([2.0, 1, 2, 3])) == 0.5


def test_a_step_downhill_falls_where_the_objective_is_not_convex():
    gradient = np.array([1.0, -2.0])
    assert fitting.downhill(np.diag([-1.0, 4.0]), gradient) @ gradient < 0


def test_a_focal_threshold_has_no_expected_slope():
    at = np.full(2, imbalance.focal_threshold(2.0, 0.02))
    on, off = lu.Focal(2.0).gradient(np.array([1.0, 0.0]), at)
    assert 0.02 * on + 0.98 * off == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("slopes", [collapse.cross_entropy_slopes, collapse.squared_slopes])
def test_free_features_end_in_a_simplex(slopes):
    state = collapse.start(3, 4, 5, range(2))
    for _ in range(1500):
        state = state.stepped(slopes(state.scores), 0.5, 0.02)
    assert collapse.scatter(state).max() < 1e-6
    assert np.abs(collapse.cosines(state.features.mean(2)) + 0.5).max() < 1e-3
    assert collapse.duality(state).max() < 1e-3
