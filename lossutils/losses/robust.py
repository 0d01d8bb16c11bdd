"""Losses of the residual r = y - f that grow slowly or not at all: what is far away counts little, or nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from math import inf, sqrt

from ..frameworks.arrays import exp, expm1, log, log1p, where
from ..frameworks.domains import POSITIVE, parameter
from ..frameworks.protocol import Array
from .base import ElementwiseLoss
from .description import Description
from .numerics import exact_difference, exact_quotient, exact_square, times_exp

FAR = 2.0**200  # a residual, in scales, beside whose square 1 is nothing, and whose square may overflow


def in_scales(y: Array, f: Array, c: float) -> tuple[Array, Array]:
    """(y - f) / c, and what its rounding lost."""
    return exact_quotient(*exact_difference(y, f), c)


@dataclass(frozen=True)
class StudentT(ElementwiseLoss):
    r"""Negative log-likelihood of noise that follows Student's t distribution, without the terms that f does not enter.

    {formulas}

    Left out are $\log c + \tfrac12 \log(\pi\nu) + \log\Gamma(\tfrac\nu2) - \log\Gamma(\tfrac{\nu + 1}2)$. With
    nu = 1 it is Cauchy's loss.

    Parameters
    ----------
    freedom : float
        The degrees of freedom nu > 0: the fewer, the heavier the tails.
    scale : float
        The scale c > 0, not the standard deviation: that is c times the root of nu / (nu - 2), where nu > 2.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Not convex. {source}

    Examples
    --------
    >>> lu.StudentT(freedom=3.0)([0.0, 0.0], [1.0, 100.0]).round(4)
    array([ 0.5754, 16.2242])
    """

    description = Description(
        loss=r"\frac{\nu + 1}{2} \log\left(1 + \frac{(y - f)^2}{\nu c^2}\right)",
        gradient=r"\frac{(\nu + 1)(f - y)}{\nu c^2 + (y - f)^2}",
        curvature=r"\frac{(\nu + 1)\left(\nu c^2 - (y - f)^2\right)}{\left(\nu c^2 + (y - f)^2\right)^2}",
        lipschitz=r"\frac{\nu + 1}{2 c \sqrt\nu}",
        minimiser=r"one of the points where the residuals, each over $\nu c^2 + r^2$, sum to 0",
        source="Lange, Little and Taylor (1989), *Robust Statistical Modeling Using the t Distribution*",
    )
    kernel = "elementwise"
    convex = False

    freedom: float = parameter(3.0, POSITIVE, r"\nu")
    scale: float = parameter(1.0, POSITIVE, "c", also=("s",))

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return (self.freedom + 1) / (2 * self.scale * sqrt(self.freedom))

    @staticmethod
    def formula(y: Array, f: Array, nu: float, c: float) -> Array:
        """The loss; of a residual whose square may overflow by its logarithm."""
        q, low = in_scales(y, f, c)
        square, rest = exact_square(q, low)
        far = abs(q) > FAR
        size = where(far, abs(q), 1.0)
        return 0.5 * (nu + 1) * where(far, 2.0 * log(size) - math.log(nu), log1p((square + rest) / nu))

    @staticmethod
    def slope(y: Array, f: Array, nu: float, c: float) -> Array:
        """Its derivative in `f`."""
        q, low = in_scales(y, f, c)
        square, rest = exact_square(q, low)
        far, k = abs(q) > FAR, (nu + 1) / c
        near = (k * q + k * where(far, 0.0, low)) / ((nu + square) + rest)
        return -where(far, k / where(far, q, 1.0), near)

    @staticmethod
    def curvature(y: Array, f: Array, nu: float, c: float) -> Array:
        """Its second derivative in `f`."""
        q, _ = in_scales(y, f, c)
        far = abs(q) > FAR
        square = where(far, 1.0, q * q)
        whole = nu + square
        return (nu + 1) / (c * c) * where(far, -1.0 / (where(far, q, 1.0) * q), (nu - square) / whole / whole)


@dataclass(frozen=True)
class Tukey(ElementwiseLoss):
    r"""Tukey's biweight: like half the squared error near 0, and constant from c on, where nothing pulls any more.

    {formulas}

    Parameters
    ----------
    c : float
        The residual c > 0 from which the loss is constant. At 4.685 standard deviations of normal noise, the default
        for a standard deviation of 1, the estimate of a mean keeps 95 % of its efficiency.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Not convex. {source}

    Examples
    --------
    >>> lu.Tukey(c=2.0)([0.0, 0.0], [1.0, 100.0]).round(4)
    array([0.3854, 0.6667])
    """

    description = Description(
        loss=(
            r"\begin{cases} \frac{c^2}{6} \left(1 - \left(1 - \frac{(y - f)^2}{c^2}\right)^3\right) & |y - f| \le c "
            r"\\ \frac{c^2}{6} & |y - f| > c \end{cases}"
        ),
        gradient=r"(f - y) \max\left(0, 1 - \frac{(y - f)^2}{c^2}\right)^2",
        curvature=r"\max\left(0, 1 - \frac{(y - f)^2}{c^2}\right) \left(1 - \frac{5 (y - f)^2}{c^2}\right)",
        smooth_at=r"|y - f| \ne c",
        lipschitz=r"\tfrac{16 c}{25 \sqrt5}",
        minimiser=r"one of the points where the residuals, each times $\max(0, 1 - r^2/c^2)^2$, sum to 0",
        source="Beaton and Tukey (1974), *The Fitting of Power Series, Meaning Polynomials*",
    )
    kernel = "elementwise"
    convex = False

    c: float = parameter(4.685, POSITIVE, "c")

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return 16 * self.c / (25 * sqrt(5))

    @staticmethod
    def formula(y: Array, f: Array, c: float) -> Array:
        """The loss: with $w = 1 - r^2/c^2$ it is $r^2 (3 w + (1 - w)^2) / 6$, in which nothing cancels."""
        e, lost = exact_difference(y, f)
        w, missed = _inside(y, f, c)
        inner = where(w + missed > 0, w, 0.0)
        near = (e * e + 2.0 * e * lost) * (3.0 * inner + (1.0 - inner) * (1.0 - inner)) / 6.0
        return where(w + missed <= 0, c * c / 6, near)

    @staticmethod
    def slope(y: Array, f: Array, c: float) -> Array:
        """Its derivative in `f`."""
        e, lost = exact_difference(y, f)
        w, missed = _inside(y, f, c)
        return where(w + missed <= 0, 0.0, -(e * (w * w) + (lost * w + 2.0 * e * missed) * w))

    @staticmethod
    def curvature(y: Array, f: Array, c: float) -> Array:
        """Its second derivative in `f`."""
        w, missed = _inside(y, f, c)
        return where(w + missed <= 0, 0.0, w * (5.0 * w - 4.0))


def _inside(y: Array, f: Array, c: float) -> tuple[Array, Array]:
    """1 - (y - f)^2 / c^2, and what its rounding lost."""
    square, rest = exact_square(*in_scales(y, f, c))
    inside = 1.0 - square
    return inside, where(square < inf, ((1.0 - inside) - square) - rest, 0.0)


@dataclass(frozen=True)
class Welsch(ElementwiseLoss):
    r"""Welsch's loss: like half the squared error near 0, and from a few c on as good as constant.

    {formulas}

    It is c^2 / 2 times `Barron` at alpha = -infinity and the scale c over the root of 2.

    Parameters
    ----------
    c : float
        The residual c > 0 by which the loss has come to 63 % of its limit. At 2.985 standard deviations of normal
        noise, the default for a standard deviation of 1, the estimate of a mean keeps 95 % of its efficiency.

    Notes
    -----
    Shapes: target and prediction (...) alike; results (...). Domain of the target: finite numbers.
    Raises `ValueError` for a target outside the domain or of another shape, `TypeError` for an unsuitable dtype.
    Not convex. {source}

    Examples
    --------
    >>> lu.Welsch(c=2.0)([0.0, 0.0], [1.0, 100.0]).round(4)
    array([0.4424, 2.    ])
    """

    description = Description(
        loss=r"\frac{c^2}{2} \left(1 - e^{-(y - f)^2/c^2}\right)",
        gradient=r"(f - y)\,e^{-(y - f)^2/c^2}",
        curvature=r"\left(1 - \frac{2 (y - f)^2}{c^2}\right) e^{-(y - f)^2/c^2}",
        lipschitz=r"\frac{c}{\sqrt{2 e}}",
        minimiser=r"one of the points where the residuals, each times $e^{-r^2/c^2}$, sum to 0",
        source="Dennis and Welsch (1978), *Techniques for nonlinear least squares and robust regression*",
    )
    kernel = "elementwise"
    convex = False

    c: float = parameter(2.985, POSITIVE, "c")

    @property
    def lipschitz(self) -> float:
        """The least Lipschitz constant."""
        return self.c / sqrt(2 * math.e)

    @staticmethod
    def formula(y: Array, f: Array, c: float) -> Array:
        """The loss."""
        square, rest = exact_square(*in_scales(y, f, c))
        less = expm1(-square)
        return -0.5 * c * c * (less - rest * (1.0 + less))

    @staticmethod
    def slope(y: Array, f: Array, c: float) -> Array:
        """Its derivative in `f`."""
        square, rest = exact_square(*in_scales(y, f, c))
        return where(square > 2000, 0.0, times_exp(f - y, -square, -rest))

    @staticmethod
    def curvature(y: Array, f: Array, c: float) -> Array:
        """Its second derivative in `f`."""
        square, _ = exact_square(*in_scales(y, f, c))
        return where(square > 2000, 0.0, (1.0 - 2.0 * square) * exp(-square))
