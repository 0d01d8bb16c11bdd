"""The error function, which NumPy has not, with what its rounding loses."""

from __future__ import annotations

from ..frameworks.arrays import exp, where
from ..frameworks.protocol import Array
from .numerics import exact_difference
from .precise import two_product

# The error function is x times a polynomial in x^2 up to 1, and beyond it 1 less e^(-x^2) times one in 1 / (2 + x):
# interpolated at Chebyshev's points, to 2e-17 of it.
_ERF_NEAR = (
    1.1283791670955126, -0.3761263890318375, 0.11283791670954879, -0.026866170645076792, 0.0052239776248180145,
    -0.000854832698083379, 0.0001205533111164271, -1.4925595266831182e-05, 1.6461000484121368e-06,
    -1.6350312701054695e-07, 1.4659775274047436e-08, -1.1372848856791674e-09, 5.957176147748911e-11,
)  # fmt: skip
_ERFC_FAR = (
    0.22023244215021148, 0.16251820679372297, 0.03900797746981079, 0.005707917250560486, 0.00020612126462526392,
    -8.348829636376924e-05, -7.779891312362773e-06, 2.0741659189677805e-06, 1.7839758529674413e-07,
    -7.480688138728118e-08, -8.695328412203856e-10, 2.8688766184605205e-09, -2.7966579931311696e-10,
    -8.227247776151399e-11, 2.052362805575885e-11,
)  # fmt: skip
_ERF_LOW = 1.533545961316588e-17  # of the first of these, which is 2 over the root of pi
_MIDDLE, _HALF = 0.22839506172839505, 0.10493827160493827


def erf(x: Array) -> Array:
    r"""The error function, $\frac{2}{\sqrt\pi} \int_0^x e^{-t^2} dt$."""
    found, lost = erf_in_two(abs(x))
    found = found + lost
    return where(x < 0, -found, found)


def erf_in_two(x: Array) -> tuple[Array, Array]:
    """The same of a number from 0 on, and the little that is to be added to it."""
    inner = where(x < 1, x, 1.0)
    outer = where(x < 1, 1.0, where(x > 6, 6.0, x))
    square = inner * inner
    slope, missed = exact_difference(_ERF_NEAR[0] + 0.0 * square, -square * _polynomial(_ERF_NEAR[1:], square))
    near, lost = two_product(inner, slope)
    tail = exp(-outer * outer) * _polynomial(_ERFC_FAR, (1.0 / (outer + 2.0) - _MIDDLE) / _HALF)
    far, rest = exact_difference(1.0 + 0.0 * tail, tail)
    return where(x < 1, near, where(x == x, far, x)), where(x < 1, lost + inner * (missed + _ERF_LOW), rest)


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    """By Horner's rule, the constant first."""
    found = coefficients[-1] * x + coefficients[-2]
    for c in coefficients[-3::-1]:
        found = found * x + c
    return found
