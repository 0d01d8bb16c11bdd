"""One relation judged: points first, which may refute it; then proofs; then a hunt for what the points have missed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from .expr import INFINITY, OPTIMA, Expr, neg, sub
from .meaning.problem import Problem
from .points.compare import MOST_EFFORT, Outcome, at_point, comparisons, differs_closely, effort, outran
from .points.evaluation import Point, holds
from .points.hunt import Hunt
from .proof.asymptotics import NoLimit
from .proof.enclose import Enclosure
from .proof.integrals import NoClosedForm, closed
from .proof.limits import cases
from .proof.optimum import optimum_proved
from .proof.prove import Proof, Prover
from .proof.signs import GIVE_UP
from .verdict import Link, weakest

FEWEST = 5  # decided points, for anything to be said of a formula with letters
Case = tuple[Problem, tuple[Expr, ...]]  # with what holds in it, and what the sides come to
INFINITE = (INFINITY, neg(INFINITY))
UNSEEN = (NoClosedForm, NoLimit, *GIVE_UP, NotImplementedError, ValueError, TypeError, AttributeError)


def turned(a: Expr, relation: str, b: Expr) -> tuple[Expr, str, Expr]:
    """>= and > as <= and <."""
    if relation in (">", ">="):
        return b, {">": "<", ">=": "<="}[relation], a
    return a, relation, b


class Judge:
    """Links of one problem, at its points and for all values."""

    def __init__(self, problem: Problem, points: list[Point]) -> None:
        self.problem, self.points = problem, points

    def link(self, a: Expr, relation: str, b: Expr) -> tuple[Link, Point | None, Outcome | None]:
        """A link, and where it fails, if it does."""
        parts = comparisons(a, relation, b)
        if parts:
            return self._all(a, parts)
        quick = self._quick(a, relation, b)
        if quick is not None:
            return quick, None, None
        outcomes = self.outcomes(a, relation, b)
        failed = next((k for k, o in enumerate(outcomes) if o.kind == "fails"), None)
        if failed is not None:
            return Link("refuted", ("Arb",)), self.points[failed], outcomes[failed]
        held = sum(o.kind == "holds" for o in outcomes)
        link, point, outcome = self._unrefuted(a, relation, b, outcomes, held)
        return replace(link, points=(held, len(self.points))), point, outcome

    def _quick(self, a: Expr, relation: str, b: Expr) -> Link | None:
        """A proof about least values or integrals, where nothing speaks against it: at each point they are slow."""
        if any(e.has("integral") for e in (a, b)):
            link = self.proved(a, relation, b)
            few = self.points[:FEWEST]
            return link if link and not any(at_point(a, relation, b, p).kind == "fails" for p in few) else None
        if not any(e.head in OPTIMA for e in (a, b)):
            return None
        proof = optimum_proved(self.problem, a, relation, b)
        return None if proof is None or any(outran(a, b, p) for p in self.points) else _derived(proof)

    def _all(self, a: Expr, parts: list[tuple[Expr, str, Expr]]) -> tuple[Link, Point | None, Outcome | None]:
        """A membership, each of its comparisons by itself: the weakest of them, or the first that fails."""
        links: list[Link] = []
        for x, relation, y in parts:
            link, point, outcome = self.link(x, relation, y)
            if outcome is not None:
                return link, point, Outcome("fails", outcome.left if x is a else outcome.right)
            links.append(link)
        status = weakest([link.status for link in links])
        found = next(link for link in links if link.status == status)
        means, lemmas = ({s for link in links for s in getattr(link, name)} for name in ("means", "lemmas"))
        return replace(found, means=tuple(sorted(means)), lemmas=tuple(sorted(lemmas))), None, None

    def outcomes(self, a: Expr, relation: str, b: Expr) -> list[Outcome]:
        """At every point. Limits and unbounded integrals are seen from afar only: that may support, but not refute."""
        if not any(e.has("limit") or unbounded(e) for e in (a, b)):
            return [
                at_point(a, relation, b, p) if can else Outcome("unclear", reason="too large")
                for p, can in zip(self.points, self._affordable(a, b), strict=True)
            ]
        try:
            found = list(cases(self.problem, closed(a, self.problem), closed(b, self.problem)))
        except UNSEEN:
            found = []
        return [self._from_afar(a, relation, b, found, p) for p in self.points]

    def _affordable(self, a: Expr, b: Expr) -> Iterator[bool]:
        """At which points to look: where it does not take too long, at each and at all."""
        left = MOST_EFFORT
        for point in self.points:
            own = effort(a, point) + effort(b, point)
            left -= own if own <= left else 0
            yield own <= left

    def _from_afar(self, a: Expr, relation: str, b: Expr, found: list[Case], point: Point) -> Outcome:
        """At one point by the limits' closed forms there, or else only as it seems."""
        for problem, (x, y) in found:
            own = [c for c in problem.conditions if c not in self.problem.conditions]
            with suppress(ArithmeticError):
                if all(holds(c, point) is True for c in own):
                    return at_point(x, relation, y, point)
        seen = at_point(a, relation, b, point)
        doubt = "it seems to fail, but no proof of that was found"
        return replace(seen, kind="unclear", reason=doubt) if seen.kind == "fails" else seen

    def _unrefuted(
        self, a: Expr, relation: str, b: Expr, outcomes: list[Outcome], held: int
    ) -> tuple[Link, Point | None, Outcome | None]:
        missing = next((k for k, o in enumerate(outcomes) if o.kind == "undefined"), None)
        if missing is not None:
            return _undefined(self.points[missing], outcomes[missing]), None, None
        proof = self.proved(a, relation, b)
        if proof is not None:
            return proof, None, None
        if relation == "=" and not any(e.has("limit", "integral", *OPTIMA) for e in (a, b)):
            for point in self.points[:3]:
                if (closer := differs_closely(a, b, point)) is not None:
                    return Link("refuted", ("Arb",)), point, closer
        if held < min(FEWEST, len(self.points)) or not held:
            reason = next((o.reason for o in outcomes if o.kind == "unclear"), "")
            return Link("unknown", reason=reason or "too few points were decided"), None, None
        if not self.problem.domains:
            return self._constant(relation, outcomes[0]), None, None
        return self._hunted(a, relation, b)

    def _constant(self, relation: str, outcome: Outcome) -> Link:
        """A statement about constants: decided by balls, unless two that agree are said to be equal."""
        if outcome.reason or relation == "=":
            return Link("unknown", reason="the two sides agree as far as was computed, and no proof was found")
        return Link("computed", ("Arb",))

    # For all values

    def proved(self, a: Expr, relation: str, b: Expr) -> Link | None:
        """By algebra, Z3 or calculus; with limits and integrals in closed form; by enclosure."""
        proof = optimum_proved(self.problem, a, relation, b)
        if proof is not None:
            return _derived(proof)
        if relation in ("~", "in", "notin"):
            return None
        if any(e.has("limit", "integral") for e in (a, b)):
            return self._in_closed_form(a, relation, b)
        prover = Prover(self.problem)
        found = prover.relation(a, relation, b)
        if found.done:
            return _derived(found)
        if relation not in ("<=", "<") or "not shown" in found.obstacle or a.has("deriv", "at") or b.has("deriv", "at"):
            return None
        shown = Enclosure(prover.order).holds(sub(b, a), relation == "<")
        return Link("enclosed", ("Arb",)) if shown else None

    def _in_closed_form(self, a: Expr, relation: str, b: Expr) -> Link | None:
        """Proved in each case that a limit has to tell apart; every side has to have a value."""
        means, lemmas = {"limits"} if a.has("limit") or b.has("limit") else {"integrals"}, set[str]()
        try:
            if any(Prover(self.problem).undefined(e) for e in (a, b)):
                return None
            for problem, (x, y) in cases(self.problem, closed(a, self.problem), closed(b, self.problem)):
                if x in INFINITE or y in INFINITE:  # "= infinity" is a way of speaking, with infinity itself on a side
                    if relation != "=" or x is not y or not (a in INFINITE or b in INFINITE):
                        return None
                    continue
                proof = Prover(problem).relation(x, relation, y)
                if not proof.done:
                    return None
                means, lemmas = means | set(proof.means), lemmas | set(proof.lemmas)
        except UNSEEN:
            return None
        return Link("derived", tuple(sorted(means)), tuple(sorted(lemmas)))

    # What no proof reaches

    def _hunted(self, a: Expr, relation: str, b: Expr) -> tuple[Link, Point | None, Outcome | None]:
        if any(e.has("limit", *OPTIMA) or unbounded(e) for e in (a, b)):
            return Link("unknown", reason="no proof of this limit, least value or integral was found"), None, None
        missing = self._without_value(a, b)
        if missing:
            return Link("unknown", reason=f"not shown to have a value everywhere: {missing}"), None, None
        found = Hunt(self.problem, a, relation, b, self.points).run()
        if found.outcome is not None and found.point is not None:
            if found.outcome.kind == "undefined":
                return _undefined(found.point, found.outcome), None, None
            return Link("refuted", ("Arb",)), found.point, found.outcome
        if found.turning:
            return (
                Link("unknown", reason="an equation among the conditions may hold where no exact point was found"),
                None,
                None,
            )
        if found.touches and relation != "=":
            near = "" if found.nearest is None else " near " + _at(found.nearest)
            return Link("unknown", reason=f"the two sides come too close to be told apart{near}"), None, None
        return Link("consistent", ("Arb",), tried=found.tried()), None, None

    def _without_value(self, a: Expr, b: Expr) -> str:
        """What has to hold for both sides to have a value and cannot be shown."""
        prover = Prover(self.problem)
        try:
            missing = prover.elementary(a, b)[1]
        except GIVE_UP as why:
            return str(why) or type(why).__name__
        if missing == "not elementary":
            missing = next((m for e in (a, b) if (m := prover.undefined(e))), "")
        return missing.removeprefix("not shown: ")


def unbounded(e: Expr) -> bool:
    """Whether an integral with an infinite limit occurs."""
    return any(x.head == "integral" and any(end.has("const") for end in x.args[2:]) for x in e.walk())


def _derived(proof: Proof) -> Link:
    return Link("derived", proof.means, proof.lemmas)


def _at(point: Point) -> str:
    return ", ".join(f"{k} = {v}" for k, v in point.described().items())


def _undefined(point: Point, outcome: Outcome) -> Link:
    return Link("unknown", reason=f"{outcome.reason}, at {_at(point)}; an assumption is missing")
