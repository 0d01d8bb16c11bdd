"""The modules that the notebooks compute with: the atlas has an entry for each loss, the measurements are a file's."""

import json
from pathlib import Path

import numpy as np
import pytest

import lossutils as lu
from benchmarks.accuracy import markdown
from lossutils.book.experiments import atlas, classification, measured, paired
from lossutils.book.experiments import regression as spoilt
from lossutils.book.experiments.atlas_entries import ENTRIES
from lossutils.book.experiments.atlas_minimisers import IN_WORDS
from lossutils.book.facts import letters
from lossutils.book.tables import table
from lossutils.losses import distributions, general, hinge, log_mean, margin, piecewise_linear, regression, robust
from tests.reference.bounds import bound
from tests.reference.exact import VARIANTS

ROOT = Path(__file__).parents[2]
losses = pytest.mark.parametrize("loss", lu.losses(), ids=lambda loss: type(loss).__name__)


def test_the_atlas_has_an_entry_for_every_loss():
    assert set(ENTRIES) == {type(loss) for loss in lu.losses()}


@losses
def test_every_parameter_has_a_letter(loss):
    assert set(vars(loss)) - {"average"} == letters(loss).keys()


@losses
def test_an_entry_says_all_there_is_to_say(loss):
    rows = dict(atlas.rows(loss))
    needed = {"loss", "gradient", "convex", "Lipschitz", "minimiser", "target", "source"}
    assert needed <= rows.keys() and all(rows.values())
    assert ("Hessian" if loss.row_axes else "curvature") in rows


@losses
def test_a_constant_s_formula_gives_the_loss_s_own(loss):
    entry = ENTRIES[type(loss)]
    assert bool(loss.description.lipschitz) == (entry.lipschitz is not None)
    if entry.lipschitz is not None:
        assert np.isclose(entry.lipschitz(*vars(loss).values()), loss.lipschitz)


@losses
def test_curves_are_drawn_over_the_axis_of_the_loss_s_family(loss):
    """A loss of counts over the logarithm of their mean, one of a margin over the margin."""
    axis, x, curves = atlas.curves(loss)
    words = dict.fromkeys((regression, piecewise_linear, robust, general), "f - y")
    words |= {distributions: "where", log_mean: "log mean", margin: "margin", hinge: "margin"}
    module = type(loss).__module__
    expected = next((w for family, w in words.items() if family.__name__ == module), "logit")
    assert expected in axis
    for _, one, target in curves:
        assert np.isfinite(one(atlas.repeated(target, len(x)), atlas.predictions(one, x))).all()


def test_measurements_are_read_from_the_file_that_is_named(tmp_path):
    results = {"case 100000x10": {"numpy lossutils": {"seconds": 1.0, "bytes": 8_000_000}}}
    (tmp_path / "speed.json").write_text(json.dumps(results))
    assert measured.load(str(tmp_path / "speed.json")) == results
    assert measured.memory_rows({"8 x10000000": results["case 100000x10"]}) == [["8 ×10⁷", "8", "", "", "", "", ""]]


def test_a_table_is_aligned_as_text_and_escaped_as_markdown(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: shown.append(bundle))
    table(["name", "x"], [["|a|", 1], ["bb", 22]])
    assert shown[0]["text/plain"] == "name  x\n|a|   1\nbb    22"
    assert shown[0]["text/markdown"].splitlines()[2] == "| \\|a\\| | 1 |"


def test_losses_are_compared_seed_by_seed():
    assert paired([3.0, 5.0, 9.0], [1.0, 6.0, 4.0], 1) == "+2.0 ± 3.0, above on 2 of 3"


def test_the_least_absolute_error_of_a_constant_is_the_median():
    days = np.array([2.0, 3, 3, 4, 38])
    assert np.allclose(spoilt.least_absolute(np.ones((5, 1)), days), 3)


def test_a_robust_loss_ignores_a_slipped_target_that_moves_the_mean():
    random = np.random.default_rng(0)
    x, y = random.normal(size=(60, 2)), 10 + random.normal(size=60)
    losses = {"squared": lu.SquaredError(), "Huber": lu.Huber(1.0)}
    found = spoilt.corruption(losses, (x, y), (0.0, 0.1), range(2), spoilt.slipped_targets)
    moved = {name: np.abs(one.bias[1] - one.bias[0]).max() for name, one in found.items()}
    assert moved["Huber"] < 1 < 5 < moved["squared"]


def test_an_intercept_may_be_left_out_of_the_decay():
    z, x = np.array([1.0, 1, 1, -1]), np.ones((4, 1))
    free = classification.fit_margin(lu.Logistic(), x, z, decay=10.0, free_intercept=True)
    assert np.allclose(free, np.log(3), atol=1e-4)
    assert classification.fit_margin(lu.Logistic(), x, z, decay=10.0)[0] < 0.1


def test_costs_count_misses_by_their_weight():
    assert classification.cost(np.array([1.0, 1, 0, 0]), np.array([2.0, -1, 3, -4]), 20) == 21 / 4


def test_every_minimiser_in_words_is_checked_and_right():
    assert set(IN_WORDS) == {type(loss) for loss in lu.losses() if loss.description.minimiser}
    assert all(check() for check in IN_WORDS.values())


def test_the_accuracy_table_keeps_the_bounds_that_are_tested():
    """The numbers that the book prints: of every loss, and measured at random points of every kind."""
    table = json.loads((ROOT / "benchmarks" / "accuracy.json").read_text())
    assert set(table) == {repr(loss) for loss in lu.losses() + VARIANTS}
    for loss in lu.losses() + VARIANTS:
        assert table[repr(loss)]["random"] >= 10_000
        for side, found in table[repr(loss)]["ours"].items():
            framework, dtype = side.split()
            most = bound(loss, framework, dtype) if dtype in ("float32", "float64") else 1
            assert max(found["value"], found["terms"]) <= most and found["wrong"] == 0, (loss, side)
            if not loss.description.cancels:
                assert found["gradient"] <= most
    assert markdown(table) == (ROOT / "benchmarks" / "accuracy.md").read_text()
