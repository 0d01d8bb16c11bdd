"""How many units in the last place each loss is off, on three frameworks, beside what those frameworks offer.

`python -m benchmarks.accuracy` measures every loss at the points of `grid` against ball arithmetic of 2400 bits, and
writes accuracy.json and accuracy.md beside itself. Errors are rounded up, so that the table is the same on other
machines. `python -m benchmarks.accuracy Huber Focal` measures only those, and writes nothing.
"""

import json
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

import lossutils as lu
from lossutils.frameworks import settings
from tests.reference.exact import FORMATS, VARIANTS, arb, exact, ulps
from tests.reference.grid import points

from .peers import ADAPTERS, PEERS, array, installed, read

HERE = Path(__file__).parent
CORNERED = lu.AbsoluteError | lu.Pinball | lu.EpsilonInsensitive | lu.Perceptron | lu.Hinge
ALL = ["float32", "float64", "float16", "bfloat16"]


@dataclass
class Errors:
    """The largest errors over a grid, and how many results were wrongly zero, infinite or NaN."""

    value: float = 0.0
    gradient: float = 0.0
    wrong: int = 0
    flushed: int = 0  # results off by no more than a few of the smallest normal number, on TensorFlow

    def add(self, which, found, true, scale, dtype, flushes):
        """Take one result into account."""
        error = ulps(found, true, scale, dtype)
        if flushes and error > 1 and math.isfinite(found) and abs(arb(found) - true) < 16 * FORMATS[dtype].tiny:
            self.flushed += 1
            return
        if not math.isfinite(error) or (found == 0 and abs(true) > FORMATS[dtype].tiny and error > 1e3):
            self.wrong += 1
        else:
            setattr(self, which, max(getattr(self, which), error))


def truths(loss, dtype):
    """The grid of a loss, each point with the exact value, gradient and their scales."""
    return [(y, f, exact(loss, y, f)) for y, f in points(loss, dtype)]


def grouped(known):
    """Points of one shape together: a batch each."""
    batches = {}
    for y, f, truth in known:
        batches.setdefault((np.shape(y), np.shape(f)), []).append((y, f, truth))
    return batches.values()


def measure(compute, known, framework, dtype, slack=0.0, flushes=True):
    """The errors of a function of arrays of targets and predictions that returns value and gradient.

    At a corner, where this package's subgradient is 0, any other of a size up to `slack` counts as right. TensorFlow's
    own operations flush subnormal numbers.
    """
    flushes = flushes and framework == "tensorflow"
    errors = Errors()
    for batch in grouped(known):
        y = np.stack([b[0] for b in batch])
        f = np.stack([b[1] for b in batch])
        value, gradient = (read(r) for r in compute(y, array(framework, f, dtype)))
        for v, g, (_, at, (true, slope, v_scale, g_scale)) in zip(value, gradient, batch, strict=True):
            if flushes and np.any((np.abs(at) < float(FORMATS[dtype].tiny)) & (at != 0)):
                errors.flushed += 1  # a subnormal score counts as zero
                continue
            errors.add("value", v, true, v_scale, dtype, flushes)
            for found, exact_, scale in zip(np.atleast_1d(g), slope, g_scale, strict=True):
                if not (exact_.is_zero() and abs(found) <= slack):
                    errors.add("gradient", found, exact_, scale, dtype, flushes)
    return errors


def ours(loss, framework, compiled, by_numpy):
    """The loss as a function to measure, one of the ways in which it is computed."""

    def compute(y, f):
        with settings.use_core(compiled), settings.use_numpy(by_numpy):
            return loss.value_and_gradient(array(framework, y, None if y.dtype.kind == "i" else "float64"), f)

    return compute


def ways(framework, dtype):
    """The arguments of `ours` for all of them: compiled, by NumPy, and by the framework's own operations."""
    compiled = [("always", True)] if framework == "numpy" and dtype == "float32" else []
    by_numpy = [("never", True)] * ((framework, dtype) != ("tensorflow", "bfloat16"))
    return by_numpy + compiled + [("never", False)] * (framework != "numpy")


def main(only):
    """Measure, print, and, if everything was measured, write."""
    table = {}
    for loss in lu.losses() + VARIANTS:
        if only and type(loss).__name__ not in only:
            continue
        row = table[repr(loss)] = {"ours": {}, "peers": {}}
        slack = loss.lipschitz if isinstance(loss, CORNERED) else 0.0
        for dtype in ALL:
            known = truths(loss, dtype)
            for framework in ("numpy", "torch", "tensorflow"):
                if framework != "numpy" or dtype != "bfloat16":
                    found = [measure(ours(loss, framework, *way), known, framework, dtype, flushes=not way[1])
                             for way in ways(framework, dtype)]  # fmt: skip
                    row["ours"][f"{framework} {dtype}"] = {k: max(vars(e)[k] for e in found) for k in vars(found[0])}
            if dtype in ("float32", "float64"):
                for name, (framework, function) in PEERS.get(repr(loss), {}).items():
                    if installed(framework):
                        compute = ADAPTERS[framework](function)
                        row["peers"][f"{name} {dtype}"] = vars(measure(compute, known, framework, dtype, slack))
        print(line(repr(loss), row), flush=True)
    if not only:
        (HERE / "accuracy.json").write_text(json.dumps(rounded(table), indent=1) + "\n")
        (HERE / "accuracy.md").write_text(markdown(rounded(table)))


def rounded(table):
    """The same with errors as they are printed: rounded up to whole units, or to a power of ten."""

    def up(x):
        return math.ceil(x) if x <= 20 else 10 ** math.ceil(math.log10(x))

    return {
        loss: {
            side: {k: {n: up(v) if n in ("value", "gradient") else v for n, v in e.items()} for k, e in cells.items()}
            for side, cells in row.items()
        }
        for loss, row in table.items()
    }


def line(name, row):
    """One loss, for the terminal."""
    parts = [f"{k} {e['value']:.2f}/{e['gradient']:.2f}" + f" wrong {e['wrong']}" * (e["wrong"] > 0)
             for side in row.values() for k, e in side.items()]  # fmt: skip
    return f"{name}\n    " + "\n    ".join(parts)


def cell(errors):
    """value / gradient, and the results that are wrong altogether."""
    text = " / ".join(str(x) if x <= 20 else f"1e{round(math.log10(x))}" for x in (errors["value"], errors["gradient"]))
    return text + f", {errors['wrong']} wrong" * (errors["wrong"] > 0)


def name(loss):
    """A loss in the table: its parameters, where they are not the defaults, may stand on a line of their own."""
    kind, _, parameters = loss.rstrip(")").partition("(")
    return f"`{kind}`" if loss in map(repr, lu.losses()) else f"`{kind}` `{parameters}`"


def markdown(table):
    """The tables of the book."""
    columns = [f"{f} {d}" for f in ("numpy", "torch", "tensorflow") for d in ("float32", "float64")]
    out = ["Largest error in units in the last place, value / gradient, rounded up.\n"]
    heads = ["NumPy float32", "float64", "PyTorch float32", "float64", "TensorFlow float32", "float64"]
    out += ["| loss | " + " | ".join(heads) + " | half types |", "|---" * (len(columns) + 2) + "|"]
    for loss, row in table.items():
        halves = [e for k, e in row["ours"].items() if "float16" in k]
        worst = {n: max(e[n] for e in halves) for n in ("value", "gradient", "wrong")}
        out.append(f"| {name(loss)} | " + " | ".join(cell(row["ours"][c]) for c in columns) + f" | {cell(worst)} |")
    out += ["\n| the frameworks' own | float32 | float64 |", "|---|---|---|"]
    for loss, row in table.items():
        for peer in dict.fromkeys(k.rsplit(" ", 1)[0] for k in row["peers"]):
            cells = [cell(row["peers"][f"{peer} {d}"]) for d in ("float32", "float64")]
            out.append(f"| {name(loss)}: {peer} | " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
