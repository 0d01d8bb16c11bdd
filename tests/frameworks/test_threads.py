"""Loops in threads: every row once, in as many calls as there is work for."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

pytest.importorskip("numba")

from lossutils.frameworks.compiled import threads

WORTH = 1 << 16


@pytest.fixture
def slices(monkeypatch):
    """The sizes of the slices that a loop is called with, on a machine of three processors."""
    monkeypatch.setattr(threads, "_pool", lambda: (ThreadPoolExecutor(2), 3))

    def called(count, width):
        found, x, seen = [], np.arange(count), np.zeros(count, int)

        def loop(part, marks):
            found.append(len(part))
            marks += 1
            return int(part.sum())

        total = threads.in_threads(loop, width, x, seen)
        assert total == x.sum() and (seen == 1).all()
        return found

    return called


def test_little_work_is_one_call(slices):
    assert slices(2 * WORTH - 1, 1) == [2 * WORTH - 1]
    assert slices(WORTH // 8 - 1, 16) == [WORTH // 8 - 1]


def test_work_for_two_is_two_slices_after_an_empty_one_that_compiles(slices):
    assert slices(2 * WORTH, 1)[0] == 0
    assert sorted(slices(2 * WORTH, 1)) == [0, WORTH, WORTH]
    assert sorted(slices(WORTH // 8, 16)) == [0, WORTH // 16, WORTH // 16]


def test_no_more_slices_than_processors_or_rows(slices):
    assert sorted(slices(30 * WORTH, 1)) == [0, 10 * WORTH, 10 * WORTH, 10 * WORTH]
    assert sorted(slices(2, 8 * WORTH)) == [0, 1, 1]
    assert slices(1, 8 * WORTH) == [1]


@pytest.mark.parametrize("shape", [(3 * WORTH,), (3, WORTH)])
def test_scaling_reaches_every_entry(shape):
    x, weights = np.ones(shape), np.arange(1.0, shape[0] + 1)
    threads.scale(x, weights)
    assert (x == weights.reshape(-1, *(1,) * (len(shape) - 1))).all()
