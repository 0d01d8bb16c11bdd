"""The thin layer over NumPy, PyTorch and TensorFlow arrays: each call goes to the side that its array belongs to.

The formulas call the functions below. A side (see `protocol`) is loaded when its framework's first array is seen.
"""

from __future__ import annotations

from collections.abc import Callable

from .protocol import Array, Side


class Sides(dict[type, Side]):
    """The side of each type of array; a type that was not seen before is looked up once, by `find`."""

    find: Callable[[type], Side]  # given by the package, which knows the sides

    def __missing__(self, kind: type) -> Side:
        side = self[kind] = self.find(kind)
        return side


SIDES = Sides()


def side_of(x: Array) -> Side:
    """The side of the framework that `x` is an array of; plain numbers and lists have one, too."""
    return SIDES[type(x)]


def exp(x: Array) -> Array:
    """The exponential function."""
    return SIDES[type(x)].exp(x)


def log(x: Array) -> Array:
    """The natural logarithm."""
    return SIDES[type(x)].log(x)


def log1p(x: Array) -> Array:
    """The logarithm of 1 + x, which keeps a small x."""
    return SIDES[type(x)].log1p(x)


def expm1(x: Array) -> Array:
    """The exponential function less 1, which keeps a small x."""
    return SIDES[type(x)].expm1(x)


def power(x: Array, c: float) -> Array:
    """`x` to the c."""
    return SIDES[type(x)].power(x, c)


def sinh(x: Array) -> Array:
    """The hyperbolic sine."""
    return SIDES[type(x)].sinh(x)


def tanh(x: Array) -> Array:
    """The hyperbolic tangent."""
    return SIDES[type(x)].tanh(x)


def isfinite(x: Array) -> Array:
    """Where `x` is neither infinite nor NaN."""
    return SIDES[type(x)].isfinite(x)


def where(condition: Array, a: Array, b: Array) -> Array:
    """`a` where the condition holds, else `b`; one of the two may be a number."""
    return SIDES[type(condition)].where(condition, a, b)
