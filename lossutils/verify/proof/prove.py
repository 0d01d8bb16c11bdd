"""Proof of one relation between two expressions, for all values the assumptions allow. It never refutes.

Equality: the sides have one normal form in every region where their pieces are decided. Order: see `order`.
Either way both sides have to have a value everywhere, and every derivative has to exist.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..conditions import decide, find_condition
from ..differentiate import KINKED, Differentiator, NoDerivative
from ..expr import OPTIMA, Expr, sub, substitute
from ..meaning.assumptions import Finite
from ..meaning.problem import Problem
from .algebra import TooLarge
from .normal import NoNormalForm
from .obligations import unmet
from .order import Given, Order
from .regions import Region, Splitter, TooManyRegions, solution

GIVE_UP = (NoNormalForm, NoDerivative, TooLarge, TooManyRegions, ZeroDivisionError, RecursionError, OverflowError)
MOST_COMBINATIONS = 64
UNDECIDABLE = ("integral", "limit", *OPTIMA)


@dataclass(frozen=True)
class Proof:
    """Whether it was proved, by what means, and what stood in the way."""

    done: bool
    means: tuple[str, ...] = ()
    obstacle: str = ""


class Prover:
    """Proofs under the assumptions of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.order = problem, Order(problem)

    def relation(self, a: Expr, relation: str, b: Expr) -> Proof:
        """Prove a = b, a <= b, a < b or a != b."""
        self.order.means = set()
        try:
            for x, y in self._combinations(a, b):
                obstacle = self._obstacle(x, relation, y)
                if obstacle:
                    return Proof(False, (), obstacle)
        except GIVE_UP as reason:
            return Proof(False, (), f"{type(reason).__name__}: {reason}")
        return Proof(True, tuple(sorted(self.order.means)) or ("algebra",))

    def same(self, a: Expr, b: Expr) -> bool:
        """Whether two expressions are equal because parts of them are: equals may stand for equals anywhere."""
        if a is b or self.relation(a, "=", b).done:
            return True
        if a.head != b.head or len(a.args) != len(b.args):
            return False
        differing = [(x, y) for x, y in zip(a.args, b.args, strict=True) if x is not y]
        if not all(isinstance(x, Expr) and isinstance(y, Expr) for x, y in differing):
            return False
        return len(differing) == 1 and self.same(*differing[0])

    def _combinations(self, a: Expr, b: Expr) -> list[tuple[Expr, Expr]]:
        """The sides for every value of the letters that have finitely many."""
        pairs = [(a, b)]
        for name, domain in sorted(self.problem.domains.items()):
            if isinstance(domain, Finite) and name in a.free | b.free:
                pairs = [(substitute(x, name, v), substitute(y, name, v)) for x, y in pairs for v in domain.values]
                if len(pairs) > MOST_COMBINATIONS:
                    raise TooManyRegions
        return pairs

    def _obstacle(self, a: Expr, relation: str, b: Expr) -> str:
        """Nothing if the relation is proved, else what is missing."""
        calculus, stated = Differentiator(), (a, b)
        a, b = calculus.eliminate(a), calculus.eliminate(b)
        if a.has(*UNDECIDABLE) or b.has(*UNDECIDABLE):
            return "not elementary"
        for e, v in calculus.kinks:
            if not self._smooth(e, v):
                return "a kink in what is differentiated"
        extended = "0 log 0 = 0" in self.problem.conventions
        for e in dict.fromkeys((*stated, a, b)):
            need = unmet(e, self.order, extended)
            if need is not None:
                return f"not shown: {need}"
        splitter = Splitter(self.order.normal, self.order.solver)
        for region in splitter.regions((a, b)):
            if not self._in_region(region, relation):
                return "no proof found"
        return ""

    # Derivatives through pieces

    def _smooth(self, e: Expr, v: Expr) -> bool:
        """Whether a function in pieces has a derivative where the pieces meet: value and slope agree there."""
        if v.args[0] not in e.free:
            return True
        condition = find_condition(e, frozenset())
        if condition is None:  # pieces that are left depend on a sum's letter
            return not any(x.head in KINKED and v.args[0] in x.free for x in e.walk())
        yes, no = decide(e, condition, True), decide(e, condition, False)
        if v.args[0] in condition.free and (condition.head in ("in", "notin") or not self._meet(yes, no, condition, v)):
            return False
        return self._smooth(yes, v) and self._smooth(no, v)

    def continuous(self, e: Expr, v: Expr) -> bool:
        """Whether a function of a letter has no jumps: the values agree where its pieces meet."""
        if v.args[0] not in e.free:
            return True
        condition = find_condition(e, frozenset())
        if condition is None:
            return not any(x.head in ("floor", "sign", "bool", "cases") and v.args[0] in x.free for x in e.walk())
        yes, no = decide(e, condition, True), decide(e, condition, False)
        if v.args[0] in condition.free:
            border = Expr("=", *condition.args)
            if condition.head in ("in", "notin") or not (
                self.order.solver.impossible([], [border]) or self._agree(yes, no, border)
            ):
                return False
        return self.continuous(yes, v) and self.continuous(no, v)

    def _agree(self, yes: Expr, no: Expr, border: Expr) -> bool:
        found = solution(border, self.order.normal)
        if found is None:
            return False
        here = tuple(substitute(e, *found) for e in (yes, no))
        regions = Splitter(self.order.normal, self.order.solver).regions(here)
        return all(self.order.within(Given(r.conditions)).equal(*r.expressions) for r in regions)

    def _meet(self, yes: Expr, no: Expr, condition: Expr, v: Expr) -> bool:
        border = Expr("=", *condition.args)
        if self.order.solver.impossible([], [border]):
            return True
        found = solution(border, self.order.normal)
        if found is None:
            return False
        slopes = [Differentiator().derivative(e, v) for e in (yes, no)]
        for pair in ((yes, no), slopes):
            here = tuple(substitute(e, *found) for e in pair)
            regions = Splitter(self.order.normal, self.order.solver).regions(here)
            if not all(self.order.within(Given(r.conditions)).equal(*r.expressions) for r in regions):
                return False
        return True

    # In a region

    def _in_region(self, region: Region, relation: str) -> bool:
        (a, b), given = region.expressions, Given(region.conditions)
        if relation == "=":
            if self.order.within(given).equal(a, b):
                self.order.means.add("algebra")
                return True
            difference = self.order.within(given).quotient(sub(b, a))
            if given.conditions and self.order.solver.impossible([(difference, "!=")], given.conditions):
                self.order.means.add("Z3")
                return True
        elif relation == "!=":
            if self.order.solver.surely(self.order.within(given).quotient(sub(b, a)), "!=", given.conditions):
                self.order.means.add("Z3")
                return True
        elif self.order.ordered(sub(b, a), relation == "<", given):
            return True
        if given.conditions and self.order.solver.impossible([], given.conditions):
            self.order.means.add("Z3")
            return True
        return False
