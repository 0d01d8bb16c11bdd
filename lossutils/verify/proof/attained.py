"""Extrema and sums by some of their terms.

The greatest of finitely many numbers is one of them: what holds with g(a) for max_j g(j), for an index a of which
nothing is known but that g(j) <= g(a), holds of the maximum. A sum of nonnegative terms is at least each of them,
whatever it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ..expr import ONE, ZERO, Expr, conditions_of, mul, sub, substitute, sym
from ..meaning.domains import Domain, Index, Scalar, Subset
from ..meaning.problem import Problem
from .regions import Given
from .signs import Signs
from .structure import has_terms, part

MOST_EXTREMA = 3


def with_indices(signs: Signs, *sides: Expr) -> tuple[Problem, tuple[Expr, ...]] | None:
    """The problem and the sides with an index, at which it is attained, for each extremum; None if there is none.

    An extremum has to be over something, or there is no such index.
    """
    extrema = sorted({e for side in sides for e in side.walk() if _plain(signs, e)}, key=lambda e: e.key)
    if not extrema or len(extrema) > MOST_EXTREMA:
        return None
    domains, conditions = dict(signs.problem.domains), list(signs.problem.conditions)
    put: dict[Expr, Expr] = {}
    for n, e in enumerate(extrema):
        index = sym(f"§a{n}")
        range_ = e.args[1]
        domains[index.args[0]] = (
            Index(range_.args[0], range_.args[1]) if range_.head == "range" else Index(within=range_.args[0].args[0])
        )
        at = (e.args[0].args[0], index)
        conditions += [substitute(c, *at) for c in conditions_of(range_)]
        put[e] = substitute(e.args[2], *at)
    indices = [sym(name) for name, domain in sorted(domains.items()) if isinstance(domain, Index)]
    for e in extrema:
        for other in indices:
            value = substitute(e.args[2], e.args[0].args[0], other)
            truth = _membership(signs, other, e, domains, conditions)
            if value is not put[e] and truth is not None:
                gap = sub(value, put[e]) if e.head == "maxover" else sub(put[e], value)
                conditions.append(Expr("<=", mul(*truth, gap), ZERO))
    problem = replace(signs.problem, domains=domains, conditions=conditions)
    return problem, tuple(_replaced(side, put) for side in sides)


def _plain(signs: Signs, e: Expr) -> bool:
    """Whether it is an extremum outside of any sum, over something."""
    bound = any("·" in n or n[0] == "§" for n in e.free)
    return e.head in ("maxover", "minover") and not bound and has_terms(signs, *e.args[:2])


def _membership(signs: Signs, index: Expr, e: Expr, domains: dict[str, Domain], known: list[Expr]) -> list[Expr] | None:
    """The truth of what is not known of an index within a range's limits; None if it may lie outside of them."""
    own, range_ = domains[index.args[0]], e.args[1]
    assert isinstance(own, Index)
    held = [substitute(c, e.args[0].args[0], index) for c in conditions_of(range_)]
    unknown = [Expr("bool", c) for c in held if c not in known]
    if range_.head == "in":
        return unknown if own.within == range_.args[0].args[0] else None
    group = signs.problem.domains.get(own.within or own.outside or "")
    low, high = (ONE, group.length) if isinstance(group, Subset) else (own.low, own.high)
    if high is None:
        return None
    within = signs.normal.equal(low, range_.args[0]) and signs.normal.equal(high, range_.args[1])
    return unknown if within else None


def _replaced(e: Expr, put: dict[Expr, Expr]) -> Expr:
    return put[e] if e in put else e.map(lambda a: _replaced(a, put))


def by_terms(signs: Signs, e: Expr, strict: bool, given: Given) -> bool:
    """Whether e is positive for any number S in place of a sum of nonnegative terms, S being at least each term known.

    The terms known are those at the indices that the problem speaks of and that meet the sum's conditions.
    """
    sums = sorted({x for x in e.walk() if x.head == "sum" and _closed(x) and _nonnegative(signs, x, given)}, key=_key)
    if not sums or any(n.startswith("§S") for n in signs.problem.domains):
        return False
    domains, conditions, put = dict(signs.problem.domains), list(signs.problem.conditions), dict[Expr, Expr]()
    for n, x in enumerate(sums):
        letter = sym(f"§S{n}")
        domains[letter.args[0]] = Scalar(low=ZERO)
        put[x] = letter
        conditions += [Expr("<=", term, letter) for term in _terms(signs, x, [*conditions, *given.conditions])]
    other = signs.other(replace(signs.problem, domains=domains, conditions=conditions))
    if not other.holds(_replaced(e, put), strict, given, 0):
        return False
    signs.solver.lemmas |= {"a sum of nonnegative terms is at least each of them"} | other.solver.lemmas
    signs.means |= other.means
    return True


def _key(e: Expr) -> str:
    return e.key


def _closed(e: Expr) -> bool:
    """Whether no letter of another sum stands in it."""
    return not any("·" in n for n in e.free)


def _nonnegative(signs: Signs, e: Expr, given: Given) -> bool:
    variable, range_, body = e.args
    with signs.normal.over({variable.args[0]: range_}):
        return part(signs, body, False, given) or signs.holds(body, False, given, 0)


def _terms(signs: Signs, e: Expr, known: list[Expr]) -> Iterator[Expr]:
    variable, _, body = e.args
    for name, domain in sorted(signs.problem.domains.items()):
        if isinstance(domain, Index) and _membership(signs, sym(name), e, signs.problem.domains, known) == []:
            yield substitute(body, variable.args[0], sym(name))
