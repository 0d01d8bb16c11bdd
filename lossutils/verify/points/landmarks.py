"""Where a formula is likely to fail: zeros of what it divides by, of its conditions, of its sides' difference."""

from __future__ import annotations

from itertools import pairwise

from flint import fmpq

from ..expr import OPTIMA, OVER_INDEX, Expr, num, sub, substitute, sym
from ..meaning.problem import Problem
from .evaluation import Point, value

LONGEST = 6  # terms of a sum that is written out


def landmarks(problem: Problem, *sides: Expr) -> list[Expr]:
    """Expressions whose zeros are hard places: what is divided by, what logarithms, roots and conditions are of."""
    found: list[Expr] = []
    sides = sides or tuple(problem.sides)
    for side in [*sides, *problem.conditions]:
        for e in _written_out(side).walk():
            if e.head in ("pow", "log", "abs", "sign", "floor", "exp", "tanh", "sigma"):
                found.append(e.args[0])
            elif e.head == "mul":
                found += [a for a in e.args if a.head == "add"]
            elif e.head in ("sin", "cos") and e.args[0].free:
                found.append(e)
            elif e.head in ("<", "<=", "=", "!=", "max", "min"):
                found += [sub(e.args[0], a) for a in e.args[1:] if isinstance(a, Expr)]
            elif e.head == "interval":
                found += e.args[:2]
    for a, b in pairwise(sides):
        found.append(sub(a, b))
    letters = {n for e in found for n in e.free}
    far = [e.args[0] for s in sides for e in s.walk() if e.head == "num" and not 1 / 50 < abs(e.args[0]) < 50]
    found += [sub(sym(n), num(c * s)) for n in sorted(letters) for c in dict.fromkeys(far) if c for s in (1, -1)]
    plain = [e for e in dict.fromkeys(found) if e.free and not any("·" in n for n in e.free)]
    return [e for e in plain if not e.has("deriv", "at", "integral", "limit", *OPTIMA)]


def _written_out(e: Expr) -> Expr:
    """With short sums and the like as their terms, so that what vanishes in one term is seen."""
    e = e.map(_written_out)
    if e.head not in OVER_INDEX or e.args[1].head != "range":
        return e
    low, high, *conditions = e.args[1].args
    if low.head != "num" or high.head != "num" or conditions or not 0 <= high.args[0] - low.args[0] < LONGEST:
        return e
    terms = [substitute(e.args[2], e.args[0].args[0], num(k)) for k in range(int(low.args[0]), int(high.args[0]) + 1)]
    return Expr({"sum": "add", "prod": "mul"}.get(e.head, e.head[:3]), *terms)


def root(e: Expr, name: str, point: Point) -> fmpq | None:
    """Where an expression that is linear in a letter vanishes, the letters placed before being what they are."""
    had = name in point.values
    values: list[fmpq] = []
    try:
        for k in (0, 1, 2):
            point.values[name] = fmpq(k)
            found = value(e, point.fresh())
            if not isinstance(found, fmpq):
                return None
            values.append(found)
    except (ArithmeticError, KeyError, ValueError):
        return None
    finally:
        if not had:
            point.values.pop(name, None)
    a, b, c = values
    if b - a != c - b or a == b:
        return None
    crossing: fmpq = -a / (b - a)
    return crossing
