"""Differences of sums, term by term: one term for any values its components may take.

Sums over one range are put together, and a term is shown to be nonnegative with a letter of its own for each component
that the index picks. What stands beside them is shared out with weights that sum to 1. Where that fails, a multiplier
is added: u_j - v_j with sum_j u_j = sum_j v_j changes no sum. For Gibbs' inequality, q log(q/p) - (q - p) is not
negative although q log(q/p) may be; for Jensen's, with m the mean of the x_i, e^x_i - e^m - e^m (x_i - m) is not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product

from ..conditions import negation
from ..expr import (
    MINUS_ONE,
    ONE,
    ZERO,
    Expr,
    conditions_of,
    div,
    limits_of,
    mul,
    sub,
    substitute,
    sym,
)  # fmt: skip
from ..meaning.domains import REAL, Family, Scalar, Simplex
from .regions import ALWAYS, Given
from .signs import NO_FORM, Signs
from .structure import has_terms, part
from .terms import Terms, count_of, gathered

MOST_MULTIPLIERS = 40
DEPTH = 3  # derivatives taken to see the sign of a term


def termwise(signs: Signs, e: Expr, multipliers: bool) -> bool:
    """Whether e >= 0 because each term of it is, perhaps after a multiplier is added that sums to zero."""
    found = gathered(signs, e)
    if found is None:
        return False
    equal = div(ONE, count_of(signs, *found.binders[0])) if found.beside is not ZERO else ONE
    if _generic_term(signs, found, found.with_shares(equal)):
        return True
    if not multipliers or not found.whole.has("log", "exp"):
        return False
    changes = list(_multipliers(signs, found))
    for weight in _weights(signs, found, equal):
        term = found.with_shares(weight)
        if any(
            _generic_term(signs, found, sub(term, sub(u, v)), mean) for mean, u, v in _tangents(signs, found, weight)
        ):
            return True
        if any(_generic_term(signs, found, sub(term, sub(u, v))) for u, v in changes):
            return True
    return False


def _weights(signs: Signs, terms: Terms, equal: Expr) -> Iterator[Expr]:
    """How what stands beside the sums may be shared out: equally, or as the components of a probability vector."""
    yield equal
    if terms.beside is ZERO:
        return
    ((variable, range_),) = terms.binders
    for e in sorted({e for e in terms.body.walk() if e.head == "idx"}, key=lambda e: e.key):
        own = isinstance(signs.problem.domains.get(e.args[0]), Simplex) and e.args[1:] == (variable,)
        if own and signs.normal.equal(Expr("sum", variable, range_, e), ONE):
            yield e


def _generic_term(signs: Signs, terms: Terms, term: Expr, anything: Expr | None = None) -> bool:
    """Whether the term is nonnegative for all values that its components may take, and has a value for all of them.

    One part of it may be taken for a number of which nothing is known.

    A component of a family is any number of the family's domain, and a component of a probability vector any number
    from 0 to 1, or from 0 up if the term has a value there too. What depends on the index in another way has no letter,
    and then nothing is shown.
    """
    for beyond in (True, False):
        generic = _Generic(signs, terms, beyond)
        if anything is not None:
            if "§m" in signs.problem.domains:  # of a term around this one
                return False
            term, generic.domains["§m"] = _replaced(term, anything, sym("§m")), REAL
        letters = generic.of(term)
        if letters is None or letters.free & {v.args[0] for v, _ in terms.binders}:
            continue
        domains = {**signs.problem.domains, **generic.domains}
        conditions = [*signs.problem.conditions, *generic.bounds()]
        other = signs.other(replace(signs.problem, domains=domains, conditions=conditions))
        other.solver.barred = signs.solver.barred
        if not other.guard.plausible(letters):
            continue
        try:
            shown = other.defined(letters) and other.holds(letters, False, ALWAYS, DEPTH)
        except NO_FORM:
            shown = False
        if shown:
            signs.solver.lemmas |= other.solver.lemmas
            signs.means |= other.means
            return True
    return False


class _Generic:
    """A term with a letter of its own for each component that the indices pick."""

    def __init__(self, signs: Signs, terms: Terms, beyond: bool) -> None:
        self.signs, self.beyond = signs, beyond
        self.binders = terms.binders
        self.extrema = {e for e in terms.whole.walk() if e.head in ("maxover", "minover")}
        self.indices = tuple(v for v, _ in terms.binders)
        self.conditions = {c for _, r in terms.binders for c in conditions_of(r)}
        self.names = {v.args[0] for v in self.indices}
        self.domains: dict[str, Scalar] = {}
        self.known: dict[Expr, Expr] = {}
        self.shares = dict(_shares(signs, terms))  # part -> its normal form, by which equal ones are known

    def of(self, e: Expr) -> Expr | None:
        """The expression in letters; None where something else depends on an index."""
        if not e.free & self.names:
            return e
        if e.head == "bool" and (e.args[0] in self.conditions or negation(e.args[0]) in self.conditions):
            return ONE if e.args[0] in self.conditions else ZERO
        e, domain = (self.shares[e], _SHARE) if e in self.shares else (e, self._component(e))
        if e in self.known:
            return self.known[e]
        if domain is not None:
            letter = sym(f"§t{len(self.signs.problem.domains) + len(self.domains)}")
            while letter.args[0] in self.signs.problem.domains:  # of a term around this one
                letter = sym(letter.args[0] + "t")
            self.domains[letter.args[0]] = domain
            self.known[e] = letter
            return letter
        if e.head in ("sym", "idx"):
            return None
        parts = [self.of(a) if isinstance(a, Expr) else a for a in e.args]
        return None if None in parts else Expr(e.head, *parts)

    def bounds(self) -> Iterator[Expr]:
        """What is known of the letters besides: each is at most the greatest of what it stands for."""
        for e, (variable, range_) in product(sorted(self.extrema, key=lambda e: e.key), self.binders):
            at = (e.args[0].args[0], variable)
            within = {substitute(c, *at) for c in conditions_of(e.args[1])}
            if limits_of(e.args[1]) is limits_of(range_) and within <= set(conditions_of(range_)):
                own = self.of(substitute(e.args[2], *at))
                if own is not None:
                    yield Expr("<=", *((own, e) if e.head == "maxover" else (e, own)))

    def _component(self, e: Expr) -> Scalar | None:
        """The domain of a family's component that the indices pick and nothing else does."""
        if e.head != "idx" or not all(i in self.indices or not i.free & self.names for i in e.args[1:]):
            return None
        domain = self.signs.problem.domains.get(e.args[0])
        if isinstance(domain, Simplex):
            return Scalar(ZERO, None if self.beyond else ONE, low_closed=not domain.inner)
        if isinstance(domain, Family) and isinstance(domain.component, Scalar):
            return domain.component
        return None


_SHARE = Scalar(ZERO, ONE, low_closed=False)


def _shares(signs: Signs, terms: Terms) -> Iterator[tuple[Expr, Expr]]:
    """Parts of the term that are positive and sum to 1, such as a softmax, with their normal forms."""
    if len(terms.binders) != 1:
        return
    (variable, range_), seen = terms.binders[0], set[Expr]()
    if conditions_of(range_):
        return
    for e in terms.whole.walk():
        if e in seen or variable.args[0] not in e.free or e.head not in ("mul", "pow", "exp", "add"):
            continue
        seen.add(e)
        if e.free & _bound_inside(terms.whole, variable):
            continue
        try:
            total = signs.normal.quotient(Expr("sum", variable, range_, e)).number()
        except NO_FORM:
            continue
        if total == 1 and _positive(signs, variable, range_, e):
            yield e, signs.normal.canonical(e)


def _bound_inside(body: Expr, variable: Expr) -> set[str]:
    return {e.args[0].args[0] for e in body.walk() if e.head == "sum"} - {variable.args[0]}


def _positive(signs: Signs, variable: Expr, range_: Expr, e: Expr) -> bool:
    with signs.normal.over({variable.args[0]: range_}):
        return part(signs, e, True, Given())


def _replaced(e: Expr, part: Expr, by: Expr) -> Expr:
    return by if e is part else e.map(lambda a: _replaced(a, part, by))


# Multipliers


def _multipliers(signs: Signs, terms: Terms) -> Iterator[tuple[Expr, Expr]]:
    """Pairs u, v with one sum, among what logarithms and divisions in the term are of: u - v sums to zero."""
    candidates: dict[Expr, Expr] = {}
    for e in _candidates(signs, terms):
        total = e
        for v, r in reversed(terms.binders):
            total = Expr("sum", v, r, total)
        try:
            candidates[e] = signs.normal.canonical(total)
        except NO_FORM:
            continue
    found = 0
    for u, v in permutations(candidates, 2):
        if candidates[u] is candidates[v] and found < MOST_MULTIPLIERS:
            found += 1
            yield u, v


def _tangents(signs: Signs, terms: Terms, weight: Expr) -> Iterator[tuple[Expr, Expr, Expr]]:
    """For e^x_i in the sum and e^m beside it, m the mean of the x_i: m, and e^m x_i and e^m m with their weights."""
    if terms.beside is ZERO or not terms.beside.has("exp"):
        return
    ((variable, range_),) = terms.binders
    for at in sorted({e for e in terms.beside.walk() if e.head == "exp"}, key=lambda e: e.key):
        for e in sorted({e.args[0] for e in terms.body.walk() if e.head == "exp"}, key=lambda e: e.key):
            if signs.normal.equal(Expr("sum", variable, range_, mul(weight, e)), at.args[0]):
                yield at.args[0], mul(weight, at, e), mul(weight, at, at.args[0])


def _candidates(signs: Signs, terms: Terms) -> list[Expr]:
    """What might be a distribution over the index: factors of what logarithms are of, components, equal shares."""
    names = {v.args[0] for v, _ in terms.binders}
    found: list[Expr] = [e for e, _ in _shares(signs, terms)]
    for e in terms.whole.walk():
        if e.head == "log":
            found += [e.args[0], *_ratio(e.args[0])]
        elif e.head == "idx":
            found.append(e)
    own = [e for e in dict.fromkeys(found) if e.free & names and not _inner_bound(terms.whole) & e.free][:6]
    if len(terms.binders) == 1 and has_terms(signs, *terms.binders[0]):
        variable, range_ = terms.binders[0]
        own += [div(e, Expr("sum", variable, range_, e)) for e in own]
        own.append(div(ONE, count_of(signs, variable, range_)))
    return own


def _inner_bound(body: Expr) -> set[str]:
    return {e.args[0].args[0] for e in body.walk() if e.head in ("sum", "prod", "maxover", "minover")}


def _ratio(e: Expr) -> tuple[Expr, Expr]:
    """What stands above and below in a quotient."""
    factors = e.args if e.head == "mul" else (e,)
    below = [f.args[0] for f in factors if f.head == "pow" and f.args[1] is MINUS_ONE]
    above = [f for f in factors if not (f.head == "pow" and f.args[1] is MINUS_ONE)]
    return mul(*above), mul(*below)
