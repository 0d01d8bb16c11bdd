"""Proof of one relation between two expressions, for all values the assumptions allow. It never refutes.

Equality: the sides have one normal form in every region where their pieces are decided. Order: see `order`.
Either way both sides have to have a value everywhere, and every derivative has to exist. Where the assumptions
contradict one another nothing is proved: whoever asks has to know of a value that they allow.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..differentiate import Differentiator
from ..expr import OPTIMA, Expr, sub, substitute
from ..meaning.domains import Finite
from ..meaning.problem import Problem
from .attained import by_terms, with_indices
from .order import Order
from .regions import Given, Region, TooManyRegions
from .signs import GIVE_UP, NO_FORM
from .smooth import smooth

MOST_COMBINATIONS = 64
UNDECIDABLE = ("integral", "limit", *OPTIMA)


@dataclass(frozen=True)
class Proof:
    """Whether it was proved, by what means and on which lemmas, and what stood in the way."""

    done: bool
    means: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    obstacle: str = ""


class Prover:
    """Proofs under the assumptions of one problem."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.order = problem, Order(problem)

    def relation(self, a: Expr, relation: str, b: Expr) -> Proof:
        """Prove a = b, a <= b, a < b or a != b."""
        self.order.means, self.order.solver.lemmas = set(), set()
        try:
            for x, y in self._combinations(a, b):
                obstacle = self._obstacle(x, relation, y)
                if obstacle:
                    return Proof(False, obstacle=obstacle)
        except GIVE_UP as reason:
            return Proof(False, obstacle=f"{type(reason).__name__}: {reason}")
        return self.proof()

    def proof(self) -> Proof:
        """What has been used so far, as a proof."""
        return Proof(True, tuple(sorted(self.order.means)) or ("algebra",), tuple(sorted(self.order.solver.lemmas)))

    def undefined(self, e: Expr) -> str:
        """What has to hold for an expression to have a value everywhere and cannot be shown; nothing if all can."""
        try:
            need = self.order.unmet(e)
        except GIVE_UP as reason:
            return f"{type(reason).__name__}: {reason}"
        return "" if need is None else str(need)

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

    def elementary(self, *stated: Expr) -> tuple[list[Expr], str]:
        """Expressions with their derivatives taken, and what stands in the way: a kink, or a part without a value."""
        calculus = Differentiator()
        found = [calculus.eliminate(e) for e in stated]
        if any(e.has(*UNDECIDABLE) for e in found):
            return found, "not elementary"
        for e, v in calculus.kinks:
            if not smooth(self.order, e, v):
                return found, "a kink in what is differentiated"
        for e in dict.fromkeys((*stated, *found)):
            need = self.order.unmet(e)
            if need is not None:
                return found, f"not shown: {need}"
        return found, ""

    def _obstacle(self, a: Expr, relation: str, b: Expr) -> str:
        """Nothing if the relation is proved, else what is missing."""
        (a, b), missing = self.elementary(a, b)
        if missing:
            return missing
        self._bar(a, relation, b)
        if all(self._in_region(region, relation) for region in self.order.splitter().regions((a, b))):
            return ""
        attained = with_indices(self.order, a, b)
        if attained is not None:
            other = Prover(attained[0])
            if all(other._in_region(r, relation) for r in other.order.splitter().regions(attained[1])):
                self.order.means |= {"the index of an extremum"} | other.order.means
                self.order.solver.lemmas |= other.order.solver.lemmas
                return ""
        return "no proof found"

    def _bar(self, a: Expr, relation: str, b: Expr) -> None:
        """A statement that is itself a lemma is not proved from that lemma."""
        self.order.solver.barred = []
        if relation in ("<=", "<"):
            try:
                self.order.solver.barred = [self.order.normal.quotient(sub(b, a))]
            except NO_FORM:
                return

    def _in_region(self, region: Region, relation: str) -> bool:
        (a, b), given = region.expressions, Given(region.conditions)
        solver = self.order.solver
        if relation == "=":
            if self.order.within(given).equal(a, b):
                self.order.means.add("algebra")
                return True
            difference = self.order.within(given).quotient(sub(b, a))
            if given.conditions and solver.impossible([(difference, "!=")], given.conditions):
                self.order.means.add("Z3")
                return True
        elif relation == "!=":
            if self.order.surely(sub(b, a), "!=", given):
                self.order.means.add("Z3")
                return True
        elif self.order.ordered(sub(b, a), relation == "<", given) or by_terms(
            self.order, sub(b, a), relation == "<", given
        ):
            return True
        if given.conditions and solver.impossible([], given.conditions):
            self.order.means.add("Z3")
            return True
        return False
