"""The examples in the public documentation give what they say."""

import doctest

import pytest

import lossutils as lu

PUBLIC = [getattr(lu, name) for name in lu.__all__ if name != "Loss"]


@pytest.mark.parametrize("thing", PUBLIC, ids=lambda thing: thing.__name__)
def test_examples(thing):
    (found,) = doctest.DocTestFinder(recurse=False).find(thing, globs={"lu": lu})
    assert found.examples
    assert doctest.DocTestRunner().run(found).failed == 0
