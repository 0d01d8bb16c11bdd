"""Softmax cross-entropy of logits that are never formed: a linear layer and its loss, in blocks of classes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.protocol import Array
from .parts import Part, below, complement, merged, part, probabilities, stretched

_NUMBERS = 1 << 17  # logits at a time: 1 MB
_ROWS = 256  # of a block, at most


class Target(NamedTuple):
    """The weights of the classes: of those that are named, or of all."""

    named: Array | None  # (N, P): the classes of each row, -1 where there are fewer
    dense: Array | None  # (N, K): the weights of all classes
    share: Array | None  # (N,): the weight of each class that is named


def target_of(y: Array, hidden: Array, classes: int, average: bool) -> Target:
    """A target as weights: labels (N,), positives (N, P) with -1 for none, a mask (N, K), or distributions (N, K)."""
    side, n = side_of(hidden), hidden.shape[0]
    mask = "bool" in side.dtype_name(y)
    y = side.target(y, hidden)  # whole numbers and truth values as int64
    lists = len(y.shape) == 2 and not mask and not side.is_floating(y)
    checks.shape("target", tuple(y.shape), (n,), (n, None if lists else classes), why=f" for {classes} classes")
    if len(y.shape) == 1:
        bad = (y < 0) | (y >= classes) | (y % 1 != 0)
        return Target(side.as_index(_checked(y, bad, f"whole numbers from 0 to {classes - 1}"))[:, None], None, None)
    if lists:
        y = _checked(y, (y < -1) | (y >= classes), f"whole numbers from 0 to {classes - 1}, or -1 for none")
    if not lists and not mask:
        return Target(None, checks.distribution(y), None)
    positive = y >= 0 if lists else y > 0
    _checked(y, ~side.any_in_row(positive), "at least one positive in each row")
    count = side.total(side.in_type_of(_wide(hidden), positive))[..., 0]
    share = 1 / count if average else 0 * count + 1
    return Target(y, None, share) if lists else Target(None, y, share)


def _checked(y: Array, bad: Array, expected: str) -> Array:
    return checks.values("target", y, bad, expected)


class Linear:
    """The products of hidden states and the weights of classes, a block at a time, in float64."""

    def __init__(self, hidden: Array, weight: Array, target: Target) -> None:
        self.hidden, self.weight, self.target, self.side = hidden, weight, target, side_of(hidden)
        self.exact = "64" in self.side.dtype_name(hidden) or "64" in self.side.dtype_name(weight)

    def blocks(self) -> Iterator[tuple[slice, Array, Iterator[tuple[slice, Array, Array]]]]:
        """The classes and their weights; and of each such block the rows, their states and their logits."""
        (n, k), step = (self.hidden.shape[0], self.weight.shape[0]), min(self.hidden.shape[0], _ROWS) or 1
        width = max(1, min(k, _NUMBERS // step))

        def rows(weights: Array) -> Iterator[tuple[slice, Array, Array]]:
            for start in range(0, n, step):
                hidden = _wide(self.hidden[start : start + step])
                yield slice(start, start + step), hidden, hidden @ weights.T

        for start in range(0, k, width):
            classes = slice(start, min(start + width, k))
            weights = _wide(self.weight[classes])
            yield classes, weights, rows(weights)

    def state(self) -> Part:
        """Of each row what the whole of its classes comes to."""
        found: list[Part] = []
        for classes, _, rows in self.blocks():
            for i, (own, _, s) in enumerate(rows):
                more = self._part(own, classes, s)
                found[i : i + 1] = [merged(found[i], more) if i < len(found) else more]
        whole = Part(*(0.0 * _wide(self.hidden[:, 0]) for _ in Part._fields))
        for i, row in enumerate(found):
            for x, own in zip(whole, row, strict=True):
                x[i * _ROWS : (i + 1) * _ROWS] = own
        return whole

    def _part(self, rows: slice, classes: slice, s: Array) -> Part:
        """The state of some rows over some classes."""
        top, mass = self.side.largest(s)[0][..., 0], 0.0 * s[..., 0]
        gap, lost = mass, mass
        if self.target.dense is not None:
            q = self._weights(rows, classes, s)
            far, missed = below(top[..., None], s)
            gap, mass = self._total(where(q == 0, 0.0, q * far)), self._total(q)
            lost = self._total(where(q == 0, 0.0, q * missed))
        else:
            for places, columns, share in self._named(rows, classes, s):
                far, missed = below(top[places], s[places, columns])
                gap, mass = _added(gap, places, share * far), _added(mass, places, share)
                lost = _added(lost, places, share * missed)
        return part(s, gap, mass, self.exact)._replace(lost=lost)

    def _total(self, x: Array) -> Array:
        return self.side.total_in_parts(x)[..., 0]

    def _weights(self, rows: slice, classes: slice, s: Array) -> Array:
        """The weights of the classes, where the target gives all."""
        assert self.target.dense is not None
        q = self.side.in_type_of(s, self.target.dense[rows, classes])
        return q if self.target.share is None else q * self.target.share[rows][..., None]

    def _named(self, rows: slice, classes: slice, s: Array) -> Iterator[tuple[Array, Array, Array]]:
        """The rows of a block that name one of its classes, the classes, and their weights; each row once at a time."""
        assert self.target.named is not None
        named = self.target.named[rows]
        for c in range(named.shape[1]):
            place = named[:, c]
            places = _places((place >= classes.start) & (place < classes.stop))
            share = 0.0 * s[places, 0] + 1.0 if self.target.share is None else self.target.share[rows][places]
            yield places, place[places] - classes.start, share

    def gradients(self, row: Part, upstream: Array, of_weight: Array) -> Array:
        """The derivative in the hidden states; that in the weights is written to `of_weight`, block by block."""
        of_hidden = 0.0 * _wide(self.hidden)
        for classes, weights, rows in self.blocks():
            of_block = 0.0 * weights
            for own, hidden, s in rows:
                slopes = self._slopes(own, classes, s, Part(*(x[own] for x in row))) * upstream[own][..., None]
                of_block = of_block + slopes.T @ hidden
                of_hidden[own] += slopes @ weights
            of_weight[classes] = self.side.in_type_of(of_weight, of_block)
        return of_hidden

    def _slopes(self, rows: slice, classes: slice, s: Array, row: Part) -> Array:
        """The derivative in some logits, in which nothing cancels for a class that is named alone."""
        p, mass = probabilities(s, row, self.exact), row.mass[..., None]
        if self.target.dense is not None:
            q = self._weights(rows, classes, s)
            return p * (mass - q) - q * complement(s, p, stretched(row))
        slopes = p * mass
        for places, columns, share in self._named(rows, classes, s):
            own, at = Part(*(x[places] for x in row)), (places, columns)
            slopes[at] = p[at] * (own.mass - share) - share * complement(s[at], p[at], own)
        return slopes


def _wide(x: Array) -> Array:
    """Numbers in float64."""
    return side_of(x).widened(x)


def _places(mask: Array) -> Array:
    """The numbers of the rows where a mask is true."""
    found = mask.nonzero()
    return found[0] if isinstance(found, tuple) else found[:, 0]


def _added(x: Array, places: Array, more: Array) -> Array:
    """`x` with something added in some places, each of them once."""
    found = x + 0.0
    found[places] = found[places] + more
    return found


class Gradients(NamedTuple):
    """The losses of the rows, and the derivatives of their weighted sum."""

    losses: np.ndarray
    of_hidden: np.ndarray
    of_weight: np.ndarray


def linear_cross_entropy(
    hidden: np.ndarray,
    weight: np.ndarray,
    target: np.ndarray,
    *,
    average: bool = True,
    upstream: np.ndarray | None = None,
    out: np.ndarray | None = None,
) -> np.ndarray | Gradients:
    r"""Softmax cross-entropy of the logits ``hidden @ weight.T``, which are never formed as a whole.

    $$ L_i = \sum_j q_{ij} \Bigl(\log \sum_k e^{s_{ik}} - s_{ij}\Bigr), \qquad s_{ij} = \sum_d h_{id} w_{jd} $$

    $$ g_{ij} = u_i \Bigl(p_{ij} \sum_k q_{ik} - q_{ij}\Bigr), \qquad
       \frac{\partial}{\partial h_i} = \sum_j g_{ij} w_j, \qquad \frac{\partial}{\partial w_j} = \sum_i g_{ij} h_i $$

    The classes are taken a block at a time, in float64: beside what is given and what is returned, the memory needed
    does not depend on their number, for targets that name classes; a mask or a distribution over all classes is
    checked, and a mask converted, as a whole. `weight` and `out` may be memory maps, which are read and written block
    by block.
    For PyTorch see `lossutils.torch.linear_cross_entropy`.

    Parameters
    ----------
    hidden : numpy.ndarray
        (N, D), floating: the hidden states.
    weight : numpy.ndarray
        (K, D), floating: the weights of the classes.
    target : numpy.ndarray
        (N,) of whole numbers: the right class of each row. (N, P) of whole numbers: several positives, -1 where a row
        has fewer. (N, K) of truth values: a mask of the positives. (N, K) of floating numbers: distributions.
    average : bool
        Of several positives, whether their mean is taken or their sum.
    upstream : numpy.ndarray, optional
        (N,): the weights u of the rows. If given, derivatives are returned, too.
    out : numpy.ndarray, optional
        (K, D): where the derivative in the weights is written; a new array if none is given.

    Returns
    -------
    numpy.ndarray, or a named tuple of three
        The losses, (N,), in the dtype of `hidden`. With `upstream` the derivatives in `hidden` and in `weight` of the
        sum of the losses, each times its weight, in the dtypes of those.

    Raises
    ------
    ValueError
        For shapes that do not fit, a class out of range, a row without a positive, or one that is no distribution.
    TypeError
        For arrays that are not floating.

    Notes
    -----
    Source: Milakov and Gimelshein (2018), *Online normalizer calculation for softmax*; Wijmans et al. (2025), *Cut Your
    Losses in Large-Vocabulary Language Models*, for the blocks. The largest class is left out of the sum here, which
    keeps the loss of a confident right answer.

    Examples
    --------
    >>> import numpy as np
    >>> hidden, weight = np.array([[1.0, 2.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> lu.linear_cross_entropy(hidden, weight, np.array([2])).round(4)
    array([0.4076])
    >>> lu.linear_cross_entropy(hidden, weight, np.array([2]), upstream=np.ones(1)).of_hidden.round(4)
    array([[-0.2447, -0.09  ]])
    """
    hidden, weight, target = np.asarray(hidden), np.asarray(weight), np.asarray(target)
    check_layers(hidden, weight, average)
    linear = Linear(hidden, weight, target_of(target, hidden, weight.shape[0], average))
    with np.errstate(all="ignore"):
        row = linear.state()
        losses: np.ndarray = row.loss().astype(hidden.dtype)
        if upstream is None:
            return losses
        upstream = np.asarray(upstream, np.float64)
        checks.shape("upstream", upstream.shape, (hidden.shape[0],))
        out = np.empty(weight.shape, weight.dtype) if out is None else out
        checks.shape("out", out.shape, weight.shape)
        return Gradients(losses, linear.gradients(row, upstream, out).astype(hidden.dtype), out)


def check_layers(hidden: Array, weight: Array, average: bool) -> None:
    """Refuse what is no hidden states and weights of classes that go together."""
    for name, x in (("hidden", hidden), ("weight", weight)):
        if not side_of(x).is_floating(x):
            raise TypeError(f"{name}: expected a floating dtype, got {side_of(x).dtype_name(x)}; convert it first")
        if len(x.shape) != 2 or x.shape[1] == 0 or (name == "weight" and x.shape[0] == 0):
            raise ValueError(f"{name}: expected shape ({'K' if name == 'weight' else 'N'}, D), got {tuple(x.shape)}")
    checks.shape("weight", tuple(weight.shape), (None, hidden.shape[1]), why=", one row for each class")
    checks.flag("average", average)
