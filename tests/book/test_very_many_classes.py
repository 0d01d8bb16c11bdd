"""What the chapter on very many classes computes with, against what is known."""

import json
from pathlib import Path

import numpy as np
import pytest

import lossutils as lu
from lossutils.book.experiments import very_many_classes as many
from lossutils.book.experiments import word_race as race

ROOT = Path(__file__).parents[2]
SHORT = race.SampledSoftmax(), race.NegativesCorrected(), race.Contrast(), race.Contrast(from_zero=True)


def test_a_copy_that_is_redrawn_always_shares_nothing():
    assert many.mutual_information(many.noisy_copy(8, 1.0)) == pytest.approx(0, abs=1e-12)
    assert many.mutual_information(many.noisy_copy(8, 1e-9)) == pytest.approx(np.log(8), abs=1e-6)


def test_infonce_stays_below_the_mutual_information():
    joint = many.noisy_copy(16, 0.3)
    found = [many.infonce_bound(joint, n, 20_000, seed=0) for n in (2, 8, 64)]
    assert found == sorted(found) and found[-1] < many.mutual_information(joint) + 0.02


def test_what_is_learnt_is_what_the_theorem_says():
    q, noise = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
    ratio = q / noise
    assert many.learnt(q, noise, 3) == pytest.approx(ratio / ratio.sum(), abs=1e-10)
    assert many.learnt(q, noise, 3, right=True, others=True) == pytest.approx(q, abs=1e-10)
    assert abs(many.learnt(q, noise, 3, others=True, hits=False) - q).max() > 0.01


def test_estimates_average_to_the_sum():
    p, noise = np.array([0.7, 0.2, 0.1]), np.array([0.4, 0.3, 0.3])
    found = many.estimated_total(p, noise, 4, 40_000, seed=1)
    spread = np.sqrt(((p**2 / noise).sum() - 1) / 4)
    assert found.mean() == pytest.approx(1, abs=4 * spread / 200) and found.std() == pytest.approx(spread, rel=0.03)


def test_ways_through_the_tree_are_a_prefix_code_of_the_least_length():
    tree = race.huffman()
    depth = (tree.turns != 0).sum(1)
    assert (0.5**depth).sum() == 1
    bits = -(race.FREQUENCY * np.log2(race.FREQUENCY)).sum()
    assert bits <= (race.FREQUENCY * depth).sum() < bits + 1


@pytest.mark.parametrize("loss", [loss for loss, _ in race.LOSSES.values()][:6], ids=list(race.LOSSES)[:6])
def test_every_model_starts_from_the_base_rates(loss):
    runs = race.Runs(2, loss, np.array([0.1, 0.2]), adagrad=True)
    scores = loss.scores(runs, np.ones((2, 3, race.INPUTS + 1), np.float32) * np.eye(race.INPUTS + 1)[-1].astype("f4"))
    assert race.softmax(scores)[1, 2] == pytest.approx(race.FREQUENCY, rel=2e-3)


@pytest.mark.parametrize("loss", SHORT, ids=lambda loss: f"{type(loss).__name__} {getattr(loss, 'from_zero', '')}")
def test_slopes_of_short_rows_are_those_of_the_library(loss):
    rng = np.random.default_rng(2)
    t, drawn = np.array([[4, 0]]), np.array([[7, 0, 7, 1900]])
    s = rng.normal(size=(1, 2, 5))
    counts = race.row(race.COUNTS, t, drawn).astype(float)
    if isinstance(loss, race.Contrast):
        expected = lu.NoiseContrastive().gradient(counts, s)
    else:
        if isinstance(loss, race.NegativesCorrected):
            counts[..., 0] = 0
            counts[0, 1, 2] = np.inf  # class 0 was drawn beside itself
        expected = lu.SampledSoftmax().gradient(counts, s)
    assert loss.slope(s, t, drawn) == pytest.approx(expected, abs=1e-6)


def test_a_step_in_repeated_rows_adds_their_gradients():
    runs = race.Runs(1, race.SampledSoftmax(), np.array([0.5]), adagrad=False)
    before = runs.w.copy()
    gradient = np.array([1.0, 2.0, 3.0])[None, :, None] * np.ones(race.INPUTS + 1)
    runs.step_at(np.array([[5, 9, 5]]), gradient.astype(np.float32))
    moved = (before - runs.w)[:, 0]
    assert moved[5] == pytest.approx(0.5 * 4) and moved[9] == pytest.approx(0.5 * 2) and (moved != 0).sum() == 2


def test_the_start_sets_negative_sampling_apart_from_noise_contrastive_estimation():
    courses = [race.course(loss, [0], [0.1], (3,), 3) for loss in (race.Contrast(), race.Contrast(from_zero=True))]
    assert race.Contrast(from_zero=True).start() == pytest.approx(race.COUNTS, abs=1e-6)
    assert courses[0].likelihood(3)[0] > courses[1].likelihood(3)[0]


def test_the_start_of_adagrads_sums_bounds_the_first_step():
    gradient = np.full((1, race.CLASSES, race.INPUTS + 1), 1e-3, np.float32)
    moved = []
    for begun in (1e-8, 1e-3):
        runs = race.Runs(1, race.Softmax(), np.array([0.5]), adagrad=True, begun=begun)
        before = runs.w.copy()
        runs.step_all(gradient)
        moved.append((before - runs.w)[3, 0])
    assert moved == pytest.approx([0.5 * 1e-3 / np.sqrt(1e-6 + begun) for begun in (1e-8, 1e-3)], rel=1e-5)
    assert moved[0] > 30 * moved[1]


def test_what_a_model_that_knows_nothing_is_worth():
    shares = np.array([[0.5, 0.3, 0.2]])
    assert race.worth(np.zeros((1, 3)), shares) == pytest.approx([-np.log(3), 0.5, np.log(3)])


def test_the_chosen_rate_is_the_best_on_the_first_part():
    found = race.course(race.Softmax(), [0], [1e-6, 0.2], (2, 5), 5)
    assert found.chosen(5) == 1 and found.likelihood(5)[0] > -7.6


def test_a_step_of_short_rows_costs_the_same_at_any_size():
    ways = json.loads((ROOT / "benchmarks" / "many_classes.json").read_text())["ways"]
    for way in ("sampled", "contrast", "hierarchical"):
        assert ways[way]["1000000"]["seconds"] < 3 * ways[way]["1000"]["seconds"]
    assert ways["full"]["1000000"]["bytes"] > 100 * ways["full"]["1000"]["bytes"]
    assert ways["in_blocks"]["1000000"]["bytes"] < ways["full"]["1000000"]["bytes"] / 4
