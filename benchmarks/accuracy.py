"""How many units in the last place each loss is off, on three frameworks, beside what those frameworks offer.

`python -m benchmarks.accuracy` measures every loss at the points of `tests/reference/grid` and at 100,000 random ones
of each kind of `tests/reference/draws`, against ball arithmetic, and writes accuracy.json and accuracy.md here.
Errors are rounded up. `python -m benchmarks.accuracy Huber Focal` measures only those, and writes nothing. A test holds
the file to the bounds of `tests/reference/bounds`.
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
from tests.reference import draws, graded
from tests.reference.exact import FORMATS, TERMS, VARIANTS, arb, exact, ulps
from tests.reference.grid import points

from .peers import ADAPTERS, PEERS, array, installed, read

HERE = Path(__file__).parent
MEASURED = ("value", "gradient", "terms")
CORNERED = lu.AbsoluteError | lu.Pinball | lu.EpsilonInsensitive | lu.Perceptron | lu.Hinge
RANDOM = 10_000  # points of each kind
ALL = ["float32", "float64", "float16", "bfloat16"]


@dataclass
class Errors:
    """The largest errors at some points, and how many results were wrongly zero, infinite or NaN."""

    value: float = 0.0
    gradient: float = 0.0
    terms: float = 0.0  # of the gradient, in ulps of its terms' size where the loss has that scale
    wrong: int = 0
    flushed: int = 0  # results off by no more than a few of the smallest normal number, on TensorFlow

    def add(self, which, found, true, scale, dtype, flushes):
        """Take one result into account."""
        error = ulps(found, true, true, dtype)
        if flushes and error > 1 and math.isfinite(found) and abs(arb(found) - true) < 16 * FORMATS[dtype].tiny:
            self.flushed += 1
            return
        of_terms = error if scale is None else ulps(found, true, scale, dtype)
        if not math.isfinite(error) or (found == 0 and abs(true) > FORMATS[dtype].tiny and of_terms > 1e3):
            self.wrong += 1
            return
        setattr(self, which, max(getattr(self, which), error))
        if which == "gradient":
            self.terms = max(self.terms, of_terms)

    def take(self, other):
        """The worse of the two, entry by entry."""
        for name, x in vars(other).items():
            setattr(
                self, name, getattr(self, name) + x if name in ("wrong", "flushed") else max(getattr(self, name), x)
            )


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
        for v, g, (_, at, (true, slope, sizes)) in zip(value, gradient, batch, strict=True):
            if flushes and np.any((np.abs(at) < float(FORMATS[dtype].tiny)) & (at != 0)):
                errors.flushed += 1  # a subnormal score counts as zero
                continue
            errors.add("value", v, true, None, dtype, flushes)
            for found, exact_, scale in zip(np.atleast_1d(g), slope, sizes, strict=True):
                if not (exact_.is_zero() and abs(found) <= slack):
                    errors.add("gradient", found, exact_, scale, dtype, flushes)
    return errors


def random_truths(loss, dtype):
    """Batches of random points, with exact values, gradients and sizes; of the types that are promised in ulps."""
    if dtype not in ("float32", "float64"):
        return []
    return [(y, f, graded.truths(loss, y, f)) for y, f in draws.batches(loss, dtype, RANDOM)]


def measure_random(compute, drawn, framework, dtype, flushes):
    """The errors of a function, as `measure` takes it, at random points."""
    errors, flushes = Errors(), flushes and framework == "tensorflow"
    for y, f, (values, gradients, sizes) in drawn:
        value, gradient = (read(r) for r in compute(y, array(framework, f, dtype)))
        found = Errors(
            value=float(graded.errors(value, values, dtype, None, flushes).max()),
            gradient=float(graded.errors(gradient.reshape(sizes.shape), gradients, dtype, None, flushes).max()),
            terms=float(graded.errors(gradient.reshape(sizes.shape), gradients, dtype, sizes, flushes).max()),
        )
        errors.take(found)
    return errors


def ours(loss, framework, compiled, by_numpy):
    """The loss as a function to measure, one of the ways in which it is computed."""

    both = loss.value_and_gradient
    if framework == "tensorflow" and not by_numpy:
        import tensorflow as tf

        both = tf.function(both, reduce_retracing=True)  # a graph, which is rewritten before it runs

    def compute(y, f):
        with settings.use_core(compiled), settings.use_numpy(by_numpy):
            return both(array(framework, y, None if y.dtype.kind == "i" else "float64"), f)

    return compute


def ways(framework, dtype):
    """The arguments of `ours`: by NumPy, by the compiled core, by PyTorch's own operations or TensorFlow's graphs."""
    compiled = [("always", True)] if framework == "numpy" and dtype == "float32" else []
    by_numpy = [("never", True)] * ((framework, dtype) != ("tensorflow", "bfloat16"))
    return by_numpy + compiled + [("never", False)] * (framework != "numpy")


def measured(loss):
    """The errors of one loss and of its peers, by framework and type; and at how many random points of each kind."""
    row = {"random": RANDOM, "ours": {}, "peers": {}}
    slack = loss.lipschitz if isinstance(loss, CORNERED) else 0.0
    for dtype in ALL:
        known, drawn = truths(loss, dtype), random_truths(loss, dtype)
        for framework in ("numpy", "torch", "tensorflow"):
            if framework == "numpy" and dtype == "bfloat16":
                continue
            worst = Errors()
            for way in ways(framework, dtype):
                compute = ours(loss, framework, *way)
                worst.take(measure(compute, known, framework, dtype, flushes=not way[1]))
                worst.take(measure_random(compute, drawn, framework, dtype, flushes=not way[1]))
            row["ours"][f"{framework} {dtype}"] = vars(worst)
        if dtype in ("float32", "float64"):
            for name, (framework, function) in PEERS.get(repr(loss), {}).items():
                if installed(framework):
                    compute = ADAPTERS[framework](function)
                    row["peers"][f"{name} {dtype}"] = vars(measure(compute, known, framework, dtype, slack))
    return row


def main(only):
    """Measure, print, and, if everything was measured, write."""
    table = {}
    for loss in lu.losses() + VARIANTS:
        if not only or type(loss).__name__ in only:
            table[repr(loss)] = measured(loss)
            print(line(repr(loss), table[repr(loss)]), flush=True)
    if not only:
        write(table)


def write(table):
    """Both files."""
    (HERE / "accuracy.json").write_text(json.dumps(rounded(table), indent=1) + "\n")
    (HERE / "accuracy.md").write_text(markdown(rounded(table)))


def rounded(table):
    """The same with errors as they are printed: rounded up to whole units, or to a power of ten."""

    def up(x):
        return math.ceil(x) if x <= 20 else 10 ** math.ceil(math.log10(x))

    return {
        loss: {"random": row["random"]}
        | {
            side: {k: {n: up(v) if n in MEASURED else v for n, v in e.items()} for k, e in row[side].items()}
            for side in ("ours", "peers")
        }
        for loss, row in table.items()
    }


def line(name, row):
    """One loss, for the terminal."""
    parts = [f"{k} {e['value']:.2f}/{e['gradient']:.2f}/{e['terms']:.2f}" + f" wrong {e['wrong']}" * (e["wrong"] > 0)
             for side in (row["ours"], row["peers"]) for k, e in side.items()]  # fmt: skip
    return f"{name}\n    " + "\n    ".join(parts)


def number(x):
    """An error as it is printed."""
    return str(x) if x <= 20 else f"1e{round(math.log10(x))}"


def cell(errors, second=False):
    """value / gradient, and the results that are wrong altogether; no gradient where it has a scale of its own."""
    text = f"{number(errors['value'])} / {'†' if second else number(errors['gradient'])}"
    return text + f", {errors['wrong']} wrong" * (errors["wrong"] > 0)


def name(loss):
    """A loss in the table: its parameters, where they are not the defaults, may stand on a line of their own."""
    kind, _, parameters = loss.rstrip(")").partition("(")
    return f"`{kind}`" if loss in map(repr, lu.losses()) else f"`{kind}` `{parameters}`"


COLUMNS = [f"{f} {d}" for f in ("numpy", "torch", "tensorflow") for d in ("float32", "float64")]
HEADS = ["NumPy float32", "float64", "PyTorch float32", "float64", "TensorFlow float32", "float64"]


def markdown(table):
    """The tables of the book."""
    second = {loss: TERMS[kind] for loss in table for kind in TERMS if loss.startswith(kind.__name__ + "(")}
    least = min(row["random"] for row in table.values())
    points = f"on the grid and at {least:,} random points of each kind".replace(",", " ")
    out = [f"Largest error in ulps of the exact result, value / gradient, {points}, rounded up; † in the next table.\n"]
    out += ["| loss | " + " | ".join(HEADS) + " | half types |", "|---" * (len(COLUMNS) + 2) + "|"]
    for loss, row in table.items():
        halves = [e for k, e in row["ours"].items() if "float16" in k]
        worst = {n: max(e[n] for e in halves) for n in (*MEASURED, "wrong")}
        cells = [cell(row["ours"][c], loss in second) for c in COLUMNS] + [cell(worst, loss in second)]
        out.append(f"| {name(loss)} | " + " | ".join(cells) + " |")
    out += [
        "\nGradients that need not be right where they are small: error in ulps of the gradient / of its terms' size.\n"
    ]
    out += ["| gradient of | " + " | ".join(HEADS) + " | why |", "|---" * (len(COLUMNS) + 2) + "|"]
    for loss, why in second.items():
        found = [table[loss]["ours"][c] for c in COLUMNS]
        cells = [f"{number(e['gradient'])} / {number(e['terms'])}" for e in found]
        out.append(f"| {name(loss)} | " + " | ".join(cells) + f" | {why} |")
    out += ["\nThe frameworks' own, on the grid, in ulps of the exact results.\n"]
    out += ["| the frameworks' own | float32 | float64 |", "|---|---|---|"]
    for loss, row in table.items():
        for peer in dict.fromkeys(k.rsplit(" ", 1)[0] for k in row["peers"]):
            cells = [cell(row["peers"][f"{peer} {d}"]) for d in ("float32", "float64")]
            out.append(f"| {name(loss)}: {peer} | " + " | ".join(cells) + " |")
    return "\n".join(out) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
