"""A prediction's way through a loss is short: at most half of what it was in the first edition."""

import sys

import pytest

from tools.walk import numpy_row, torch_row


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="comprehensions are calls no more")
@pytest.mark.parametrize(("row", "calls", "files"), [(numpy_row, 28, 3), (torch_row, 40, 4)])
def test_the_walk_is_short(row, calls, files):
    found = row()
    assert 10 <= len(found) <= calls
    assert len({path for path, _ in found}) <= files
