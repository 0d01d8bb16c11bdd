"""The points at which accuracy is measured: the same in every run, and hard on purpose."""

import math

import numpy as np

import lossutils as lu
from lossutils.frameworks.domains import NONNEGATIVE, POSITIVE, UNIT

SIZES = [1e-30, 1e-8, 1e-3, 0.1, 0.5, 1, 1.5, 3, 5, 10, 17, 20.1, 36, 37.5, 40, 88, 89.5, 103, 104, 350]
FAR = [500, 700, 709.5, 720, 745, 1000, 1e4, 1e10, 1e30]
GAPS = [0, 1e-8, 0.5, 1, 3, 6, 10, 16, 17, 20, 25, 36, 37, 40, 60, 80, 88, 100, 104, 200, 500, 700, 740, 800, 1000]
TINIEST = {
    "float16": [2.0**-24, 2.0**-14],
    "bfloat16": [2.0**-133, 2.0**-126],
    "float32": [2.0**-149, 2.0**-126],
    "float64": [2.0**-1074, 2.0**-1022],
}
LOG_COUNTS = lu.SampledSoftmax | lu.NoiseContrastive
OFFSETS = [0.0, 1e-8, -1e-8, 0.1, -0.1, 1.0, -1.0, 2.5, -30.0]


def rounded(x, dtype):
    """Numbers of the dtype, in float64."""
    x = np.asarray(x, np.float64)
    if dtype == "bfloat16":
        bits = x.astype(np.float32).view(np.uint32)
        return (bits & np.uint32(0xFFFF0000)).view(np.float32).astype(np.float64)
    with np.errstate(over="ignore"):
        return x.astype(dtype).astype(np.float64)


def scores(dtype):
    """Zero, and numbers of both signs from subnormal to 1e30."""
    sizes = rounded(TINIEST[dtype] + SIZES + FAR, dtype)
    sizes = sizes[np.isfinite(sizes) & (sizes > 0)]
    return [0.0, *sizes, *-sizes]


def targets(loss, f):
    """Targets to set against one score."""
    if hasattr(loss.domain, "values"):
        return list(loss.domain.values)
    if loss.domain == UNIT:
        return [0.0, 1.0, 0.5, 0.25, 2.0**-20]
    if loss.domain in (NONNEGATIVE, POSITIVE):
        own = [1.0, 0.25, 7.0, 1e-8, 1e6]
        return own if loss.domain == POSITIVE else [0.0, *own]
    return [f + offset for offset in OFFSETS] + [0.0, 1e6]


def rows(dtype):
    """Rows of scores: gaps of every size at every place, ties, one class, many, masked classes."""
    made = [[0.0], [5.0], [2.0, 0.0, -math.inf], [-math.inf, 1.0, 1.0, 0.3]]
    for gap in GAPS:
        made += [[gap, 0.0, 0.0], [0.0, gap], [gap / 2, -gap / 2, 0.1], [gap + 0.3, 0.7, gap + 0.3, -1.1]]
    made += [[1e30, 1e30, -1e30], [1e-30, 0.0, -1e-30], [1e10, 1e10 - 1, 3.0], [-1000.0, -1001.5, -999.25, -1000.5]]
    made += list(np.random.default_rng(1).normal(0, 4, (20, 7)))
    made.append(np.random.default_rng(2).normal(0, 3, 2000))
    kept = [rounded(row, dtype) for row in made]
    return [row for row in kept if np.isfinite(row[row != -np.inf]).all()]


def row_targets(loss, row):
    """Targets to set against one row; a masked class (a score of minus infinity) is never right."""
    k, alive = len(row), np.flatnonzero(row > -np.inf)
    chosen = alive[:3] if k < 100 else alive[[0, int(np.argmax(row)), -1]]
    if isinstance(loss, lu.PairwiseLogistic):
        half = np.arange(k) % 2 == 0
        return [mask.astype(float) for mask in (half, ~half) if k > 1 and k < 100]
    if isinstance(loss, lu.CrammerSinger):
        return list(chosen) if k > 1 else []
    if loss.takes_labels:
        smooth = isinstance(loss, lu.SoftmaxCrossEntropy) and loss.label_smoothing
        return [] if smooth and len(alive) < k else list(chosen)
    if isinstance(loss, LOG_COUNTS):
        counts = np.linspace(-3.0, 2.0, k)
        return [counts] if row[0] > -np.inf else []
    first, all_, last = np.zeros(k), np.zeros(k), np.zeros(k)
    first[alive[:2]], all_[alive], last[alive[-1]] = 1, 1, 1
    if isinstance(loss, lu.KullbackLeibler):
        thirds = np.zeros(k)
        thirds[alive[:3]] = [0.5, 0.25, 0.25][: len(alive)]
        return [first / first.sum(), last] + [thirds] * (len(alive) > 2)
    return [first, last] + [all_] * (k < 100)


def pairs(dtype):
    """Numbers, and two that are predicted for each: scales from e^-40 to e^40, and numbers on them, near and far."""
    seconds = rounded([-40.0, -3.0, -1e-8, 0.0, 0.5, 1.0, 7.0, 40.0], dtype)
    made = [(m + offset, [m, b]) for m in (0.0, -1.5, 100.0) for b in seconds for offset in [*OFFSETS, b, 1e6]]
    return [(float(rounded(y, dtype)), rounded(f, dtype)) for y, f in made]


def points(loss, dtype):
    """Pairs of a target and a prediction, both numbers of the dtype."""
    if loss.columns:
        return pairs(dtype)
    if loss.row_axes:
        made = [(y, row) for row in rows(dtype) for y in row_targets(loss, row)]
    else:
        made = [(y, f) for f in scores(dtype) for y in targets(loss, f)]
    return [(y if np.asarray(y).dtype.kind == "i" else rounded(y, dtype), f) for y, f in made if _fits(loss, y, dtype)]


def _fits(loss, y, dtype):
    """Whether a target is still in the loss's domain when rounded to the dtype."""
    if isinstance(loss, LOG_COUNTS) or np.ndim(y):
        return True
    return float(rounded(y, dtype)) in loss.domain
