"""Sums over one range put together: the sum of one term, and what stands beside it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from ..expr import MINUS_ONE, ONE, ZERO, Expr, add, conditions_of, limits_of, mul, neg, substitute
from .signs import Signs
from .structure import has_terms


@dataclass
class Terms:
    """Sums over one range, or one nested range, as the sum of one term; and what is left over."""

    binders: list[tuple[Expr, Expr]]
    body: Expr
    beside: Expr = ZERO

    @property
    def whole(self) -> Expr:
        """All that is spoken of."""
        return add(self.body, self.beside)

    def with_shares(self, weight: Expr) -> Expr:
        """The term with its share of what stands beside."""
        return self.body if self.beside is ZERO else add(self.body, mul(weight, self.beside))


def gathered(signs: Signs, e: Expr) -> Terms | None:
    """e as one sum of one term; None if it is no difference of sums over one range.

    What stands beside the sums is shared out: c is the sum of c/n over n indices, if there are any.
    """
    first: list[tuple[Expr, Expr]] | None = None
    terms, beside = [], []
    for summand in _flat(e):
        factor, total = _coefficient(summand)
        binders, body = _opened(total)
        if not binders:
            beside.append(summand)
            continue
        first = first or binders
        matched = _matched(signs, first, binders, body)
        if matched is None:
            return None
        terms.append(mul(factor, matched))
    if first is None or (beside and (len(first) > 1 or not has_terms(signs, *first[0]))):
        return None
    return Terms(first, add(*terms), add(*beside) if beside else ZERO)


def count_of(signs: Signs, variable: Expr, range_: Expr) -> Expr:
    """How many indices there are."""
    return signs.normal.canonical(Expr("sum", variable, range_, ONE))


def _opened(e: Expr) -> tuple[list[tuple[Expr, Expr]], Expr]:
    """The sums in front, and what they are of."""
    binders = []
    while e.head == "sum":
        binders.append((e.args[0], e.args[1]))
        e = e.args[2]
    return binders, e


def _matched(signs: Signs, first: list[tuple[Expr, Expr]], binders: list[tuple[Expr, Expr]], body: Expr) -> Expr | None:
    """A body with the letters of the first sums for its own, if the ranges are the same and independent."""
    if len(first) != len(binders):
        return None
    bound = {v.args[0] for v, _ in first} | {v.args[0] for v, _ in binders}
    for order in permutations(binders):
        named = [(v, r, w, s) for (v, r), (w, s) in zip(first, order, strict=True)]
        apart = not any((limits_of(r).free | limits_of(s).free) & bound for _, r, _, s in named)
        if apart and all(_same_range(signs, *each) for each in named):
            for v, _, w, _ in named:
                body = substitute(body, w.args[0], v)
            return body
    return None


def _same_range(signs: Signs, v: Expr, a: Expr, w: Expr, b: Expr) -> bool:
    """Whether two letters run over the same indices."""
    if a.head != b.head or conditions_of(a) != tuple(substitute(c, w.args[0], v) for c in conditions_of(b)):
        return False
    a, b = limits_of(a), limits_of(b)
    return a is b or (a.head == "range" and all(signs.normal.equal(x, y) for x, y in zip(a.args, b.args, strict=True)))


# One term, for any values of its components


def _flat(e: Expr) -> list[Expr]:
    """The terms of a sum, signs carried inward."""
    if e.head == "add":
        return [t for a in e.args for t in _flat(a)]
    if e.head == "mul" and e.args[0] is MINUS_ONE and len(e.args) == 2:
        return [neg(t) for t in _flat(e.args[1])]
    return [e]


def _coefficient(e: Expr) -> tuple[Expr, Expr]:
    """What stands before a sum, and the sum; what is no multiple of one sum is left whole."""
    if e.head != "mul":
        return ONE, e
    inner = [_coefficient(a) for a in e.args]
    sums = [total for _, total in inner if total.head == "sum"]
    if len(sums) != 1:
        return ONE, e
    return mul(*(factor if total is sums[0] else a for a, (factor, total) in zip(e.args, inner, strict=True))), sums[0]
