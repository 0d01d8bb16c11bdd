r"""Barron's general loss: a family from the squared error to Welsch's loss, by one number alpha.

With $b = 2 - \alpha$, $q = (y - f)/c$ and $u = q^2/b$ the loss is $\frac b\alpha ((1 + u)^{\alpha/2} - 1)$. It has
limits where $\alpha$ is 0, 2 or $-\infty$, and near these the formula cancels, or takes a power of what is rounded.
Here it is $\frac b\alpha \operatorname{expm1}(\frac\alpha2 \log(1 + u))$, which keeps its digits; where a power is
taken, what the rounding of $1 + u$ lost is carried along.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import inf

from ..frameworks.arrays import exp, expm1, log, log1p, power, where
from ..frameworks.domains import POSITIVE, Interval, parameter
from ..frameworks.protocol import Array
from .base import ElementwiseLoss
from .description import Description
from .numerics import constant, exact_quotient, exact_square, times_exp
from .robust import FAR, in_scales

_COLD = -(2.0**45)  # below this alpha the power is taken as an exponential with a few terms of a series
_NO_MORE = 2000.0  # of a squared residual in scales: e^-x is 0 from its half on


@dataclass(frozen=True)
class Barron(ElementwiseLoss):
    r"""Barron's general loss, quadratic near 0; how it grows far away is for alpha to say.

    {formulas}

    Where alpha is 2, 0 or -infinity it is the limit: $\tfrac12 q^2$, $\log(1 + \tfrac12 q^2)$ and
    $1 - e^{-q^2/2}$, where $q = (y - f)/c$. At alpha = 1 it is the smooth (pseudo-)Huber or Charbonnier loss, at 0
    Cauchy's, at -2 Geman and McClure's, $2 q^2/(q^2 + 4)$, and at -infinity Welsch's.

    Parameters
    ----------
    alpha : float
        The shape, a number up to 2 or -infinity: far away the loss grows like the power alpha of the residual, and
        not at all where alpha < 0.
    scale : float
        The residual c > 0 about which the loss leaves its parabola.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Convex from alpha = 1 on. {source}

    Examples
    --------
    >>> lu.Barron(alpha=1.0)([0.0, 0.0], [1.0, 100.0]).round(4)
    array([ 0.4142, 99.005 ])
    >>> lu.Barron(alpha=float("-inf"))([0.0, 0.0], [1.0, 100.0]).round(4)
    array([0.3935, 1.    ])
    """

    description = Description(
        loss=(
            r"\frac{2 - \alpha}{\alpha} \left(\left(1 + \frac{(y - f)^2}{(2 - \alpha) c^2}\right)^{\alpha/2} "
            r"- 1\right)"
        ),
        gradient=r"\frac{f - y}{c^2} \left(1 + \frac{(y - f)^2}{(2 - \alpha) c^2}\right)^{\alpha/2 - 1}",
        curvature=(
            r"\frac{1}{c^2} \left(1 - \frac{(1 - \alpha) (y - f)^2}{(2 - \alpha) c^2}\right) "
            r"\left(1 + \frac{(y - f)^2}{(2 - \alpha) c^2}\right)^{\alpha/2 - 2}"
        ),
        remark=r"for $\alpha < 2$ other than 0; where $\alpha$ is 2, 0 or $-\infty$, the limits",
        lipschitz=r"\frac1c \left(\frac{1 - \alpha}{2 - \alpha}\right)^{(1 - \alpha)/2} \text{ for } \alpha \le 1",
        minimiser=r"one of the points where the residuals, each times the gradient's power, sum to 0",
        source="Barron (2019), *A General and Adaptive Robust Loss Function*",
    )
    kernel = "elementwise"

    alpha: float = parameter(1.0, Interval(-inf, 2, low_closed=True, high_closed=True), r"\alpha")
    scale: float = parameter(1.0, POSITIVE, "c")

    @property
    def convex(self) -> bool:
        """Whether the loss is convex in the prediction."""
        return self.alpha >= 1

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant in the prediction; infinite if there is none."""
        if self.alpha > 1:
            return inf
        if self.alpha == -inf:
            return math.exp(-0.5) / self.scale
        exponent = (1 - self.alpha) / 2
        return math.exp(exponent * math.log1p(-1 / (2 - self.alpha)) if exponent else 0.0) / self.scale

    @staticmethod
    def formula(y: Array, f: Array, alpha: float, c: float) -> Array:
        """The loss."""
        q, low = in_scales(y, f, c)
        square, rest = exact_square(q, low)
        if alpha == 2:
            return 0.5 * (square + rest)
        b = 2.0 - alpha
        if alpha < _COLD:
            near = where(square > _NO_MORE, _NO_MORE, square + rest)
            u, ratio = near / b, (alpha / b if alpha > -inf else -1.0)
            return expm1(0.5 * ratio * near * (1.0 - u * (0.5 - u / 3.0))) / ratio
        far = abs(q) > FAR
        size = where(far, abs(q), 1.0)
        u, lost = _over(where(far, 1.0, square), where(far, 0.0, rest), alpha)
        grown = where(far, 2.0 * log(size) - math.log(b), log1p(u + lost))
        if abs(alpha) < 2.0**-70:
            return 0.5 * b * grown
        exponent = 0.5 * alpha * grown
        found = b * expm1(exponent) / alpha
        if alpha < 0:
            return found
        raised = _raised(u, lost, 0.5 * alpha)
        raised = where(far, power(size, alpha) * b ** (-0.5 * alpha), raised)
        return where(exponent > 1, b * (raised - 1.0) / alpha, found)

    @staticmethod
    def slope(y: Array, f: Array, alpha: float, c: float) -> Array:
        """Its derivative in `f`."""
        q, low = in_scales(y, f, c)
        if alpha == 2:
            return -q / c
        square, rest = exact_square(q, low)
        b, far = 2.0 - alpha, abs(q) > FAR
        if alpha < _COLD:
            near = where(square > _NO_MORE, _NO_MORE, square)
            u = near / b
            more = near * u * (0.25 - u / 6.0) - 0.5 * where(square > _NO_MORE, 0.0, rest)
            return where(square > _NO_MORE, 0.0, times_exp(-q / c, -0.5 * near, more))
        u, lost = _over(where(far, 1.0, square), where(far, 0.0, rest), alpha)
        weight = where(far, 1.0, q / c)
        size = where(far, abs(q), 1.0)
        growth = alpha - 1.0
        missed = (alpha - growth) - 1.0 if abs(alpha) > 1 else alpha - (growth + 1.0)
        beyond = power(size, growth) * (_own_power(b) / c)
        beyond = where(size < inf, beyond + beyond * (missed * log(size)), beyond)
        found = where(far, beyond, _times_decay(weight, u, lost, alpha))
        return where(far & (q > 0), -found, where(far, found, -found))

    @staticmethod
    def curvature(y: Array, f: Array, alpha: float, c: float) -> Array:
        """Its second derivative in `f`."""
        q, low = in_scales(y, f, c)
        if alpha == 2:
            return constant(1.0, q) / (c * c)
        square, rest = exact_square(q, low)
        b = 2.0 - alpha
        if alpha < _COLD:
            near = where(square > _NO_MORE, _NO_MORE, square)
            u = near / b
            return (1.0 - near * (1.0 - 1.0 / b)) * exp(-0.5 * near * (1.0 - u * (0.5 - u / 3.0))) / (c * c)
        far = abs(q) > FAR
        u, lost = _over(where(far, 1.0, square), where(far, 0.0, rest), alpha)
        bent = _times_decay((1.0 - (1.0 - alpha) * u) / (1.0 + u), u, lost, alpha)
        beyond = (alpha - 1.0) * _own_power(b) * power(where(far, abs(q), 1.0), -b)
        return where(far, beyond, bent) / (c * c)


def _own_power(b: float) -> float:
    """b to the b / 2; 0 where nothing is left of a residual beyond `FAR`, whose negative power it multiplies."""
    return b ** (0.5 * b) if b < 64 else 0.0


def _over(square: Array, rest: Array, alpha: float) -> tuple[Array, Array]:
    """A square in two parts over 2 - alpha, whose own rounding counts, too; in two parts."""
    b = 2.0 - alpha
    missed = (2.0 - b) - alpha if abs(alpha) < 2 else 2.0 - (b + alpha)
    u, lost = exact_quotient(square, rest, b)
    return u, lost - u * (missed / b)


def _raised(u: Array, lost: Array, c: float) -> Array:
    """1 + u + lost to the c, for a c from 0 to 1."""
    whole = 1.0 + u
    found = power(whole, c)
    return found + found * (c * (((u - (whole - 1.0)) + lost) / whole))


def _times_decay(weight: Array, u: Array, lost: Array, alpha: float) -> Array:
    """A weight times 1 + u + lost to the alpha / 2 - 1; a power that may underflow is taken in two halves."""
    b = 2.0 - alpha
    missed = (2.0 - b) - alpha if abs(alpha) < 2 else 2.0 - (b + alpha)
    whole, grown = 1.0 + u, log1p(u)
    carried = -0.5 * b * (((u - (whole - 1.0)) + lost) / whole) - 0.5 * missed * grown
    weight = weight * exp(carried) if b > 1024 else weight + weight * carried
    if b <= 4:
        return weight * power(whole, -0.5 * b)
    deep = 0.5 * b * grown > 600
    half = power(whole, where(deep, -0.25 * b, constant(-0.5 * b, u)))
    return weight * half * where(deep, half, 1.0)
