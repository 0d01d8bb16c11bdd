"""The figures to move: the formulas of lossutils, and each drawn when it comes near."""

import numpy as np
import pytest

import lossutils as lu
from tools.browser import CHROMIUM, Page
from tools.build import SITE

FILES = SITE / "_static" / "move"
POINTS = 1000

pytestmark = [
    pytest.mark.skipif(not SITE.exists(), reason="the site is not built: make book"),
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed; .ci/run installs it"),
]
E = np.linspace(-30, 30, POINTS)
ONES, ZEROS = np.ones(POINTS), np.zeros(POINTS)
LOGITS = np.random.default_rng(0).normal(0, 5, (POINTS, 6))
LABELS = np.arange(POINTS) % 6
MASK = np.array([1, 1, 0, 0, 0, 0])
MASKS = np.tile(MASK, (POINTS, 1))


@pytest.fixture(scope="module")
def formulas(chromium):
    """Calls a formula of the page at many arguments at once."""
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto("about:blank")
    opened.add_script_tag(path=FILES / "losses.js")
    yield lambda name, rows: np.array(
        opened.evaluate("([name, rows]) => rows.map((r) => LOSSES[name](...r))", [name, rows])
    )
    context.close()


ELEMENTWISE = {  # name in the page -> its arguments at each point, and the library's values
    "squared": ([[e] for e in E], lambda: lu.SquaredError()(E, ZEROS)),
    "absolute": ([[e] for e in E], lambda: lu.AbsoluteError()(E, ZEROS)),
    "huber": ([[e, 1.5] for e in E], lambda: lu.Huber(1.5)(E, ZEROS)),
    "huberSlope": ([[-e, 1.5] for e in E], lambda: lu.Huber(1.5).gradient(E, ZEROS)),
    "pinball": ([[e, 0.8] for e in E], lambda: lu.Pinball(0.8)(E, ZEROS)),
    "perceptron": ([[u] for u in E], lambda: lu.Perceptron()(ONES, E)),
    "hinge": ([[u] for u in E], lambda: lu.Hinge()(ONES, E)),
    "squaredHinge": ([[u] for u in E], lambda: lu.SquaredHinge()(ONES, E)),
    "modifiedHuber": ([[u] for u in E], lambda: lu.ModifiedHuber()(ONES, E)),
    "exponential": ([[u] for u in E], lambda: lu.Exponential()(ONES, E)),
    "logistic": ([[u] for u in E], lambda: lu.Logistic()(ONES, E)),
    "focal": ([[u, 2] for u in E], lambda: lu.Focal(2.0)(ONES, E)),
    "crossEntropy": ([[1, f] for f in E], lambda: lu.BinaryCrossEntropy()(ONES, E)),
    "crossEntropySlope": ([[1, f] for f in E], lambda: lu.BinaryCrossEntropy().gradient(ONES, E)),
    "squaredProbability": ([[1, f] for f in E], lambda: lu.SigmoidSquaredError()(ONES, E)),
    "squaredProbabilitySlope": ([[1, f] for f in E], lambda: lu.SigmoidSquaredError().gradient(ONES, E)),
    "smoothed": (
        [[int(t), list(s), 0.1] for t, s in zip(LABELS, LOGITS, strict=True)],
        lambda: lu.SoftmaxCrossEntropy(0.1)(LABELS, LOGITS),
    ),
    "smoothedSlope": (
        [[int(t), list(s), 0.1] for t, s in zip(LABELS, LOGITS, strict=True)],
        lambda: lu.SoftmaxCrossEntropy(0.1).gradient(LABELS, LOGITS),
    ),
    "positivesMean": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.MultiPositiveCrossEntropy()(MASKS, LOGITS),
    ),
    "positivesMeanSlope": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.MultiPositiveCrossEntropy().gradient(MASKS, LOGITS),
    ),
    "positivesSum": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.MultiPositiveCrossEntropy(average=False)(MASKS, LOGITS),
    ),
    "positivesSumSlope": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.MultiPositiveCrossEntropy(average=False).gradient(MASKS, LOGITS),
    ),
    "positivesAny": ([[MASK.tolist(), list(s)] for s in LOGITS], lambda: lu.AnyPositiveCrossEntropy()(MASKS, LOGITS)),
    "positivesAnySlope": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.AnyPositiveCrossEntropy().gradient(MASKS, LOGITS),
    ),
    "binary": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.BinaryCrossEntropy()(MASKS.astype(float), LOGITS).sum(axis=1),
    ),
    "binarySlope": (
        [[MASK.tolist(), list(s)] for s in LOGITS],
        lambda: lu.BinaryCrossEntropy().gradient(MASKS.astype(float), LOGITS),
    ),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_a_formula_of_the_page_is_that_of_the_library(formulas, name):
    rows, values = ELEMENTWISE[name]
    rows = [[float(x) if isinstance(x, np.floating) else x for x in row] for row in rows]
    np.testing.assert_allclose(formulas(name, rows), values(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("chapter", ["regression", "classification", "cross_entropy", "cross_entropy_vs_mse"])
def test_every_figure_to_move_is_drawn_when_it_comes_near_and_answers(chromium, address, chapter):
    context = chromium.new_context(viewport={"width": 1000, "height": 800})
    page = Page(context.new_page(), address)
    opened = page.open(f"chapters/{chapter}.html")
    assert opened.evaluate("window.JXG === undefined")  # nothing of them is loaded before
    count = opened.locator(".move").count()
    assert count
    for place in opened.locator(".move").all():
        for _ in range(60):  # what stands above takes its height when it comes near
            place.evaluate("e => e.scrollIntoView({block: 'center'})")
            if place.get_attribute("data-ready"):
                break
            opened.wait_for_timeout(250)
        before = place.locator(".move-plane").inner_html()
        slider = place.locator("input[type=range]").first
        slider.focus()
        slider.press("ArrowRight")
        slider.press("ArrowRight")
        assert place.locator(".move-plane").inner_html() != before
    assert page.troubles == []
    context.close()
