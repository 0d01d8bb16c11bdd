"""What the page "Check a formula" asks the checker: a request as JSON, the answer as JSON. It runs in a browser."""

import json
from typing import Any

from flint import fmpq

from lossutils.verify.ledger import Session, listed
from lossutils.verify.meaning.definitions import Definition
from lossutils.verify.meaning.domains import Scalar
from lossutils.verify.meaning.problem import Problem, pose
from lossutils.verify.points.floats import NotInFloats, in_floats
from lossutils.verify.points.sample import Sampler
from lossutils.verify.variants import variants

STEPS, REACH = 160, 3.0  # of a curve through a counterexample


def answer(request: str) -> str:
    """The verdict on a formula.

    The request holds `definitions` (each with label, latex, given and where), `latex`, `given`, `where`, `conventions`.
    """
    asked = json.loads(request)
    session = Session()
    try:
        for d in asked["definitions"]:
            session.define(d["label"], d["latex"], d["given"], listed(d["where"]))
        plain, used = session.resolved(asked["given"])
    except ValueError as error:
        return json.dumps({"status": "unknown", "line": f"unknown: {error}", "reason": str(error)})
    where, conventions = listed(asked["where"]), asked["conventions"]
    verdict = session.check(asked["latex"], asked["given"], where, conventions)
    data = verdict.as_dict() | {"line": verdict.line()}
    problem = _posed(asked["latex"], plain, where, used, conventions)
    if problem is not None and problem.statement is not None:
        data["variants"] = [name for _, name, _ in variants(problem.statement)[0]]
        if verdict.counterexample is not None:
            data["curve"] = curve(problem, verdict.counterexample.link, verdict.counterexample.values)
    return json.dumps(data)


def _posed(
    latex: str, given: dict[str, Any], where: list[str], used: list[Definition], conventions: list[str]
) -> Problem | None:
    try:
        return pose(latex, given, where, used, conventions)
    except ValueError:
        return None


def curve(problem: Problem, link: int, values: dict[str, str]) -> dict[str, Any] | None:
    """Both sides of a link along one real letter, through the point where they differ; nothing where none is real."""
    moving = next(
        (n for n, d in problem.domains.items() if isinstance(d, Scalar) and not d.integer and n in values), None
    )
    found = next((p for p in Sampler(problem).points(400) if p.described() == values), None)
    if moving is None or found is None:
        return None
    try:
        sides = [in_floats(problem.sides[link - 1 + k]) for k in (0, 1)]
    except NotInFloats:
        return None
    numbers = {
        n: float(fmpq(v).p) / float(fmpq(v).q) if isinstance(v, fmpq) else float(v) for n, v in found.values.items()
    }
    families: dict[str, dict[tuple[int, ...], float]] = {}
    for (name, at), v in found.families.items():
        families.setdefault(name, {})[at] = float(v.p) / float(v.q) if isinstance(v, fmpq) else float(v)
    centre = numbers[moving]
    reach = max(REACH, 2 * abs(centre))
    places = [centre + reach * (2 * k / STEPS - 1) for k in range(STEPS + 1)]
    drawn = [[_finite(side((numbers | {moving: x}, families, found.sets))) for x in places] for side in sides]
    return {"letter": moving, "at": centre, "places": places, "left": drawn[0], "right": drawn[1]}


def _finite(x: float) -> float | None:
    return x if abs(x) < 1e12 else None
