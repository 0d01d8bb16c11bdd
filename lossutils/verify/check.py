"""From a formula to a verdict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from .controls import Fates
from .expr import OPTIMA, Expr
from .judge import Judge, turned
from .meaning.assumptions import AssumptionError
from .meaning.definitions import ClaimError, Definition
from .meaning.problem import pose
from .numbers import Undefined, use_precision
from .points.compare import PRECISIONS, Outcome, shown
from .points.evaluation import Point
from .points.minima import Optima
from .points.sample import Sampler
from .reading.latex import LatexError
from .timing import TimeUp, time_limit
from .variants import variants
from .verdict import HELD, Controls, Counterexample, Link, Verdict, weakest

POINTS = 60
POINTS_SEARCHED = 12  # where each takes a search for a least value
SECONDS = 60  # a backstop: what is tried has budgets of its own, so that verdicts depend on no clock
UNREADABLE = (LatexError, AssumptionError, ClaimError)


def check(
    latex: str,
    *,
    where: str | Iterable[str] = (),
    using: Iterable[Definition] = (),
    conventions: Iterable[str] = (),
    controls: bool = True,
    **assumptions: Any,
) -> Verdict:
    r"""Check a formula, and show that the check could have failed.

    Parameters
    ----------
    latex : str
        A chain of expressions with ``=``, ``\le``, ``<``, ``\ge``, ``>``, ``\ne`` or ``\approx`` between them, perhaps
        after ``\forall L > 0\ \exists a, b:``.
    where : str or iterable of str
        Relations that hold besides, such as ``"a < b"``.
    using : iterable of Definition
        Definitions (see `define`) that the formula may use.
    conventions : iterable of str
        ``"0 log 0 = 0"``: a product with an exact zero is zero even if a logarithm in it is not finite.
    controls : bool
        Whether to try wrong variants of the formula.
    **assumptions
        What is said of each letter: ``f="real"``, ``y={0, 1}``, ``delta="positive"``, ``q="probability vector of
        length K"``, ``P="subset of 1..K"``, ``z="2y-1"``, ``K="integer >= 2"``, ``p="(0, 1)"``, or a `Definition`. Of a
        letter of which the formula says that there is one, which: an expression in the letters before it.

    Returns
    -------
    Verdict
        Never an exception on account of the formula: what cannot be read is ``unknown``, with the place.
    """
    definitions = [*using, *(v for v in assumptions.values() if isinstance(v, Definition))]
    given = {k: v for k, v in assumptions.items() if not isinstance(v, Definition)}
    use_precision(PRECISIONS[0])
    try:
        with time_limit(SECONDS):
            return _Check(latex, given, where, definitions, conventions).verdict(controls)
    except UNREADABLE as error:
        return Verdict("unknown", latex, reason=str(error))
    except TimeUp:
        return Verdict("unknown", latex, reason=f"not decided within {SECONDS} seconds")
    except (RecursionError, MemoryError):
        return Verdict("unknown", latex, reason="the formula nests too deeply")
    except Exception as error:  # a fault of the checker must not pass for anything else
        return Verdict("unknown", latex, reason=f"the checker failed: {type(error).__name__}: {error}")


class _Check:
    """One formula on its way to a verdict."""

    def __init__(
        self,
        latex: str,
        given: Mapping[str, Any],
        where: str | Iterable[str],
        using: list[Definition],
        conventions: Iterable[str],
    ) -> None:
        self.latex = latex
        where = [where] if isinstance(where, str) else list(where)
        self.problem = pose(latex, given, where, using, conventions)
        self.points: list[Point] = []

    def verdict(self, controls: bool) -> Verdict:
        """The verdict of the whole chain."""
        problem = self.problem
        assumptions = tuple(problem.describe())
        if not problem.relations:
            return Verdict("unknown", self.latex, assumptions=assumptions, reason="there is no relation to check")
        try:
            self.points = list(Sampler(problem).points(self._wanted()))
        except Undefined as why:
            return Verdict("unknown", self.latex, assumptions=assumptions, reason=str(why))
        if not self.points:  # nothing may be proved from assumptions that contradict one another
            return Verdict("unknown", self.latex, assumptions=assumptions, reason="no point satisfies the assumptions")
        for point in self.points:
            point.optima = Optima(problem.declared)
        links, counterexample = self._links()
        if counterexample is not None and problem.witnesses:  # others may do
            reason = f"with {', '.join(problem.describe_witnesses())} it fails {counterexample}"
            return Verdict("unknown", self.latex, assumptions=assumptions, reason=reason)
        status = weakest([link.status for link in links])
        reason = next((link.reason for link in links if link.status == "unknown"), "")
        decided = min([link.points[0] for link in links if link.points is not None], default=len(self.points))
        found = self._controls() if controls and status in HELD else Controls()
        return Verdict(
            status, self.latex, tuple(links), decided, len(self.points), found, counterexample, assumptions, reason
        )

    def _wanted(self) -> int:
        if not self.problem.domains:
            return 1
        slow = any(s.has(*OPTIMA, "integral") for s in self.problem.sides)
        return POINTS_SEARCHED if slow else POINTS

    def _links(self) -> tuple[list[Link], Counterexample | None]:
        links: list[Link] = []
        counterexample = None
        judge = Judge(self.problem, self.points)
        for n, (a, relation, b) in enumerate(self._relations()):
            link, point, outcome = judge.link(*turned(a, relation, b))
            links.append(link)
            if counterexample is None and point is not None and outcome is not None:
                counterexample = _counterexample(n, relation, point, outcome)
        return links, counterexample

    def _relations(self) -> Iterator[tuple[Expr, str, Expr]]:
        """The links of the chain, and what is said of the letters that there are."""
        sides = self.problem.sides
        yield from ((sides[n], relation, sides[n + 1]) for n, relation in enumerate(self.problem.relations))
        yield from ((c.args[0], c.head, c.args[1]) for c in self.problem.of_witnesses)

    def _controls(self) -> Controls:
        """The wrong variants and what becomes of them."""
        statement = self.problem.statement
        assert statement is not None
        tried, possible = variants(statement)
        fates = Fates(self.problem, self.points)
        for _, name, variant in tried:
            try:
                sides = [self.problem.settle(s) for s in variant.sides]
            except (ClaimError, ValueError):
                continue
            fates.add(name, replace(self.problem, sides=sides, relations=list(variant.relations)))
        return fates.controls(possible)


def _counterexample(n: int, relation: str, point: Point, outcome: Outcome) -> Counterexample:
    left, right = outcome.left, outcome.right
    if relation in (">", ">="):
        left, right = right, left
    return Counterexample(n + 1, point.described(), shown(left), relation, shown(right))
