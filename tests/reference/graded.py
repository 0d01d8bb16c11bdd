"""Many results graded at once: exact values as sums of two float64 numbers, errors in ulps by NumPy."""

import flint
import numpy as np

from .exact import FORMATS, arb, exact

BITS = 400  # enough for what `draws` draws


def in_two(x):
    """A ball as the nearest float64 number and what is left."""
    high = float(x.mid())
    return high, float((x - arb(high)).mid()) if np.isfinite(high) else 0.0


def truths(loss, target, prediction, bits=None):
    """Exact values and gradients, in two parts each, and the sizes that gradients are judged by."""
    if bits is None:
        bits = BITS if getattr(loss, "temperature", 1) == 1 else 4 * BITS  # a temperature stretches the gaps
    found = [exact(loss, y, f, bits) for y, f in zip(target, prediction, strict=True)]
    values = np.array([in_two(value) for value, *_ in found])
    gradients = np.array([[in_two(g) for g in gradient] for _, gradient, _ in found])
    sizes = np.array([[abs(float(c.mid())) for c in size] for *_, size in found])
    return values, gradients, sizes


def errors(found, true, dtype, size=None, flushes=False):
    """Errors in units in the last place of the exact results, or of sizes; infinite where infinity or NaN is wrong.

    What `flushes` subnormal numbers to zero may miss a few of the smallest normal number.
    """
    high, low = true[..., 0], true[..., 1]
    form = FORMATS[dtype]
    _, power = np.frexp(np.abs(high if size is None else size))
    spacing = np.ldexp(1.0, np.maximum(power - 1, form.lowest) - form.fraction)
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs((found - high) - low)
        error = np.where(flushes & (distance < 16 * 2.0**form.lowest), 0.0, distance / spacing)
    return np.where(np.isfinite(found), error, np.where(found == high, 0.0, np.inf))


flint.ctx.prec = BITS
