"""Softmax cross-entropy of one class, or of several positives, row by row.

A row whose logits are all within 80 of the largest is *near*: its shares are computed in float32, the roundings of the
differences carried along. Any other row, with infinities, NaN or shares that underflow, is computed in float64. The
largest's share is left out of the sum of the others: `rest`.

The equations are those of `lossutils.losses.shares`. With M the largest logit and R the rest, a class with logit s has
the share e^(s - M) / (1 + R), the largest lacks R / (1 + R) of 1, and minus the share's logarithm is
(M - s) + log(1 + R).
"""

from __future__ import annotations

import numpy as np

from ..protocol import Formulas
from .bits import greater, of_rank, rank, smaller
from .jit import fast_loop, inlined_as_written, summing_loop
from .kept import keep
from .mathematics import exp, log1p, near_share, share
from .threads import in_threads

_WIDE = 64  # classes from which a row is worth a loop of its own
_CHUNK = 2048  # numbers at a time: 8 kB, in the nearest cache
_MANY = 32  # one positive in so many is worth computing every slope as if it were one
_FEW = 32  # entries of a mask that are looked at together for a positive
_NEAR = np.float32(80.0)  # exp(-80) times a share is not yet subnormal in float32


@fast_loop
def _bounds(s: np.ndarray) -> tuple[float, np.bool_]:
    """The largest number, and whether all are near it; neither if there is a NaN."""
    high, low = rank(s[0]), rank(s[0])
    for j in range(s.size):
        high, low = greater(high, rank(s[j])), smaller(low, rank(s[j]))
    top = of_rank(high)
    return top, top - of_rank(low) <= _NEAR


@fast_loop
def _terms(s: np.ndarray, top: float, out: np.ndarray) -> None:
    for j in range(s.size):
        out[j] = near_share(s[j], top)


@fast_loop
def _terms_of_rows(s: np.ndarray, tops: np.ndarray, out: np.ndarray) -> None:
    for j in range(s.size):
        out[j] = near_share(s[j], tops[j])


@summing_loop
def _sums(shares: np.ndarray) -> tuple[float, float]:
    """The sum of the shares below 1, and the number of those that are 1."""
    total, ones = 0.0, 0.0
    for j in range(shares.size):
        x = np.float64(shares[j])
        total += x if x < 1.0 else 0.0
        ones += 0.0 if x < 1.0 else 1.0
    return total, ones


@summing_loop
def _exact_rest(s: np.ndarray, top: float) -> float:
    """The rest of a row in float64; NaN if the row holds one, or infinities that leave no answer."""
    total, tied = 0.0, 0.0
    for j in range(s.size):
        x = np.float64(s[j])
        total += 0.0 if x == top else exp(x - top)
        tied += 1.0 if x == top else 0.0
    return np.nan if tied < 1 or (abs(top) == np.inf and tied > 1) else total + (tied - 1.0)


@fast_loop
def _near_rest(s: np.ndarray, top: float, shares: np.ndarray) -> float:
    """The rest of a near row; its shares are left in `shares`, as far as they fit."""
    total, ones, whole = 0.0, 0.0, shares.size >= s.size
    for start in range(0, s.size, _CHUNK):
        size = min(_CHUNK, s.size - start)
        part = shares[start : start + size] if whole else shares[:size]
        _terms(s[start : start + size], top, part)
        more = _sums(part)
        total, ones = total + more[0], ones + more[1]
    return total + (ones - 1.0)


@fast_loop
def _rests(
    s: np.ndarray, k: int, tops: np.ndarray, near: np.ndarray, rests: np.ndarray, each: np.ndarray, shares: np.ndarray
) -> None:
    """Of each row of a block: the largest logit, whether it is near, its rest, and the shares of near ones."""
    for i in range(tops.size):
        row = s[i * k : i * k + k]
        tops[i], near[i] = _bounds(row)
        if k < _WIDE:
            each[i * k : i * k + k] = tops[i]
        elif near[i]:
            rests[i] = _near_rest(row, tops[i], shares[i * k : i * k + k] if shares.size >= s.size else shares)
    if k < _WIDE:
        _terms_of_rows(s, each, shares)
    for i in range(tops.size):
        if not near[i]:
            rests[i] = _exact_rest(s[i * k : i * k + k], np.float64(tops[i]))
        elif k < _WIDE:
            total, ones = _sums(shares[i * k : i * k + k])
            rests[i] = total + (ones - 1.0)


@fast_loop
def _probabilities(s: np.ndarray, top: float, near: bool, rest: float, weight: float, out: np.ndarray) -> None:
    """The probabilities of a row times a weight, in place of its shares if it is near."""
    factor = weight / (1.0 + rest)
    if near:
        for j in range(s.size):
            out[j] = np.float64(out[j]) * factor
    else:
        for j in range(s.size):
            x = np.float64(s[j])
            out[j] = (1.0 if x == top else share(x - top)) * factor


@fast_loop
def _values(gaps: np.ndarray, weights: np.ndarray, rests: np.ndarray, out: np.ndarray) -> None:
    """(M - s) + log(1 + R), or sums of it: each loss from its gap, its number of positives and its rest."""
    for i in range(out.size):
        out[i] = gaps[i] + weights[i] * log1p(rests[i])


@fast_loop
def _one_class(
    y: np.ndarray, k: int, s: np.ndarray, value: np.ndarray, gradient: np.ndarray, with_gradient: bool
) -> int:
    """Cross-entropy of the classes named in `y`: whether a name is none of them."""
    step = max(1, _CHUNK // k)
    tops, near, rests, gaps = np.empty(step, np.float32), np.empty(step, np.bool_), np.empty(step), np.empty(step)
    each, buffer, ones = np.empty(step * k if k < _WIDE else 0, np.float32), np.empty(_CHUNK, np.float32), np.ones(step)
    for start in range(0, y.size, step):
        rows = min(step, y.size - start)
        block = s[start * k : (start + rows) * k]
        shares = gradient[start * k : (start + rows) * k] if with_gradient else buffer[: min(block.size, buffer.size)]
        _rests(block, k, tops[:rows], near, rests, each[: block.size], shares)
        for i in range(rows):
            own = y[start + i]
            if not 0 <= own < k:
                return 1
            right = block[i * k + own]
            gaps[i] = 0.0 if right == tops[i] else np.float64(tops[i]) - np.float64(right)
            if with_gradient:
                slopes = shares[i * k : i * k + k]
                _probabilities(block[i * k : i * k + k], tops[i], near[i], rests[i], 1.0, slopes)
                slopes[own] = -rests[i] / (1.0 + rests[i]) if right == tops[i] else slopes[own] - 1.0
        _values(gaps[:rows], ones, rests, value[start : start + rows])
    return 0


@summing_loop
def _content(mask: np.ndarray) -> tuple[float, float]:
    """The sum of part of a mask, and how many of its entries are neither 0 nor 1."""
    zero, one = mask.dtype.type(0), mask.dtype.type(1)  # of one width, so that several fit in a register
    total, bad = zero, zero
    for j in range(mask.size):
        total += mask[j]
        bad += zero if mask[j] == zero or mask[j] == one else one
    return total, bad


@fast_loop
def _positives(mask: np.ndarray, where: np.ndarray) -> tuple[int, int]:
    """How many positives there are, and whether an entry is neither 0 nor 1; `where` gets the first places."""
    count, bad = 0, 0
    for start in range(0, mask.size, _FEW):
        stop = min(start + _FEW, mask.size)
        total, more = _content(mask[start:stop])
        bad += 0 if more == 0 else 1
        if total > 0:
            for j in range(start, stop):
                if mask[j] == 1:
                    if count < where.size:
                        where[count] = j
                    count += 1
    return count, bad


@inlined_as_written
def _pull(x: float, top: float, rest: float, count: int) -> float:
    """The slope of a positive, summed over all of them: no cancellation where this one has nearly all."""
    p = (1.0 if x == top else exp(x - top)) / (1.0 + rest)
    return (count - 1.0) * p - (rest / (1.0 + rest) if x == top else 1.0 - p)


@fast_loop
def _slopes(
    mask: np.ndarray,
    where: np.ndarray,
    s: np.ndarray,
    top: float,
    near: bool,
    rest: float,
    count: int,
    weight: float,
    out: np.ndarray,
) -> None:
    """The gradient of a row with several positives; `out` holds its shares if it is near."""
    if count < where.size:
        _probabilities(s, top, near, rest, weight * count, out)
        for i in range(count):
            out[where[i]] = weight * _pull(np.float64(s[where[i]]), top, rest, count)
    else:  # in one pass without branches
        rest = _exact_rest(s, np.float64(top))  # the slopes of many positives nearly cancel
        for j in range(s.size):
            x = np.float64(s[j])
            p = (1.0 if x == top else exp(x - top)) / (1.0 + rest)
            out[j] = weight * (_pull(x, top, rest, count) if mask[j] != 0 else count * p)


@summing_loop
def _gaps(mask: np.ndarray, where: np.ndarray, s: np.ndarray, count: int, top: float) -> float:
    """The sum of the positives' distances from the largest logit."""
    total = 0.0
    if count < where.size:
        for i in range(count):
            x = np.float64(s[where[i]])
            total += top - x if x != top else 0.0
    else:
        for j in range(s.size):
            x = np.float64(s[j])
            total += top - x if mask[j] != 0 and x != top else 0.0
    return total


@fast_loop
def _several_classes(
    y: np.ndarray, k: int, s: np.ndarray, value: np.ndarray, gradient: np.ndarray, with_gradient: bool, average: bool
) -> int:
    """Cross-entropy of the classes that are 1 in `y`, their mean or their sum: whether one is neither 0 nor 1."""
    step = max(1, _CHUNK // k)
    tops, near, rests = np.empty(step, np.float32), np.empty(step, np.bool_), np.empty(step)
    gaps, weights, where = np.empty(step), np.empty(step), np.empty(k // _MANY + 1, np.int64)
    each, buffer = np.empty(step * k if k < _WIDE else 0, np.float32), np.empty(_CHUNK, np.float32)
    for start in range(0, value.size, step):
        rows = min(step, value.size - start)
        block, masks = s[start * k : (start + rows) * k], y[start * k : (start + rows) * k]
        shares = gradient[start * k : (start + rows) * k] if with_gradient else buffer[: min(block.size, buffer.size)]
        _rests(block, k, tops[:rows], near, rests, each[: block.size], shares)
        for i in range(rows):
            row, mask = block[i * k : i * k + k], masks[i * k : i * k + k]
            count, bad = _positives(mask, where)
            if bad or (average and count == 0):
                return 1
            weight = 1.0 / count if average else 1.0
            gaps[i], weights[i] = weight * _gaps(mask, where, row, count, np.float64(tops[i])), weight * count
            if with_gradient:
                _slopes(mask, where, row, tops[i], near[i], rests[i], count, weight, shares[i * k : i * k + k])
        _values(gaps[:rows], weights, rests, value[start : start + rows])
    return 0


keep(_one_class, "one class")
keep(_several_classes, "several classes")


def one_class(loss: Formulas, wants: tuple[str, ...], y: np.ndarray, s: np.ndarray) -> list[np.ndarray] | None:
    """Softmax cross-entropy of class numbers, for float32 logits; None if a number names no class."""
    k, wanted = s.shape[-1], "gradient" in wants
    value, gradient = _room(s, wanted)

    def loop(y: np.ndarray, s: np.ndarray, value: np.ndarray, gradient: np.ndarray) -> int:
        return _one_class(y, k, s.ravel(), value, gradient.ravel(), wanted)

    bad = in_threads(loop, k, y.ravel(), s.reshape(-1, k), value.ravel(), gradient.reshape(value.size, -1))
    return None if bad else [value if want == "value" else gradient for want in wants]


def several_classes(loss: Formulas, wants: tuple[str, ...], y: np.ndarray, s: np.ndarray) -> list[np.ndarray] | None:
    """Softmax cross-entropy of masks of positives, their mean or sum; None if a mask has none where a mean is asked."""
    k, wanted, average = s.shape[-1], "gradient" in wants, bool(vars(loss)["average"])
    value, gradient = _room(s, wanted)

    def loop(y: np.ndarray, s: np.ndarray, value: np.ndarray, gradient: np.ndarray) -> int:
        return _several_classes(y.ravel(), k, s.ravel(), value, gradient.ravel(), wanted, average)

    bad = in_threads(loop, k, y.reshape(-1, k), s.reshape(-1, k), value.ravel(), gradient.reshape(value.size, -1))
    return None if bad else [value if want == "value" else gradient for want in wants]


def _room(s: np.ndarray, with_gradient: bool) -> tuple[np.ndarray, np.ndarray]:
    """Room for the values of rows, and for their gradient if it is wanted."""
    rows = s.shape[:-1]
    return np.empty(rows, s.dtype), np.empty(s.shape if with_gradient else (*rows, 0), s.dtype)
