"""What the rules for signs share: the problem, its normal form and solver, and what has been used."""

from __future__ import annotations

from ..differentiate import NoDerivative
from ..expr import Expr
from ..meaning.problem import Problem
from .algebra import Quotient, TooLarge
from .form import NoNormalForm
from .guard import Guard
from .normal import NormalForm
from .obligations import Obligation
from .regions import ALWAYS, Given, Splitter, TooManyRegions
from .solver import Solver

DEEPEST = 4  # derivatives taken to see a sign
NO_FORM = (NoNormalForm, TooLarge, ZeroDivisionError, NoDerivative)
GIVE_UP = (*NO_FORM, TooManyRegions, RecursionError, OverflowError)


class Signs:
    """Signs under the assumptions of one problem; the rules are in `order`. `means` collects what was used."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.means = problem, set[str]()
        self.normal = NormalForm(problem)
        self.solver = Solver(self.normal)
        self.guard = Guard(problem)
        self.extended = "0 log 0 = 0" in problem.conventions
        self._asking, self._unasked = False, dict[Expr, Quotient]()
        self.normal.surely = self._surely

    def _surely(self, q: Quotient, relation: str, given: Given = ALWAYS) -> bool:
        """For the normal form, which asks while it is being made; not while it is being asked."""
        if self._asking:
            return False
        self._asking = True
        outer, self.normal.memo = self.normal.memo, self._unasked  # forms made without asking are kept apart
        try:
            return self.solver.surely(q, relation, given.conditions, given.moving)
        finally:
            self._asking, self.normal.memo = False, outer

    def within(self, given: Given) -> NormalForm:
        """The normal form where conditions hold: truth values and absolute values that they decide are decided."""
        if not given.conditions:
            return self.normal
        own = NormalForm(self.problem, given.conditions)
        own.ranges = self.normal.ranges
        own.surely = lambda q, relation: self._surely(q, relation, given)
        return own

    def surely(self, e: Expr, relation: str, given: Given = ALWAYS) -> bool:
        """Whether an expression without pieces is positive (">"), nonnegative or nonzero, by Z3 on its normal form."""
        q = self.within(given).quotient(e)
        return self.solver.surely(q, relation, given.conditions, given.moving)

    def splitter(self, given: Given = ALWAYS) -> Splitter:
        """What splits expressions into regions."""
        return Splitter(self.normal, self.solver, given.moving)

    # The rules: see `order.Order`.

    def holds(self, e: Expr, strict: bool, given: Given = ALWAYS, depth: int = DEEPEST) -> bool:
        """Whether e >= 0 (strict: e > 0) in every region that its pieces make."""
        raise NotImplementedError

    def ordered(self, e: Expr, strict: bool, given: Given, depth: int = DEEPEST) -> bool:
        """The same for an expression without pieces."""
        raise NotImplementedError

    def met(self, need: Obligation, given: Given = ALWAYS) -> bool:
        """Whether an obligation is met for certain."""
        raise NotImplementedError

    def defined(self, e: Expr, given: Given = ALWAYS) -> bool:
        """Whether an expression has a value wherever the assumptions and some conditions allow."""
        raise NotImplementedError

    def other(self, problem: Problem) -> Signs:
        """The same rules under other assumptions."""
        raise NotImplementedError
