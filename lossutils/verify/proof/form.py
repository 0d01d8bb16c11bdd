"""What the normal form and its helpers share: the problem, the ranges of the letters around, and what is memorised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ..expr import BINDERS, Expr, sub, sym
from ..meaning.domains import Scalar, Simplex
from ..meaning.problem import Problem
from .algebra import Quotient, TooLarge, quotient_expr


class NoNormalForm(ArithmeticError):
    """The expression has parts this form has no place for."""


class Form:
    """The state of a normal form under the assumptions of a problem."""

    def __init__(self, problem: Problem, known: tuple[Expr, ...] = ()) -> None:
        self.problem = problem
        self.known = known  # conditions on indices that hold
        self.memo: dict[Expr, Quotient] = {}
        self.ranges: dict[str, Expr] = {}  # of letters bound by the sums around
        self.letters = 0  # how many have been made up
        self.surely: Callable[[Quotient, str], bool] = lambda q, relation: False  # set by `order.Order`

    def quotient(self, e: Expr) -> Quotient:
        """The normal form."""
        raise NotImplementedError

    def canonical(self, e: Expr) -> Expr:
        """The expression its normal form stands for: the same for all that are equal in this form."""
        return quotient_expr(self.quotient(e))

    def equal(self, a: Expr, b: Expr) -> bool:
        """Whether the difference vanishes identically; False may mean that this form cannot tell."""
        try:
            return self.quotient(sub(a, b)).is_zero
        except (NoNormalForm, TooLarge, ZeroDivisionError, RecursionError):
            return False

    @contextmanager
    def over(self, ranges: dict[str, Expr]) -> Iterator[None]:
        """Inside sums whose letters run over some ranges."""
        outer, self.ranges = self.ranges, {**self.ranges, **ranges}
        try:
            yield
        finally:
            self.ranges = outer

    def positive_atom(self, a: Expr) -> bool:
        """Whether an atom is positive for certain, so that its powers may be taken apart."""
        if a.head == "exp" or (a.head == "const" and a.args[0] in ("pi", "e")):
            return True
        if a.head == "num":
            return bool(a.args[0] > 0)
        if a.head == "log":
            return bool(a.args[0].head == "num" and a.args[0].args[0] > 1)
        domain = self.problem.domains.get(a.args[0]) if a.head in ("sym", "idx") else None
        domain = getattr(domain, "component", domain)
        if isinstance(domain, Simplex):
            return domain.inner
        if not isinstance(domain, Scalar) or domain.low is None or domain.low.head != "num":
            return False
        return bool(domain.low.args[0] > 0 or (domain.low.args[0] == 0 and not domain.low_closed))

    def positive(self, q: Quotient) -> bool:
        """Whether a quotient is positive for certain: positive atoms and coefficients, or shown to be."""
        coefficients = [*q.top.values(), *(c for f in q.bottom for _, c in f)]
        if q.top and all(c > 0 for c in coefficients) and all(self.positive_atom(a) for a in q.atoms()):
            return True
        return self.surely(q, ">")


def height(e: Expr) -> int:
    """How deep the letters of normal forms nest in an expression: they are named §1, §2, ... from the inside."""
    names = [p.args[BINDERS[p.head]].args[0] for p in e.walk() if p.head in BINDERS]
    return max((int(n[1:]) for n in names if n[0] == "§" and n[1:].isdigit()), default=0)


def letter(n: int) -> Expr:
    """The n-th letter, from the inside, of normal forms."""
    return sym(f"§{n}")
