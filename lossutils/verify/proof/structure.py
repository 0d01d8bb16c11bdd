"""Signs read off how an expression is built: sums of nonnegative terms, products of factors, even powers."""

from __future__ import annotations

from collections.abc import Callable

from ..expr import ONE, ByHead, Expr, conditions_of, sub
from ..functions import FUNCTIONS
from ..meaning.domains import Subset
from .regions import Given
from .signs import NO_FORM, Signs

_rule: ByHead[Callable[[Signs, Expr, bool, Given], bool]] = ByHead()


def by_structure(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    """Whether e >= 0 (strict: e > 0) because its parts have signs; what expanding would hide."""
    own = _rule.get(e)
    if own is not None:
        return own(signs, e, strict, given)
    known = FUNCTIONS.get(e.head)
    if known is None or not known.positive:
        return False
    return all(part(signs, need, True, given) for need, _ in known.needs(e.args[0]))


@_rule("num")
def _num(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    return bool(e.args[0] > 0 or (e.args[0] == 0 and not strict))


@_rule("add")
def _add(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    weak = all(part(signs, a, False, given) for a in e.args)
    return weak and (not strict or any(part(signs, a, True, given) for a in e.args))


@_rule("mul")
def _mul(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    return all(part(signs, a, strict, given) for a in e.args)


@_rule("pow")
def _pow(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    """An even power is not negative; a power of a positive number is positive."""
    base, n = e.args
    if n.head == "num" and n.args[0].denominator == 1:
        even = n.args[0] % 2 == 0
        return bool(even and not strict) or part(signs, base, strict or n.args[0] < 0, given)
    return part(signs, base, True, given)


@_rule("sum")
def _sum(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    """A sum of nonnegative terms is not negative; of positive ones it is positive, if it has a term."""
    variable, range_, body = e.args
    if strict and not has_terms(signs, variable, range_):
        return False
    with signs.normal.over({variable.args[0]: range_}):
        return part(signs, body, strict, given)


@_rule("maxover", "minover")
def _over(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    """The greatest or least of nonnegative numbers is one of them."""
    variable, range_, body = e.args
    with signs.normal.over({variable.args[0]: range_}):
        return part(signs, body, strict, given)


def part(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    """The sign of a part, by its own structure or by Z3."""
    if by_structure(signs, e, strict, given):
        return True
    if e.head in ("add", "mul") and e.has("sum"):
        return False  # left to the whole
    if not signs.normal.ranges and not signs.guard.plausible(e, given.conditions):
        return False
    try:
        return signs.surely(e, ">" if strict else ">=", given)
    except NO_FORM:
        return False


def has_terms(signs: Signs, variable: Expr, range_: Expr) -> bool:
    """Whether a sum or an extremum over a range surely has a term.

    A set is not empty. A range has as many indices as it is long; less one if the letter may not be one index; and what
    lies outside of a proper subset of 1..K is not empty.
    """
    conditions = conditions_of(range_)
    if range_.head == "in":
        return not conditions
    length = sub(range_.args[1], range_.args[0])
    if not conditions:
        return _surely(signs, length)
    if len(conditions) > 1:
        return False
    (condition,) = conditions
    if condition.args[0] is not variable or variable.args[0] in condition.args[1].free:  # of another letter
        return False
    if condition.head == "!=":
        return _surely(signs, sub(length, ONE))
    if condition.head in ("in", "notin") and condition.args[1].head == "sym":
        group = signs.problem.domains.get(condition.args[1].args[0])
        whole = isinstance(group, Subset) and range_.args[0] is ONE and signs.normal.equal(range_.args[1], group.length)
        return whole and (condition.head == "in" or group.proper)  # type: ignore[union-attr]
    return False


def _surely(signs: Signs, e: Expr) -> bool:
    try:
        return signs.surely(e, ">=")
    except NO_FORM:
        return False
