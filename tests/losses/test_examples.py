"""Everything public has an example. `pytest --doctest-modules lossutils` runs them."""

import doctest
import inspect
import re

import pytest

import lossutils as lu
from lossutils.tensorflow import keras_loss
from lossutils.torch import LossModule, linear_cross_entropy, sharded_cross_entropy

METHODS = [getattr(lu.Loss, x) for x in ("__call__", "gradient", "hessian", "hessian_product", "value_and_gradient")]
PUBLIC = [getattr(lu, name) for name in lu.__all__ if name != "Loss"]
WRAPPERS = [LossModule, LossModule.forward, keras_loss, linear_cross_entropy, sharded_cross_entropy]
TWICE = [LossModule.forward, keras_loss, linear_cross_entropy, sharded_cross_entropy, lu.linear_cross_entropy]


@pytest.mark.parametrize("thing", [*PUBLIC, *METHODS, lu.InfoNCE.information, *WRAPPERS], ids=lambda x: x.__qualname__)
def test_there_is_an_example(thing):
    (found,) = doctest.DocTestFinder(recurse=False).find(thing, globs={})
    assert found.examples


@pytest.mark.parametrize("thing", [*METHODS, *TWICE], ids=lambda x: x.__qualname__)
def test_parameters_and_results_are_documented(thing):
    assert all(f"\n{part}\n" in inspect.cleandoc(thing.__doc__) for part in ("Parameters", "Returns", "Raises"))
    documented = inspect.cleandoc(thing.__doc__).partition("\nReturns\n")[0]
    for name in inspect.signature(thing).parameters:
        assert name == "self" or re.search(rf"^([\w, ]+, )?{name}\b[\w, ]*( :|$)", documented, re.MULTILINE)
