"""What becomes of a formula's wrong variants: a check that cannot tell them from it has checked nothing."""

from __future__ import annotations

from .judge import Judge, turned
from .meaning.problem import Problem
from .points.compare import at_point
from .points.evaluation import Point
from .points.hunt import Hunt
from .points.sample import Sampler
from .proof.prove import Prover
from .verdict import Controls

EVALUATIONS = 1500  # of a variant, in floats


class Fates:
    """The variants of one problem, each put to the problem's points and to its proofs."""

    def __init__(self, problem: Problem, points: list[Point]) -> None:
        self.problem, self.points = problem, points
        sampler = Sampler(problem)
        for k, point in enumerate(points):
            if point.beyond is None:  # variants may reach beyond a family's range
                point.beyond = lambda family, at, k=k: sampler.beyond(family, at, k)
        self.made = self.refuted = self.undefined = 0
        self.true: list[str] = []
        self.undecided: list[str] = []
        self.survivors: list[str] = []

    def controls(self, possible: int) -> Controls:
        """All of them so far."""
        return Controls(
            self.made,
            possible,
            self.refuted,
            self.undefined,
            tuple(self.true),
            tuple(self.undecided),
            tuple(self.survivors),
        )

    def add(self, name: str, variant: Problem) -> None:
        """One more variant."""
        self.made += 1
        changed = [n for n in range(len(variant.relations)) if self._differs(variant, n)]
        kind = self._at_points(variant, changed)
        if kind == "fails":
            self.refuted += 1
        elif kind == "undefined":
            self.undefined += 1
        else:
            fates = [self._standing(variant, n) for n in changed]
            if "refuted" in fates:
                self.refuted += 1
            elif "undefined" in fates:
                self.undefined += 1
            else:
                group = next((f for f in ("survivors", "undecided") if f in fates), "true")
                getattr(self, group).append(name)

    def _differs(self, variant: Problem, n: int) -> bool:
        own = self.problem
        return variant.sides[n : n + 2] != own.sides[n : n + 2] or variant.relations[n] != own.relations[n]

    def _at_points(self, variant: Problem, changed: list[int]) -> str:
        """What is worst at the points: "fails" by value, "undefined" if it only has no value somewhere, or nothing."""
        worst = ""
        for point in self.points:
            for n in changed:
                a, relation, b = turned(variant.sides[n], variant.relations[n], variant.sides[n + 1])
                kind = at_point(a, relation, b, point).kind
                if kind == "fails":
                    return kind
                worst = kind if kind == "undefined" else worst
        return worst

    def _standing(self, variant: Problem, n: int) -> str:
        """Of a link that no point refutes: true, undecided, a survivor, or, by a hunt, refuted or without a value."""
        a, relation, b = turned(variant.sides[n], variant.relations[n], variant.sides[n + 1])
        prover = Prover(self.problem)
        same = variant.relations[n] == self.problem.relations[n] and all(
            prover.same(new, old)
            for new, old in zip(variant.sides[n : n + 2], self.problem.sides[n : n + 2], strict=True)
            if new is not old
        )
        if same or Judge(variant, self.points).proved(a, relation, b) is not None:
            return "true"
        found = Hunt(self.problem, a, relation, b, self.points[:1], EVALUATIONS).run()
        if found.outcome is not None:
            return "undefined" if found.outcome.kind == "undefined" else "refuted"
        bound = relation in ("<=", "<") and variant.relations[n] == self.problem.relations[n]
        return "undecided" if bound else "survivors"
