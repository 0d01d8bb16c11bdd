"""What is known of the atoms of a question to Z3: signs, bounds, and how two of them compare.

Plain facts are an atom's domain, its sign, and what defines it. The others are lemmas, with names, which a verdict that
rests on them shows:

- ``e^x >= 1 + x`` and ``log x <= x - 1``: the tangents at 0 and at 1, of a convex and a concave function;
- ``exp increases``, ``log increases``;
- ``a sum of nonnegative terms is at least each of them``, and so at least the sum over some of them;
- ``a sum is at most its number of terms times a bound of each``.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import z3
from flint import arb

from ..expr import ONE, ByHead, Expr, sub, substitute
from ..meaning.domains import REAL, Domain, Family, Finite, Index, Scalar, Simplex, Subset
from ..numbers import single_whole, use_precision
from .algebra import TooLarge
from .form import NoNormalForm
from .query import Query
from .sums import inside

TANGENT_OF_EXP, TANGENT_OF_LOG = "e^x >= 1 + x", "log x <= x - 1"
EXP_INCREASES, LOG_INCREASES = "exp increases", "log increases"
SUM_AND_TERM = "a sum of nonnegative terms is at least each of them"
SUM_AND_BOUND = "a sum is at most its number of terms times a bound of each"
NO_FACT = (NoNormalForm, TooLarge, ZeroDivisionError)

_rule: ByHead[Callable[[Query, Expr], None]] = ByHead()


def of_atom(query: Query, a: Expr) -> None:
    """Say what is known of one atom."""
    own = _rule.get(a)
    if own is not None:
        try:
            own(query, a)
        except NO_FACT:
            return


@_rule("sym")
def _sym(query: Query, a: Expr) -> None:
    _in_domain(query, query.atom(a), query.domains.get(a.args[0], REAL))
    range_ = query.normal.ranges.get(a.args[0])
    if range_ is not None and range_.head == "range":
        query.say(query.atom(a) >= query.term(range_.args[0]), query.atom(a) <= query.term(range_.args[1]))


@_rule("idx")
def _idx(query: Query, a: Expr) -> None:
    domain, x = query.domains.get(a.args[0]), query.atom(a)
    if isinstance(domain, Simplex):
        query.say(x > 0 if domain.inner else x >= 0, x <= 1)
    elif isinstance(domain, Family):
        _in_domain(query, x, domain.component)


def _in_domain(query: Query, x: Any, domain: Domain) -> None:
    if isinstance(domain, Finite):
        query.say(z3.Or([x == query.term(v) for v in domain.values]))
    elif isinstance(domain, Scalar):
        if domain.low is not None:
            low = query.term(domain.low)
            query.say(x >= low if domain.low_closed else x > low)
        if domain.high is not None:
            high = query.term(domain.high)
            query.say(x <= high if domain.high_closed else x < high)
        if domain.nonzero:
            query.say(x != 0)
    elif isinstance(domain, Index) and domain.within is None and domain.outside is None:
        query.say(x >= query.term(domain.low))
        if domain.high is not None:
            query.say(x <= query.term(domain.high))


@_rule("exp")
def _exp(query: Query, a: Expr) -> None:
    e = query.atom(a)
    query.say(e > 0)
    if a.args[0] is ONE:
        _between(query, e, arb(1).exp())
        return
    x = query.term(a.args[0])
    steps = z3.Implies(x > 0, e > 1), z3.Implies(x < 0, e < 1), z3.Implies(x == 0, e == 1)
    query.say(*steps, lemma=EXP_INCREASES)
    if not query.says_the_goal(sub(a, Expr("add", ONE, a.args[0]))):
        query.say(e >= 1 + x, lemma=TANGENT_OF_EXP)


@_rule("log")
def _log(query: Query, a: Expr) -> None:
    """Of log|x|: what is said of it holds where x is positive."""
    within = a.args[0]
    if within.head == "num":
        use_precision(128)
        _between(query, query.atom(a), arb(within.args[0].numerator).log())
        return
    x, y = query.term(within), query.atom(a)
    steps = z3.Implies(x > 1, y > 0), z3.Implies(z3.And(x > 0, x < 1), y < 0), z3.Implies(x == 1, y == 0)
    query.say(*steps, lemma=LOG_INCREASES)
    if not query.says_the_goal(sub(sub(within, ONE), a)):
        query.say(z3.Implies(x > 0, z3.And(y <= x - 1, x * y >= x - 1)), lemma=TANGENT_OF_LOG)


@_rule("num")
def _num(query: Query, a: Expr) -> None:
    value = a.args[0]
    query.say(query.atom(a) == z3.Q(value.numerator, value.denominator, query.context))


@_rule("const")
def _const(query: Query, a: Expr) -> None:
    if a.args[0] == "pi":
        _between(query, query.atom(a), arb.pi())


def _between(query: Query, x: Any, ball: arb) -> None:
    """A constant between two rationals, by Arb's ball."""
    low = single_whole((ball * 2**40).lower().floor())
    query.say(x >= z3.Q(low, 2**40, query.context), x <= z3.Q(low + 2, 2**40, query.context))


@_rule("abs")
def _abs(query: Query, a: Expr) -> None:
    x, y = query.term(a.args[0]), query.atom(a)
    query.say(y >= 0, z3.Or(y == x, y == -x))


@_rule("sign")
def _sign(query: Query, a: Expr) -> None:
    x, y = query.term(a.args[0]), query.atom(a)
    query.say(z3.Or(z3.And(x > 0, y == 1), z3.And(x < 0, y == -1), z3.And(x == 0, y == 0)))


@_rule("bool")
def _bool(query: Query, a: Expr) -> None:
    """A truth value is 0 or 1; that two indices are equal, it is 1 just where they are."""
    truth, condition = query.atom(a), a.args[0]
    query.say(z3.Or(truth == 0, truth == 1))
    if condition.head == "=":
        i, k = (query.term(x) for x in condition.args)
        query.say((truth == 1) == (i == k))


@_rule("card")
def _card(query: Query, a: Expr) -> None:
    """A set of indices is not empty, by what its declaration means."""
    query.say(query.atom(a) >= 1)
    domain = query.domains.get(a.args[0].args[0])
    if isinstance(domain, Subset):
        most = query.term(domain.length)
        query.say(query.atom(a) <= most - 1 if domain.proper else query.atom(a) <= most)


@_rule("sin", "cos")
def _wave(query: Query, a: Expr) -> None:
    query.say(query.atom(a) >= -1, query.atom(a) <= 1)


@_rule("pow")
def _pow(query: Query, a: Expr) -> None:
    """A root is not negative, and its power is what is under it."""
    base, n = a.args
    if n.head == "num" and n.args[0].denominator in (2, 3, 4) and 0 < n.args[0] < 1:
        query.say(query.atom(a) >= 0)
        power = query.atom(a)
        for _ in range(n.args[0].denominator - 1):
            power = power * query.atom(a)
        if n.args[0].numerator == 1:
            query.say(power == query.term(base))


# Sums and extrema


@_rule("sum")
def _sum(query: Query, a: Expr) -> None:
    """A sum of nonnegative terms is nonnegative, and no less than any of them, or than the sum over some of them."""
    variable, range_, body = a.args
    nonnegative, positive = _signs(query, variable, range_, body)
    if not nonnegative:
        return
    query.say(query.atom(a) > 0 if positive and _nonempty(query, range_) else query.atom(a) >= 0)
    terms = {index: query.term(substitute(body, variable.args[0], index)) for index in _indices(query, range_)}
    query.say(*(query.atom(a) >= term for term in terms.values()), lemma=SUM_AND_TERM)
    for i, k in combinations(terms, 2):
        if {Expr("!=", i, k), Expr("!=", k, i)} & {*query.normal.known, *query.normal.problem.conditions}:
            query.say(query.atom(a) >= terms[i] + terms[k], lemma=SUM_AND_TERM)
    subset = query.domains.get(range_.args[0].args[0]) if range_.head == "in" else None
    if isinstance(subset, Subset):
        full = Expr("range", ONE, subset.length)
        signs = _signs(query, variable, full, body)
        if signs[0]:
            whole = query.term(Expr("sum", variable, full, body))
            more = subset.proper and signs[1]  # what is left out has a term, and that is positive
            query.say(query.atom(a) < whole if more else query.atom(a) <= whole, lemma=SUM_AND_TERM)


def _signs(query: Query, variable: Expr, range_: Expr, body: Expr) -> tuple[bool, bool]:
    """Whether all terms of a sum are nonnegative, and whether all are positive."""
    with query.normal.over({variable.args[0]: range_}):
        within = query.normal.quotient(body)
        nonnegative = query.surely(within, ">=")
        return nonnegative, nonnegative and query.surely(within, ">")


def _nonempty(query: Query, range_: Expr) -> bool:
    if range_.head == "in":
        return len(range_.args) == 1
    if len(range_.args) > 2:
        return False
    return query.surely(query.normal.quotient(sub(range_.args[1], range_.args[0])), ">=")


def _indices(query: Query, range_: Expr) -> list[Expr]:
    """Free letters known to lie in a range, its conditions met."""
    found = []
    for name, domain in query.domains.items():
        if not isinstance(domain, Index):
            continue
        index = Expr("sym", name)
        try:
            member = range_.head == "in" and domain.within == range_.args[0].args[0]
            if member or inside(query.normal, index, range_) is ONE:
                found.append(index)
        except NO_FACT:
            continue
    return found if len(range_.args) == (2 if range_.head == "range" else 1) else []


@_rule("maxover", "minover")
def _extremum(query: Query, a: Expr) -> None:
    """The greatest is no less than any, the least no greater."""
    variable, range_, body = a.args
    for index in _indices(query, range_):
        value = query.term(substitute(body, variable.args[0], index))
        query.say(query.atom(a) >= value if a.head == "maxover" else query.atom(a) <= value)


def of_pairs(query: Query) -> None:
    """Say how two atoms compare: exponentials, logarithms, and a sum with a greatest term."""
    atoms = sorted(query.unknowns, key=lambda a: a.key)
    for extremum in [a for a in atoms if a.head == "maxover"]:
        for total in [a for a in atoms if a.head == "sum"]:
            _sum_and_greatest(query, total, extremum)
    atoms = sorted(query.unknowns, key=lambda a: a.key)
    for a, b in combinations([a for a in atoms if a.head == "idx"], 2):
        _same_component(query, a, b)
    for head, lemma in (("exp", EXP_INCREASES), ("log", LOG_INCREASES)):
        same = [a for a in atoms if a.head == head and a.args[0] is not ONE]
        if len(same) <= 5:
            for k, a in enumerate(same):
                for b in same[k + 1 :]:
                    _increasing(query, a, b, lemma)


def _same_component(query: Query, a: Expr, b: Expr) -> None:
    """Components of one family are equal where their indices are, if the question speaks of the indices."""
    if a.args[0] == b.args[0] and len(a.args) == len(b.args):
        pairs = list(zip(a.args[1:], b.args[1:], strict=True))
        if all(i is k or (i in query.unknowns and k in query.unknowns) for i, k in pairs):
            equal = z3.And(*(query.term(i) == query.term(k) for i, k in pairs))
            query.say(z3.Implies(equal, query.atom(a) == query.atom(b)))


def _increasing(query: Query, a: Expr, b: Expr, lemma: str) -> None:
    try:
        x, y = query.term(a.args[0]), query.term(b.args[0])
    except NO_FACT:
        return
    guard = z3.And(x > 0, y > 0) if a.head == "log" else z3.BoolVal(True, query.context)
    query.say(
        z3.Implies(guard, (x < y) == (query.atom(a) < query.atom(b))),
        z3.Implies(guard, (x == y) == (query.atom(a) == query.atom(b))),
        lemma=lemma,
    )
    for p, q in ((a, b), (b, a)):
        _tangent(query, p, q)


def _tangent(query: Query, a: Expr, b: Expr) -> None:
    """The tangent at another place: e^x >= e^y (1 + x - y); y (log x - log y) <= x - y for positive x and y."""
    e, at, x, y = query.atom(a), query.atom(b), query.term(a.args[0]), query.term(b.args[0])
    if a.head == "log":
        gap = sub(sub(a.args[0], b.args[0]), Expr("mul", b.args[0], sub(a, b)))
        if not query.says_the_goal(gap):
            query.say(z3.Implies(z3.And(x > 0, y > 0), y * (e - at) <= x - y), lemma=TANGENT_OF_LOG)
        return
    if not query.says_the_goal(sub(a, Expr("mul", b, Expr("add", ONE, sub(a.args[0], b.args[0]))))):
        query.say(e >= at * (1 + x - y), lemma=TANGENT_OF_EXP)


def _sum_and_greatest(query: Query, total: Expr, extremum: Expr) -> None:
    """Where M = max_j s_j: sum_j g(s_j) <= n g(M) and, for g >= 0, g(M) <= sum_j g(s_j); g is the identity or exp.

    Both because s_j <= M for each j, with equality for one, and g increases.
    """
    (_, range_, body), (variable, other, within) = total.args, extremum.args
    if range_ is not other or len(range_.args) > (2 if range_.head == "range" else 1):
        return
    normal = query.normal
    try:
        term = substitute(within, variable.args[0], total.args[0])
        count = query.term(normal.canonical(Expr("sum", total.args[0], range_, ONE)))
        if normal.equal(body, Expr("exp", term)):
            top = query.term(Expr("exp", extremum))
            query.say(query.atom(total) <= count * top, lemma=SUM_AND_BOUND)
            query.say(top <= query.atom(total), lemma=SUM_AND_TERM)
        elif normal.equal(body, term):
            query.say(query.atom(total) <= count * query.atom(extremum), lemma=SUM_AND_BOUND)
    except NO_FACT:
        return
