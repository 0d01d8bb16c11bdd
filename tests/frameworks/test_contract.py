"""Every side keeps the contract of `protocol`: what it offers, how it is called, and what it returns."""

import inspect

import numpy as np
import pytest

from lossutils.frameworks.arrays import side_of
from lossutils.frameworks.protocol import Operations, Side
from tests.reference.frameworks import FRAMEWORKS

X = np.array([[-1.5, 0.0, 2.0], [0.25, 700.0, -40.0]])
ODD = np.array([[np.nan, 1.0, np.inf], [-np.inf, -0.0, 1e-300]])
TIES = np.array([[2.0, 1.0, 2.0], [-np.inf, -np.inf, -np.inf], [3.0, 3.0, np.inf]])
LONG = np.random.default_rng(0).normal(size=(2, 300))
ONE = np.array([[0.5], [-0.5]])
BOOLS = np.array([[True, False, False], [False, False, False]])
INDEX = np.array([2, 0])
SINGLE = X.astype(np.float32)

CASES = {  # arguments to try each operation with; arrays are those of the side's framework
    "exp": [(X,), (ODD,)],
    "log": [(abs(X),), (ODD,)],
    "log1p": [(abs(X),), (ODD,)],
    "expm1": [(X,), (ODD,), (np.array([1e-300, -1e-9]),)],
    "power": [(abs(X), 0.5), (abs(X), 0.0)],
    "sinh": [(X[:, :1],), (ODD,)],
    "tanh": [(X,), (ODD,)],
    "isfinite": [(X,), (ODD,)],
    "where": [(BOOLS, 1.0, X), (BOOLS, X, 0.0), (BOOLS, X, -X), (BOOLS, 1, INDEX[:, None])],
    "whole": [(X,), (ODD,), (np.array([0.5, 1.5, -0.5, 2.5, 1e300]),)],
    "look_up": [(np.arange(12.0).reshape(2, 6), np.array([[0.0, 5.0], [3.0, 1.0]]))],
    "total": [(X,), (ONE,), (SINGLE,), (ODD,)],
    "total_in_parts": [(X,), (LONG,), (LONG.astype(np.float32),)],
    "largest": [(X,), (TIES,), (ONE,), (SINGLE,)],
    "class_count": [(X,), (ONE,)],
    "last_class": [(X, INDEX), (ONE, INDEX)],
    "any_in_row": [(BOOLS,)],
    "pick": [(X, INDEX), (BOOLS, INDEX), (ONE, 0 * INDEX)],
    "indicator": [(INDEX, X), (0 * INDEX, ONE)],
    "outer": [(X, X), (ONE, ONE)],
    "diagonal": [(X,), (ONE,)],
    "widened": [(X,), (SINGLE,), (X[:, :2].astype(np.float16),)],
    "in_type_of": [(X, INDEX), (SINGLE, X[:1]), (X, BOOLS)],
    "as_index": [(INDEX.astype(float),), (INDEX,)],
    "as_mask": [(BOOLS,), (BOOLS.astype(np.int64),)],
    "as_numbers": [(X,), (INDEX,)],
    "is_floating": [(X,), (SINGLE,), (INDEX,), (BOOLS,)],
    "dtype_name": [(X,), (SINGLE,), (INDEX,), (BOOLS,)],
    "dense": [("target", X), ("target", INDEX), ("target", BOOLS)],
    "placed": [("target", X, X), ("ignore", BOOLS, X)],
    "target": [(X, X), (INDEX.astype(np.int32), X), (BOOLS, X), (SINGLE, X)],
    "to_numpy": [(X,), (INDEX,), (BOOLS,), (X[0, 0],)],
}
TOLD = {  # operations that may answer "not cheap to tell"; False here is true of every side
    "between": [(X, -50, 50), (X, -50, 800), (ODD, -1, 1), (X[:0], 0, 1), (INDEX, 0, 2)],
    "are_classes": [(INDEX, 3), (INDEX, 2), (INDEX, None), (INDEX.astype(float), 3), (INDEX[:0], 3)],
}


def operations(contract=Operations):
    """The names that a class of the contract declares."""
    return {name for name, thing in vars(contract).items() if inspect.isfunction(thing) and name[0] != "_"}


@pytest.fixture
def side(framework):
    return side_of(framework.array(np.zeros(1)))


def arrays(framework, result):
    """A result's arrays as NumPy's, and what else there is as it is."""
    parts = result if isinstance(result, tuple) else (result,)
    return [np.asarray(x) if isinstance(x, np.ndarray | bool | int | str) else framework.numpy(x) for x in parts]


def test_every_operation_is_tried():
    assert operations() == set(CASES) | set(TOLD) | {"from_numpy", "mended", "require"}


@pytest.mark.parametrize("name", CASES)
def test_results_are_numpy_s(framework, side, name):
    for arguments in CASES[name]:
        own = [framework.array(a) if isinstance(a, np.ndarray | np.generic) else a for a in arguments]
        with np.errstate(all="ignore"):
            expected = arrays(FRAMEWORKS["numpy"], getattr(side_of(X), name)(*arguments))
            found = arrays(framework, getattr(side, name)(*own))
        for a, b in zip(found, expected, strict=True):
            assert a.shape == b.shape
            assert a.dtype == b.dtype or name in ("class_count", "last_class")
            if b.dtype.kind == "f":
                np.testing.assert_allclose(a, b, rtol=1e-6 if b.dtype == np.float32 else 2e-15)
            else:
                np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("name", TOLD)
def test_what_is_not_cheap_to_tell_is_false(framework, side, name):
    true = {"between": [False, True, False, False, True], "are_classes": [True, False, False, False, False]}[name]
    for arguments, holds in zip(TOLD[name], true, strict=True):
        own = [framework.array(a) if isinstance(a, np.ndarray) else a for a in arguments]
        found = getattr(side, name)(*own)
        assert found is False or (found is True and holds)
        assert found is holds or framework.name != "numpy"


def test_arrays_from_numpy_and_back(framework, side):
    at = framework.array(X)
    for x in (X, SINGLE, INDEX):
        made = side.from_numpy(x, at)
        assert side_of(made) is side
        np.testing.assert_array_equal(side.to_numpy(made), x)


def test_what_is_near_is_computed_again(framework, side):
    """Entries and whole rows, and nothing where nothing is near; what is computed elsewhere does not show."""
    x = framework.array(X)
    small = framework.array(abs(X) < 1)
    found = side.mended(small, x, lambda a: 1.0 / (a - 2.0), x)
    np.testing.assert_array_equal(framework.numpy(found), np.where(abs(X) < 1, 1 / (np.where(abs(X) < 1, X, 0) - 2), X))
    first = framework.array(np.array([True, False]))
    np.testing.assert_array_equal(framework.numpy(side.mended(first, x, lambda a: -a, x)), [-X[0], X[1]])
    sums = framework.array(X.sum(-1))
    found = side.mended(first, sums, lambda a: side.total(2.0 * a)[..., 0], x)
    np.testing.assert_array_equal(framework.numpy(found), [2 * X[0].sum(), X[1].sum()])
    assert side.mended(framework.array(BOOLS & False), x, lambda a: -a, x).shape == x.shape


def test_what_is_bad_is_refused(framework, side):
    x, bad = framework.array(X), framework.array(BOOLS)
    assert side.require(x, framework.array(BOOLS & False), lambda: "never", "short") is x
    with pytest.raises(ValueError, match=r"^the message$"):
        side.require(x, bad, lambda: "the message", "short")


@pytest.mark.parametrize("name", sorted(operations() | operations(Side)))
def test_it_is_called_as_declared(side, name):
    """With the same number of positional arguments, as far as a framework's own function tells."""
    declared = inspect.signature(getattr(Side, name)).parameters.values()
    wanted = [p for p in declared if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)][1:]
    try:
        signature = inspect.signature(getattr(side, name))
    except ValueError:
        assert type(getattr(side, name)).__name__ in ("builtin_function_or_method", "ufunc")
        return
    signature.bind(*(None for _ in wanted))
    with pytest.raises(TypeError):
        signature.bind()


def test_a_side_has_a_name(framework, side):
    assert framework.name in side.NAME.lower()
    assert side.is_framework and not side_of([1.0]).is_framework and not side_of(1.0).is_framework


def test_formulas_run_on_plain_numbers(framework):
    """What stands in a formula's documentation holds for a number, too."""
    from lossutils.losses.regression import Huber

    assert Huber.formula(0.0, 3.0, 2.0) == 4.0
    assert framework.numpy(Huber.formula(framework.array(0.0), framework.array(3.0), 2.0)) == 4.0
