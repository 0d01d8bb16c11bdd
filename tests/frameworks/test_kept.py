"""Compiled loops are kept on disk: the next process loads them, and they give the same bits."""

import os
import subprocess
import sys

import pytest

from tests.reference.fixtures import ALL

pytest.importorskip("numba")
PROGRAM = """
import hashlib, sys, numpy as np, lossutils as lu
from dataclasses import dataclass
import lossutils.frameworks.compiled
compiled = "lossutils.frameworks.compiled."
elementwise, rows = sys.modules[compiled + "elementwise"], sys.modules[compiled + "rows"]

@dataclass(frozen=True)
class Own(lu.Huber):
    kernel = "elementwise"

f = np.linspace(-9, 9, 1000, dtype=np.float32)
found = [*lu.Huber(2.0).value_and_gradient(f[::-1].copy(), f), lu.Hinge()(np.sign(f), f), Own()(f, -f)]
loops = [elementwise._loop(lu.Huber(2.0), ("value", "gradient")), elementwise._loop(lu.Hinge(), ("value",))]
if "rows" in sys.argv:
    found.append(lu.SoftmaxCrossEntropy()(np.zeros(100, int), f.reshape(100, 10)))
    loops.append(rows._one_class)
hits = [sum(loop.stats.cache_hits.values()) for loop in loops]
print(min(hits), max(hits), hashlib.sha256(b"".join(x.tobytes() for x in found)).hexdigest())
"""


def run(folder):
    """The fewest and the most loops that were loaded, and a digest of the results."""
    own = os.environ | {"LOSSUTILS_CACHE": str(folder), "LOSSUTILS_COMPILED": "always"}
    command = [sys.executable, "-c", PROGRAM, *(["rows"] if ALL else [])]
    done = subprocess.run(command, capture_output=True, text=True, env=own)
    assert not done.returncode, done.stderr
    return done.stdout.split()


def test_loops_are_loaded_and_give_the_same(tmp_path):
    cold = run(tmp_path)
    kept = sorted(tmp_path.rglob("*.nbc"))
    assert cold[:2] == ["0", "0"] and len(kept) == 2 + ALL  # and none for a class of one's own
    warm = run(tmp_path)
    assert warm == ["1", "1", cold[2]]
    kept[0].write_bytes(kept[0].read_bytes()[:100])  # as after a full disk
    assert run(tmp_path) == ["0", "1", cold[2]]
    assert run("never") == cold


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path):
    (tmp_path / "file").write_text("")
    assert run(tmp_path / "file")[:2] == ["0", "0"]
