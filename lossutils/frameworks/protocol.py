"""What the rooms agree on: what a framework's side offers, what it asks of a loss, and what travels between the two.

A *side* is one framework's part: `NUMPY` in `compute`, `TORCH` in `torch_autograd`, `TENSORFLOW` in
`tensorflow_gradients`. A test holds every side to this contract, operation by operation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

import numpy as np

Array: TypeAlias = Any  # an array of NumPy, PyTorch or TensorFlow; no type is common to the three
Shared: TypeAlias = Any  # what a family of losses makes of a prediction, once for the value and the derivatives
Views: TypeAlias = tuple["np.ndarray", "np.ndarray"]  # target and prediction


class Domain(Protocol):
    """A set of numbers in which a target lies."""

    def outside(self, x: Array) -> Array:
        """Where `x` does not lie in it."""
        ...

    def __contains__(self, x: float) -> bool: ...


class Mend(NamedTuple):
    """How a result is computed again where it cancels; both functions are of target, prediction and parameters."""

    size: Callable[..., Array]  # what the result is small beside
    precisely: Callable[..., Array]  # the result, however small it is
    within: float = 0.6  # below what part of its size it is computed again, if the numbers came in float64


NARROW = 2.0**-20  # the same of numbers that came in a narrower type, whose results may lose half of float64's digits


class Formulas(Protocol):
    """A loss as a side sees it: facts about its shapes, and formulas that run on any array."""

    domain: ClassVar[Domain]  # where the target lies
    row_axes: ClassVar[int]  # of the prediction's axes, how many belong to one example
    takes_labels: ClassVar[bool]  # of a loss of rows: whether a target may be the numbers of classes, of shape (...)
    takes_rows: ClassVar[bool]  # whether it may be of the prediction's shape (..., K)
    least_classes: ClassVar[int]
    columns: ClassVar[tuple[str, ...]]  # of rows that are no scores of classes: what a row's numbers are
    mends: ClassVar[Mapping[str, Mend]]  # the results that may cancel; of rows, the last number's in a gradient

    def __hash__(self) -> int: ...  # what is compiled for a loss is kept by it

    def _check_values(self, y: Array, f: Array) -> Array:
        """Refuse a target with values that do not fit; return it."""
        ...

    def _filled(self, y: Array, f: Array, ignored: Array) -> tuple[Array, Array]:
        """Target and prediction with something valid in place of what is ignored."""
        ...

    def _shared(self, f: Array, exact: bool) -> Shared:
        """What value and derivatives share; `exact` if the prediction came in the type that is computed in."""
        ...

    def _per_example(self, weights: Array) -> Array:
        """Weights of the examples, shaped to multiply a gradient."""
        ...


class Prepared(NamedTuple):
    """A target and a prediction on the way to a result: made by `compute.prepare`, and never changed.

    A named tuple, which is as frozen as a frozen dataclass and made in a third of the time.
    """

    side: Side  # the framework of the prediction, and of the results
    target: Array
    prediction: Array
    ignored: Array | None  # True where an example is left out
    check_target: bool  # whether the target's values are still to be checked, on the way: by a loop, or in a graph
    views: Views | None  # both as NumPy arrays of the same memory; None where the framework itself computes


class Core(Protocol):
    """The compiled core, where there is one."""

    def has_loop(self, loss: Formulas, y: np.ndarray, f: np.ndarray) -> bool:
        """Whether it has the value and the gradient of a loss for such arrays."""
        ...

    def results(self, loss: Formulas, wants: tuple[str, ...], y: np.ndarray, f: np.ndarray) -> list[np.ndarray] | None:
        """The results named in `wants`, where `has_loop`; None if it has not all of them, or a target looks wrong."""
        ...

    def scale(self, x: np.ndarray, weights: np.ndarray) -> None:
        """Multiply results in place by the weights of their examples."""
        ...


class Operations(Protocol):
    """What formulas and checks ask of a framework's arrays. The last axis of a row loss holds the classes."""

    NAME: str  # as an error calls such an array
    is_framework: bool  # False for plain numbers and lists, which count as NumPy's

    # Elementwise, as the formulas need them.

    def exp(self, x: Array, /) -> Array:
        """The exponential function."""
        ...

    def log(self, x: Array, /) -> Array:
        """The natural logarithm."""
        ...

    def log1p(self, x: Array, /) -> Array:
        """The logarithm of 1 + x, which keeps a small x."""
        ...

    def expm1(self, x: Array, /) -> Array:
        """The exponential function less 1, which keeps a small x."""
        ...

    def power(self, x: Array, c: float, /) -> Array:
        """`x` to the c."""
        ...

    def sinh(self, x: Array, /) -> Array:
        """The hyperbolic sine."""
        ...

    def tanh(self, x: Array, /) -> Array:
        """The hyperbolic tangent."""
        ...

    def isfinite(self, x: Array, /) -> Array:
        """Where `x` is neither infinite nor NaN."""
        ...

    def where(self, condition: Array, a: Array, b: Array, /) -> Array:
        """`a` where the condition holds, else `b`; one of the two may be a number."""
        ...

    def whole(self, x: Array, /) -> Array:
        """The nearest whole number, in the type of `x`; a graph would undo the addition of a large constant."""
        ...

    def look_up(self, table: np.ndarray, index: Array, /) -> tuple[Array, ...]:
        """The entries of each row of a table of float64 numbers; the index is whole, in a floating type."""
        ...

    def mended(self, near: Array, rough: Array, precisely: Callable[..., Array], /, *arrays: Array) -> Array:
        """`rough`, but where `near` what a function makes of the entries, or rows, of some arrays there."""
        ...

    # Along the last axis.

    def total(self, x: Array, /) -> Array:
        """The sum, its axis kept."""
        ...

    def total_in_parts(self, x: Array, /) -> Array:
        """The same, of long rows in parts where the framework's own sum loses a digit."""
        ...

    def largest(self, x: Array, /) -> tuple[Array, Array]:
        """The maximum, its axis kept, and where it stands: one place, also in a tie. It may overlook NaN."""
        ...

    def class_count(self, x: Array, /) -> Array:
        """The length of the axis."""
        ...

    def last_class(self, x: Array, y: Array, /) -> Array:
        """The last index of the axis, to be compared with `y`."""
        ...

    def any_in_row(self, x: Array, /) -> Array:
        """Whether a row holds something true."""
        ...

    def pick(self, x: Array, index: Array, /) -> Array:
        """The entry of each row that `index` names."""
        ...

    def indicator(self, index: Array, x: Array, /) -> Array:
        """True at the entry of each row of `x` that `index` names."""
        ...

    def outer(self, a: Array, b: Array, /) -> Array:
        """The product of every entry with every other: (..., K, K)."""
        ...

    def diagonal(self, x: Array, /) -> Array:
        """True on the diagonal of (K, K)."""
        ...

    # Types.

    def widened(self, x: Array, /) -> Array:
        """`x` in the type that is computed in."""
        ...

    def in_type_of(self, f: Array, y: Array, /) -> Array:
        """`y` in the type of `f`."""
        ...

    def as_index(self, y: Array, /) -> Array:
        """Whole numbers as indices."""
        ...

    def as_mask(self, x: Array, /) -> Array:
        """Zeros and ones as truth values."""
        ...

    def as_numbers(self, y: Array, /) -> Array:
        """Whole numbers that count as quantities, in a type in which a check can mark what is wrong."""
        ...

    def is_floating(self, x: Array, /) -> bool:
        """Whether the dtype is one to compute with."""
        ...

    def dtype_name(self, x: Array, /) -> str:
        """The dtype, to name in a message."""
        ...

    # What comes in.

    def dense(self, name: str, x: Array, /) -> Array:
        """`x`, if it is an ordinary array of real numbers."""
        ...

    def placed(self, name: str, x: Array, prediction: Array, /) -> Array:
        """The same, if it is also where the prediction is."""
        ...

    def target(self, x: Array, prediction: Array, /) -> Array:
        """The same of a target; whole numbers and truth values become int64."""
        ...

    def from_numpy(self, x: np.ndarray, prediction: Array, /) -> Array:
        """A NumPy array in this framework, where the prediction is."""
        ...

    def to_numpy(self, x: Array, /) -> np.ndarray:
        """The reverse."""
        ...

    def between(self, x: Array, low: float, high: float, /) -> bool:
        """Whether all of `x` lies between two numbers. False says only that this was not cheap to tell."""
        ...

    def are_classes(self, y: Array, count: int | None, /) -> bool:
        """Whether all of `y` are the numbers of so many classes, in a type of whole numbers. False as in `between`."""
        ...

    def require(self, x: Array, bad: Array, message: Callable[[], str], short: str, /) -> Array:
        """`x`, if nothing in it is `bad`, else a `ValueError`; in a graph, `x` tied to an assertion with `short`."""
        ...


class Side(Operations, Protocol):
    """The same, and what a loss is asked for."""

    def answer(
        self, loss: Formulas, what: str, target: Array, prediction: Array, ignore: Array, validate: bool, *more: Array
    ) -> Array:
        """What a caller asks of a loss: everything begins here."""
        ...

    def in_memory(self, target: Array, prediction: Array, /) -> Views | None:
        """Both as NumPy arrays of the same memory, if NumPy may compute and no dtype or place is left to be checked."""
        ...

    def keeps_whole(self, prediction: Array, /) -> bool:
        """Whether a graph is being made that keeps a loss as one operation, which checks the target when it runs."""
        ...

    def value(self, loss: Formulas, given: Prepared, /) -> Array:
        """The loss of each example, differentiable through its closed-form gradient."""
        ...

    def gradient(self, loss: Formulas, given: Prepared, /) -> Array:
        """Its gradient, differentiable through the closed-form Hessian."""
        ...

    def value_and_gradient(self, loss: Formulas, given: Prepared, /) -> tuple[Array, Array]:
        """Both, from one pass over what they share."""
        ...

    def results(self, loss: Formulas, wants: tuple[str, ...], given: Prepared, /, *more: Array) -> list[Array]:
        """The results named in `wants`, in the prediction's type."""
        ...
