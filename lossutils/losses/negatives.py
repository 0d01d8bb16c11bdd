"""Logistic losses of one right answer and sampled wrong ones, each judged by itself: no sum over all classes."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from ..frameworks import checks
from ..frameworks.arrays import side_of, where
from ..frameworks.domains import Integers, Interval
from ..frameworks.protocol import Array
from . import minimisers
from .base import RowLoss
from .description import of_rows
from .numerics import constant, exact_difference, sigmoid, softplus


class OneByOne(RowLoss):
    r"""A sum of log(1 + e^m) over the entries of a row, m being minus the right answer's score and the others' own.

    A subclass says what m is, what its rounding lost, and where the right answer stands.
    """

    def _parts(self, y: Array, s: Array) -> tuple[Array, Array, Array]:
        raise NotImplementedError

    def _value(self, y: Array, s: Array) -> Array:
        m, lost, _ = self._parts(y, s)
        return side_of(s).total_in_parts(softplus(m) + sigmoid(m) * lost)[..., 0]

    def _gradient(self, y: Array, s: Array) -> Array:
        m, lost, right = self._parts(y, s)
        p = sigmoid(m)
        p = p + p * (sigmoid(-m) * lost)
        return where(right, -p, p)

    def _curvatures(self, y: Array, s: Array) -> Array:
        m, _, _ = self._parts(y, s)
        return sigmoid(m) * sigmoid(-m)

    def _hessian(self, y: Array, s: Array) -> Array:
        return where(side_of(s).diagonal(s), self._curvatures(y, s)[..., None], 0.0)

    def _hessian_product(self, y: Array, s: Array, v: Array) -> Array:
        return self._curvatures(y, s) * v


@dataclass(frozen=True)
class NegativeSampling(OneByOne):
    r"""Negative sampling: the right class's score is to be positive, those of the others in the row negative.

    {formulas}

    The gradient's entries are below 1 in size, and their number is the row's: no Lipschitz constant holds for every K.

    Notes
    -----
    Shapes: prediction (..., K), the scores of the right class and of those that were sampled; target (...) of whole
    numbers in 0..K-1, the right one's place; loss (...). A class that was sampled twice counts twice.
    Raises `ValueError` for a label out of range or not whole, or a shape that does not fit; `TypeError` for an
    unsuitable dtype. {source}

    Examples
    --------
    >>> lu.NegativeSampling()([0], [[2.0, -1.0, 0.5]]).round(4)
    array([1.4143])
    """

    description = of_rows(
        loss=r"-\log\sigma(s_t) - \sum_{k \ne t} \log\sigma(-s_k)",
        gradient=r"\sigma(s_j) - [j = t]",
        curvature=r"\sigma(s_i)\,\sigma(-s_i)\,[i = j]",
        target="t",
        source=(
            "Mikolov et al. (2013), *Distributed Representations of Words and Phrases and their Compositionality*, "
            "section 2.2"
        ),
    )

    domain = Integers(0)
    takes_labels = True
    takes_rows = False
    minimiser = minimisers.class_log_odds

    def _parts(self, y: Array, s: Array) -> tuple[Array, Array, Array]:
        right = side_of(s).indicator(y, s)
        return where(right, -s, s), constant(0.0, s), right


@dataclass(frozen=True)
class NoiseContrastive(OneByOne):
    r"""Noise-contrastive estimation: tells the right class from others that were drawn from a known distribution.

    {formulas}

    The target c holds the logarithms of the classes' expected counts among the drawn, $\log(k q_j)$ for k draws from q;
    the first class is corrected, too. With c = 0 this is `NegativeSampling`. A count of infinity leaves a class out.

    Notes
    -----
    Shapes: prediction (..., 1 + k), the right class's score first; target the same; loss (...).
    Domain of the target: numbers, and +infinity except in the first place.
    The gradient's entries are below 1 in size, and no Lipschitz constant holds for every k.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    {source}

    Examples
    --------
    >>> lu.NoiseContrastive()([[0.0, 0.0, 0.0]], [[2.0, -1.0, 0.5]]).round(4)
    array([1.4143])
    """

    description = of_rows(
        loss=r"-\log\sigma(s_1 - c_1) - \sum_{k=2}^K \log\sigma(c_k - s_k)",
        gradient=r"\sigma(s_j - c_j) - [j = 1]",
        curvature=r"\sigma(s_i - c_i)\,\sigma(c_i - s_i)\,[i = j]",
        target="c",
        minimiser="of a model: the logarithms of the classes' probabilities themselves, without any constant",
        source=(
            "Gutmann and Hyvarinen (2010), *Noise-contrastive estimation*; Mnih and Teh (2012), *A fast and simple "
            "algorithm for training neural probabilistic language models*"
        ),
    )

    domain = Interval(-inf, inf, high_closed=True)

    def _check_numbers(self, y: Array) -> Array:
        y = super()._check_numbers(y)
        return checks.values("target", y, y[..., 0] == inf, "a finite log count of the right class, the first")

    def _parts(self, y: Array, s: Array) -> tuple[Array, Array, Array]:
        side = side_of(s)
        score, lost = exact_difference(s, y)
        right = side.indicator(side.as_index(constant(0.0, s[..., 0])), s)
        return where(right, -score, score), where(right, -lost, lost), right
