"""Whether a function in pieces has a derivative, or no jump, where its pieces meet."""

from __future__ import annotations

from ..conditions import decide, find_condition
from ..differentiate import KINKED, Differentiator
from ..expr import Expr, substitute
from .regions import Given, solution
from .signs import Signs


def smooth(signs: Signs, e: Expr, v: Expr) -> bool:
    """Whether e has a derivative in v where its pieces meet: at each border value and slope of both sides agree.

    Each piece is differentiable inside, so that is enough. A border that no letter solves, pieces inside a sum that
    depend on its index, and membership in a set are given up.
    """
    if v.args[0] not in e.free:
        return True
    condition = find_condition(e)
    if condition is None:
        return not any(x.head in KINKED and v.args[0] in x.free for x in e.walk())
    yes, no = decide(e, condition, True), decide(e, condition, False)
    if v.args[0] in condition.free:
        slope, other = (Differentiator().derivative(piece, v) for piece in (yes, no))
        if not (_meet(signs, yes, no, condition) and _meet(signs, slope, other, condition)):
            return False
    return smooth(signs, yes, v) and smooth(signs, no, v)


def continuous(signs: Signs, e: Expr, v: Expr) -> bool:
    """Whether e has no jump in v: at each border the values of both sides agree."""
    if v.args[0] not in e.free:
        return True
    condition = find_condition(e)
    if condition is None:
        return not any(x.head in ("floor", "sign", "bool", "cases") and v.args[0] in x.free for x in e.walk())
    yes, no = decide(e, condition, True), decide(e, condition, False)
    if v.args[0] in condition.free and not _meet(signs, yes, no, condition):
        return False
    return continuous(signs, yes, v) and continuous(signs, no, v)


def _meet(signs: Signs, yes: Expr, no: Expr, condition: Expr) -> bool:
    """Whether two expressions agree on the border of a condition, if it has one."""
    if condition.head in ("in", "notin"):
        return False
    border = Expr("=", *condition.args)
    if signs.solver.impossible([], [border]):
        return True
    found = solution(border, signs.normal)
    if found is None or not signs.defined(found[1]):
        return False
    here = tuple(substitute(e, *found) for e in (yes, no))
    regions = signs.splitter().regions(here)
    return all(signs.within(Given(r.conditions)).equal(*r.expressions) for r in regions)
