"""From a formula to a verdict."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from .controls import variants
from .expr import INFINITY, OPTIMA, Expr, neg, sub
from .meaning.assumptions import AssumptionError
from .meaning.problem import ClaimError, Definition, Problem, pose
from .numbers import Undefined, use_precision
from .points.evaluation import Point
from .points.minima import Optima
from .points.refute import PRECISIONS, Outcome, at_point, outran, shown
from .points.sample import Sampler
from .proof import solver
from .proof.analysis import closed_forms, minimiser_proved, unbounded
from .proof.enclose import Enclosure
from .proof.normal import Normal
from .proof.order import NO_FORM
from .proof.prove import Prover
from .reading.latex import LatexError
from .verdict import HELD, Controls, Counterexample, Link, Verdict, weakest

POINTS = 60
POINTS_SEARCHED = 12  # where each takes a search for a least value
FEWEST = 5  # decided points, for anything to be said of a formula with letters
SECONDS = 10
DOUBT = "it seems to fail, but no proof of that was found"
UNREADABLE = (LatexError, AssumptionError, ClaimError)


class TimeUp(BaseException):
    """A claim took too long."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Stop what takes too much of the processor's time, where the operating system offers such a timer."""
    if not hasattr(signal, "SIGPROF") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: Any) -> None:
        if solver.BUSY:  # a moment later, then
            signal.setitimer(signal.ITIMER_PROF, 0.02)
            return
        raise TimeUp

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


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
        A chain of expressions with ``=``, ``\le``, ``<``, ``\ge``, ``>``, ``\ne`` or ``\approx`` between them.
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
        length K"``, ``P="subset of 1..K"``, ``z="2y-1"``, ``K="integer >= 2"``, ``p="(0, 1)"``, or a `Definition`.

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

    def __init__(self, latex: str, given: Mapping, where: Any, using: list[Definition], conventions: Iterable) -> None:
        self.latex = latex
        where = [where] if isinstance(where, str) else list(where)
        self.problem = pose(latex, given, [*(w for u in using for w in u.where), *where], using, conventions)
        self.points: list[Point] = []
        self.normal, self.forms = Normal(self.problem), dict[Expr, Expr | None]()

    def verdict(self, controls: bool) -> Verdict:
        problem = self.problem
        assumptions = tuple(problem.describe())
        if not problem.relations:
            return Verdict("unknown", self.latex, assumptions=assumptions, reason="there is no relation to check")
        try:
            self.points = list(Sampler(problem, self.latex).points(self._wanted()))
        except Undefined as why:
            return Verdict("unknown", self.latex, assumptions=assumptions, reason=str(why))
        if not self.points:
            return Verdict("unknown", self.latex, assumptions=assumptions, reason="no point satisfies the assumptions")
        for point in self.points:
            point.optima, point.canonical = Optima(problem.declared), self._canonical
        links, counterexample, decided = self._links()
        status = weakest([link.status for link in links])
        reason = next((link.reason for link in links if link.status == "unknown"), "")
        found = Controls()
        if controls and status in HELD:
            found = self._controls()
        return Verdict(status, self.latex, tuple(links), decided, found, counterexample, assumptions, reason)

    def _wanted(self) -> int:
        if not self.problem.domains:
            return 1
        slow = any(s.has(*OPTIMA, "integral") for s in self.problem.sides)
        return POINTS_SEARCHED if slow else POINTS

    def _canonical(self, e: Expr) -> Expr | None:
        """The normal form of a difference, if it has one."""
        if e not in self.forms:
            try:
                self.forms[e] = self.normal.canonical(e)
            except (*NO_FORM, RecursionError):
                self.forms[e] = None
        return self.forms[e]

    # The formula itself

    def _links(self) -> tuple[list[Link], Counterexample | None, int]:
        links, counterexample, decided = [], None, len(self.points)
        for n, relation in enumerate(self.problem.relations):
            a, b, relation = _turned(self.problem.sides[n], relation, self.problem.sides[n + 1])
            if (link := self._quick(a, relation, b)) is not None:
                links.append(link)
                continue
            outcomes = self._outcomes(a, relation, b)
            failing = next((k for k, o in enumerate(outcomes) if o.kind == "fails"), None)
            if failing is not None and counterexample is None:
                counterexample = self._counterexample(n, self.points[failing], outcomes[failing], relation)
            held = sum(o.kind == "holds" for o in outcomes)
            decided = min(decided, held)
            links.append(
                Link("refuted", ("Arb",)) if failing is not None else self._link(a, relation, b, outcomes, held)
            )
        return links, counterexample, decided

    def _quick(self, a: Expr, relation: str, b: Expr) -> Link | None:
        """A proof about least values where nothing speaks against it at once: a search at each point is slow."""
        if not any(e.head in OPTIMA for e in (a, b)):
            return None
        proof = minimiser_proved(self.problem, a, relation, b)
        return None if proof is None or any(outran(a, b, p) for p in self.points) else Link("derived", proof)

    def _outcomes(self, a: Expr, relation: str, b: Expr) -> list[Outcome]:
        """At every point. Limits and unbounded integrals are seen from afar only: that may support, but not refute."""
        if not any(e.has("limit") or unbounded(e) for e in (a, b)):
            return [at_point(a, relation, b, p) for p in self.points]
        closed_a, closed_b, means = closed_forms(self.problem, a, b, self.points)
        if means is not None:
            return [at_point(closed_a, relation, closed_b, p) for p in self.points]
        seen = [at_point(a, relation, b, p) for p in self.points]
        return [replace(o, kind="unclear", reason=DOUBT) if o.kind == "fails" else o for o in seen]

    def _link(self, a: Expr, relation: str, b: Expr, outcomes: list[Outcome], held: int) -> Link:
        missing = next((k for k, o in enumerate(outcomes) if o.kind == "undefined"), None)
        if missing is not None:
            at = ", ".join(f"{k} = {v}" for k, v in letters(self.points[missing]).items())
            return Link("unknown", (), f"{outcomes[missing].reason}, at {at}; an assumption is missing")
        proof = self._proved(a, relation, b)
        if proof is not None:
            return proof
        doubtful = next((o.reason for o in outcomes if o.reason == DOUBT), "")
        if doubtful:
            return Link("unknown", (), doubtful)
        if held < min(FEWEST, len(self.points)) or not held:
            reason = next((o.reason for o in outcomes if o.kind == "unclear"), "too few points were decided")
            return Link("unknown", (), reason or "no point was decided")
        constant = not self.problem.domains and relation != "="
        return Link("enclosed" if constant else "consistent", ("Arb",))

    def _proved(self, a: Expr, relation: str, b: Expr) -> Link | None:
        """By algebra, Z3 or calculus; with limits and integrals in closed form; by enclosure."""
        proof = minimiser_proved(self.problem, a, relation, b)
        if proof is not None:
            return Link("derived", proof)
        if relation in ("~", "in", "notin"):
            return None
        a, b, means = closed_forms(self.problem, a, b, self.points)
        if means is None:
            return None
        if means and a is b and a in (INFINITY, neg(INFINITY)):
            return Link("derived", means)
        prover = Prover(self.problem)
        found = prover.relation(a, relation, b)
        if found.done:
            return Link("derived", tuple(sorted({*found.means, *means})))
        strict = relation == "<"
        if relation not in ("<=", "<") or means or "not shown" in found.obstacle or a.has("deriv") or b.has("deriv"):
            return None
        return Link("enclosed", ("Arb",)) if Enclosure(prover.order).holds(sub(b, a), strict) else None

    def _counterexample(self, n: int, point: Point, outcome: Outcome, relation: str) -> Counterexample:
        left, right = outcome.left, outcome.right
        turned = self.problem.relations[n] in (">", ">=")
        if turned:
            left, right = right, left
        return Counterexample(n + 1, letters(point), shown(left), self.problem.relations[n], shown(right))

    # Its wrong variants

    def _controls(self) -> Controls:
        refuted, others = 0, {"survives": [], "holds": [], "stands": []}
        assert self.problem.statement is not None
        for _, name, variant in variants(self.problem.statement):
            try:
                sides = [self.problem.settle(s) for s in variant.sides]
            except (ClaimError, ValueError):
                continue
            problem = replace(self.problem, sides=sides, relations=list(variant.relations))
            fate = self._fate(problem)
            if fate == "refuted":
                refuted += 1
            else:
                others[fate].append(name)
        return Controls(refuted, *(tuple(others[k]) for k in ("survives", "holds", "stands")))

    def _fate(self, problem: Problem) -> str:
        """refuted at some point; or it holds too (provably, or less is claimed); or it survives."""
        changed = [
            n
            for n in range(len(problem.relations))
            if problem.sides[n : n + 2] != self.problem.sides[n : n + 2]
            or problem.relations[n] != self.problem.relations[n]
        ]
        sampler = Sampler(self.problem, self.latex)
        for k, point in enumerate(self.points):
            if point.beyond is None:
                point.beyond = lambda family, at, k=k: sampler._beyond(family, at, k)
            for n in changed:
                a, b, relation = _turned(problem.sides[n], problem.relations[n], problem.sides[n + 1])
                outcome = at_point(a, relation, b, point)
                if outcome.kind in ("fails", "undefined"):
                    return "refuted"
        fates = [self._standing(problem, n) for n in changed]
        return next((f for f in ("survives", "stands") if f in fates), "holds")

    def _standing(self, problem: Problem, n: int) -> str:
        """Of a link that no point refutes: whether it holds too, may hold too, or shows the check to be blind."""
        a, b, relation = _turned(problem.sides[n], problem.relations[n], problem.sides[n + 1])
        prover = Prover(self.problem)
        same = problem.relations[n] == self.problem.relations[n] and all(
            prover.same(new, old)
            for new, old in zip(problem.sides[n : n + 2], self.problem.sides[n : n + 2], strict=True)
            if new is not old
        )
        if same or self._weaker(problem, n) or self._proved(a, relation, b) is not None:
            return "holds"
        if relation in ("<=", "<") and problem.relations[n] == self.problem.relations[n]:
            return "stands"
        return "survives"

    def _weaker(self, problem: Problem, n: int) -> bool:
        """Whether an inequality's variant leaves more room at every point, and somewhere strictly more."""
        if problem.relations[n] != self.problem.relations[n] or problem.relations[n] in ("=", "~", "!=", "in", "notin"):
            return False
        a, b, _ = _turned(self.problem.sides[n], self.problem.relations[n], self.problem.sides[n + 1])
        c, d, _ = _turned(problem.sides[n], problem.relations[n], problem.sides[n + 1])
        gaps = [at_point(sub(b, a), "<=", sub(d, c), p).kind for p in self.points]
        strictly = any(at_point(sub(b, a), "<", sub(d, c), p).kind == "holds" for p in self.points)
        return strictly and "fails" not in gaps and "undefined" not in gaps


def _turned(a: Expr, relation: str, b: Expr) -> tuple[Expr, Expr, str]:
    """>= and > as <= and <."""
    if relation in (">", ">="):
        return b, a, {">": "<", ">=": "<="}[relation]
    return a, b, relation


def letters(point: Point) -> dict[str, str]:
    """A point's letters, families as vectors, sets in braces."""
    found = {n: str(v) for n, v in sorted(point.values.items()) if "·" not in n}
    families: dict[str, list[str]] = {}
    for (name, at), v in sorted(point.families.items()):
        families.setdefault(name, []).append(str(v) if len(at) < 2 else f"{list(at)}: {v}")
    found |= {n: f"({', '.join(vs)})" for n, vs in families.items()}
    found |= {n: "{" + ", ".join(map(str, sorted(s))) + "}" for n, s in sorted(point.sets.items())}
    return found
