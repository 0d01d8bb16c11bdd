"""What each loss says of itself holds: convexity, Lipschitz constant, minimiser, and what a table prints."""

import inspect
import re
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import lossutils as lu
from lossutils.book.facts import facts
from lossutils.losses.description import DTYPES
from lossutils.losses.minimisers import none_known
from tests.reference.exact import EXACT
from tests.reference.sampling import EXAMPLE, PLACED, examples


def sample(loss, n=60, classes=4, rng=None):
    """Targets for n examples, drawn from the loss's domain."""
    rng = rng or np.random.default_rng(5)
    kind = type(loss)
    target = np.asarray(EXAMPLE[kind][0], float)
    if loss.columns:
        return rng.normal(1.0, 2.0, n)
    if loss.row_axes:
        return target[rng.integers(0, len(target), n)].astype(int if target.ndim == 1 else float)
    if hasattr(loss.domain, "values"):
        return rng.choice(loss.domain.values, n, p=[0.3, 0.7])
    if loss.domain == lu.BinaryCrossEntropy.domain:
        return rng.choice([0.0, 0.25, 1.0], n)
    return rng.gamma(2.0, 1.5, n) if np.min(target) >= 0 else rng.normal(1.0, 2.0, n)


def mean_loss(loss, target, prediction):
    """The mean loss of one prediction given to all."""
    return loss(target, np.broadcast_to(prediction, (len(target), *np.shape(prediction))).copy()).mean()


def test_every_loss_has_an_example_and_a_reference():
    kinds = {type(loss) for loss in lu.losses()}
    assert kinds == set(EXAMPLE) == set(EXACT)
    assert len(kinds) == len(lu.losses())
    public = {name for name, thing in vars(lu).items() if isinstance(thing, type) and issubclass(thing, lu.Loss)}
    assert (
        public == {kind.__name__ for kind in kinds} | {"Loss"} == set(lu.__all__) - {"losses", "linear_cross_entropy"}
    )


def test_the_page_of_the_api_lists_every_loss():
    page = (Path(__file__).parents[2] / "appendix" / "api.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\.\. autoclass:: (\w+)$", page, re.MULTILINE)
    assert sorted(listed) == sorted(type(loss).__name__ for loss in lu.losses())


@given(data=st.data())
def test_convex_where_it_says_so(loss, data):
    """No chord below the curve, and no negative curvature."""
    if not loss.convex:
        return
    target, f = data.draw(examples(loss, "float64", size=4))
    f = np.clip(f, -300, 300)
    g = np.clip(data.draw(st.permutations(list(f))), -300, 300)
    ends = np.maximum(np.abs(loss(target, f)), np.abs(loss(target, g)))
    between = loss(target, 0.5 * f + 0.5 * g)
    chord = 0.5 * loss(target, f) + 0.5 * loss(target, g)
    scale = np.maximum(ends, 1e-300) if loss.row_axes else np.maximum(ends, np.abs(f * np.asarray(target)))
    assert (between <= chord + 1e-13 * scale + 1e-300).all()
    hessian = loss.hessian(target, f)
    lowest = np.linalg.eigvalsh(hessian).min() if loss.row_axes else hessian.min()
    assert lowest >= -1e-13 * max(1, hessian.max())


def test_not_convex_where_it_says_so(loss):
    """Somewhere a chord passes below the curve."""
    if loss.convex:
        return
    target = sample(loss, 4000)
    rng = np.random.default_rng(1)
    shape = (4000, *np.shape(EXAMPLE[type(loss)][1])[1:])
    f, g = rng.normal(0, 4, shape), rng.normal(0, 4, shape)
    chord = 0.5 * loss(target, f) + 0.5 * loss(target, g)
    assert (loss(target, 0.5 * f + 0.5 * g) > chord + 1e-3).any()


def steepest(loss, reach):
    """The largest slope of a loss without a Lipschitz constant, among scores of at most a size.

    Of the loss that jumps it is the largest quotient of differences over steps of 1 / reach, and where the slope grows
    with the number of positives, or of classes, that of long rows.
    """
    if isinstance(loss, lu.ZeroOne):
        return np.diff(loss(np.ones(2), np.array([1, -1]) / (2 * reach)))[0] * reach
    rng = np.random.default_rng(2)
    if isinstance(loss, PLACED):  # whose slope grows with the root of that number
        y = np.zeros((4, reach**2)) if loss.takes_rows else np.zeros(4, int)
        return np.linalg.norm(loss.gradient(y, np.full((4, reach**2), 30.0)), axis=-1).max()
    if isinstance(loss, lu.MultiPositiveCrossEntropy):
        return np.linalg.norm(loss.gradient(np.ones((100, reach)), rng.uniform(-100, 100, (100, reach))), axis=-1).max()
    shape = (4000, *np.shape(EXAMPLE[type(loss)][1])[1:])
    return np.abs(loss.gradient(sample(loss, 4000), rng.uniform(-reach, reach, shape))).max()


def test_gradient_never_exceeds_the_lipschitz_constant_and_comes_near(loss):
    rng = np.random.default_rng(2)
    shape = np.shape(EXAMPLE[type(loss)][1])[1:]
    n = 40000
    target = sample(loss, n)
    if isinstance(loss, lu.PairwiseLogistic):  # the fewer classes, the steeper
        shape, target = (2,), np.tile([1.0, 0.0], (n, 1))
    f = rng.normal(0, 1, (n, *shape)) * 10 ** rng.uniform(-1, 2, (n, *(1 for _ in shape)))
    gradient = loss.gradient(target, f)
    size = np.linalg.norm(gradient, axis=-1) if loss.row_axes else np.abs(gradient)
    if loss.lipschitz == np.inf:
        assert steepest(loss, 100) > 1.8 * steepest(loss, 50)
        return
    assert size.max() <= loss.lipschitz * (1 + 1e-14)
    assert size.max() >= loss.lipschitz * 0.96


def test_minimiser_has_the_least_mean_loss(loss):
    target = sample(loss)
    best = loss.minimiser(target)
    if best is None:
        assert "no closed form" in facts(loss).minimiser
        return
    least = mean_loss(loss, target, best)
    rng = np.random.default_rng(4)
    for size in (1e-3, 1e-2, 0.1, 1.0, 5.0):
        for _ in range(10):
            other = mean_loss(loss, target, best + size * rng.normal(size=np.shape(best)))
            assert other >= least - 1e-12 * max(1, abs(least))


@pytest.mark.parametrize(
    ("loss", "target", "value"),
    [
        (lu.SquaredError(), [1.0, 2.0, 6.0], 3.0),
        (lu.AbsoluteError(), [1.0, 2.0, 6.0, 9.0], 4.0),
        (lu.Pinball(0.25), [4.0, 1.0, 2.0, 3.0], 1.0),
        (lu.EpsilonInsensitive(1.0), [0.0, 10.0, 11.0], 9.5),
        (lu.Poisson(), [1.0, 3.0], np.log(2)),
        (lu.Logistic(), [1, 1, 1, -1], np.log(3)),
        (lu.Exponential(), [1, 1, 1, -1], np.log(3) / 2),
        (lu.BinaryCrossEntropy(2.0), [1, 1, 1, 0], np.log(6)),
        (lu.Logistic(), [1, 1], np.inf),
        (lu.Hinge(), [1, -1], 0.0),
        (lu.SoftmaxCrossEntropy(), [0, 1, 1, 1], np.log([0.25, 0.75])),
        (lu.SoftmaxCrossEntropy(0.5), [0, 1, 1, 1], np.log([0.375, 0.625])),
        (lu.SphericalScore(), [0, 1, 1, 1], np.log([0.25, 0.75])),
        (lu.NegativeSampling(), [0, 1, 1, 1], np.log([1 / 3, 3])),
        (lu.MultiPositiveCrossEntropy(), [[1, 1, 0], [1, 0, 0]], np.log([0.75, 0.25, 1e-300])),
    ],
    ids=lambda x: None,
)
def test_minimisers_known_by_hand(loss, target, value):
    np.testing.assert_allclose(np.exp(loss.minimiser(target)), np.exp(value), rtol=1e-14, atol=1e-290)


def test_a_table_can_be_printed(loss):
    row = facts(loss)
    assert row.name == repr(loss) and row.summary.endswith(".") and row.source
    assert row.formulas[0].startswith("L(") and all("\\qquad" not in f for f in row.formulas)
    assert len(row.formulas) >= 2 or isinstance(loss, lu.CrammerSinger)
    assert row.minimiser and row.domain


# What a loss says of itself as data.


@pytest.fixture(params=[type(loss) for loss in lu.losses()], ids=lambda kind: kind.__name__)
def kind(request):
    """Each class of losses."""
    return request.param


def test_the_documentation_holds_formulas_and_source(kind):
    said = kind.description
    documentation = " ".join(inspect.getdoc(kind).split())
    assert ".. math:: " + r", \qquad ".join(said.formulas) in documentation
    assert documentation.count(f"Source: {said.source}.") == documentation.count(DTYPES) == 1
    assert "{formulas}" not in documentation and "{source}" not in documentation


def test_a_description_is_complete(kind):
    said = kind.description
    assert "description" in vars(kind) and said.loss and said.gradient and said.curvature and said.source
    assert said.prediction == (", ".join(said.letters) or ("s" if kind.row_axes else "f"))
    assert said.target in "yztqPc" and len(said.letters) == len(kind.columns)
    assert (said.prediction_is == "scores") == (bool(kind.row_axes) and not kind.columns)
    assert bool(said.minimiser) == (kind.minimiser is none_known)
    assert kind().lipschitz < np.inf or not said.lipschitz


def test_every_parameter_has_a_letter_that_the_formulas_use(kind):
    said = kind.description
    used = " ".join([said.loss, said.gradient, said.curvature, said.lipschitz])
    for field in fields(kind):
        if field.name != "average":
            assert re.search(rf"(?<![a-zA-Z\\]){re.escape(field.metadata['letter'])}(?![a-zA-Z])", used)
