"""Sums, products and extrema over indices in normal form: what comes out, what splits, what an index picks.

Every rule is an identity of finite sums. Ranges are of whole numbers, and empty where the upper limit is below the
lower; sets of indices are not empty, by the meaning of their declaration.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

from ..expr import ONE, Expr, add, conditions_of, mul, neg, num, power, sub, substitute, sym
from ..meaning.domains import Index, Scalar, Simplex, Subset
from .algebra import UNIT, Factor, Monomial, Poly, Quotient, atom, monomial, number, poly_expr, primitive, quotient_expr
from .form import Form, NoNormalForm, height, letter

LONGEST_UNROLLED = 12
MOST_BINDERS = 4
HIGHEST_POWER = 4  # of a letter that is summed over

Binder = tuple[Expr, Expr]


def short_ends(form: Form, range_: Expr) -> tuple[int, int] | None:
    """The ends of a range that is short enough to be written out."""
    if range_.head != "range":
        return None
    low, high = (form.quotient(b).number() for b in range_.args[:2])
    if low is None or high is None or high - low >= LONGEST_UNROLLED:
        return None
    return int(low), int(high)


def sum_of(form: Form, e: Expr) -> Quotient:
    """A sum: written out if it is short, else without its conditions and term by term."""
    variable, range_, body = e.args
    if (ends := short_ends(form, range_)) is not None:
        return unrolled(form, e, *ends)
    if conditions_of(range_):
        return form.quotient(without_last_condition(form, e))
    with form.over({variable.args[0]: range_}):
        inside = form.quotient(body)
    return distributed(form, variable, range_, inside)


def unrolled(form: Form, e: Expr, low: int, high: int) -> Quotient:
    """The terms of a short sum, each with the truth of its conditions."""
    variable, range_, body = e.args
    total = number(0)
    for k in range(low, high + 1):
        at = (variable.args[0], num(k))
        held = [Expr("bool", substitute(c, *at)) for c in range_.args[2:]]
        total = total + form.quotient(mul(*held, substitute(body, *at)))
    return total


def without_last_condition(form: Form, e: Expr) -> Expr:
    """The sum over j != i as that over all j less the term of i, if i itself meets the other conditions."""
    variable, range_, body = e.args
    *kept, last = conditions_of(range_)
    rest = Expr(range_.head, *range_.args[: len(range_.args) - len(kept) - 1], *kept)
    if last.head == "!=" and variable in last.args:
        other = last.args[1] if last.args[0] is variable else last.args[0]
        if variable.args[0] in other.free:
            raise NoNormalForm("an index excluded by itself")
        at = (variable.args[0], other)
        also = [Expr("bool", substitute(c, *at)) for c in kept]
        removed = mul(inside(form, other, rest), *also, substitute(body, *at))
        return sub(Expr("sum", variable, rest, body), removed)
    if last.head in ("in", "notin", "="):
        return Expr("sum", variable, rest, mul(Expr("bool", last), body))
    raise NoNormalForm("a condition on a sum")


def inside(form: Form, index: Expr, range_: Expr) -> Expr:
    """1 if an index is known to lie between a range's limits, the truth value that it does in a set."""
    if range_.head == "in":
        return Expr("bool", Expr("in", index, range_.args[0]))
    known = _limits(form, index)
    if known is not None and all(form.equal(a, b) for a, b in zip(known.args, range_.args[:2], strict=True)):
        return ONE
    raise NoNormalForm("an index that may lie outside the range")


def _limits(form: Form, index: Expr) -> Expr | None:
    """The limits between which an index lies, as its range or its domain says."""
    if index.head != "sym":
        return None
    known = form.ranges.get(index.args[0])
    domain = form.problem.domains.get(index.args[0])
    group = None
    if isinstance(domain, Index):
        group = domain.within or domain.outside
        if group is None and domain.high is not None:
            return Expr("range", domain.low, domain.high)
    if known is not None and known.head == "in":
        group = known.args[0].args[0]
    subset = form.problem.domains.get(group) if group else None
    if isinstance(subset, Subset):
        return Expr("range", ONE, subset.length)
    return Expr("range", *known.args[:2]) if known is not None and known.head == "range" else None


def distributed(form: Form, variable: Expr, range_: Expr, body: Quotient) -> Quotient:
    """Linear: term by term, what does not depend on the letter in front."""
    name = variable.args[0]
    outside = {f: n for f, n in body.bottom.items() if not _depends(f, name)}
    within = {f: n for f, n in body.bottom.items() if _depends(f, name)}
    total = number(0)
    grouped: dict[Monomial, Poly] = {}
    for m, c in body.top.items():
        free = tuple((a, n) for a, n in m if name not in a.free)
        own = tuple((a, n) for a, n in m if name in a.free)
        picked = _picked(form, variable, range_, own, within)
        if picked is not None:
            total = total + Quotient({free: c}, outside) * picked
        elif within:
            grouped.setdefault(free, {})[own] = c
        else:
            total = total + Quotient({free: c}, outside) * _term(form, variable, range_, own)
    for free, part in grouped.items():
        content = primitive(part)[0] if len(part) > 1 else next(iter(part.values()))
        inner = {m: c / content for m, c in part.items()}
        found = as_atom(form, [(variable, range_)], quotient_expr(Quotient(inner, within)))
        total = total + Quotient({free: content}, outside) * found
    return total


def _picked(form: Form, variable: Expr, range_: Expr, own: Monomial, within: dict[Factor, int]) -> Quotient | None:
    """The sum of one term in which a truth value picks an index or restricts the range."""
    for a, n in own:
        if a.head == "bool" and n > 0:
            rest = monomial({b: k for b, k in own if b is not a})
            body = quotient_expr(Quotient({rest: Fraction(1)}, within))
            found = _selected(form, variable, range_, a.args[0], body)
            if found is not None:
                return found
    return None


def _selected(form: Form, variable: Expr, range_: Expr, condition: Expr, body: Expr) -> Quotient | None:
    """sum_j [j = i] g(j) = g(i) for an i in the range; [j in P] restricts a sum over all to P."""
    if condition.head == "=" and variable in condition.args:
        other = condition.args[1] if condition.args[0] is variable else condition.args[0]
        if variable.args[0] in other.free:
            return None
        return form.quotient(mul(inside(form, other, range_), substitute(body, variable.args[0], other)))
    if condition.head == "in" and condition.args[0] is variable:
        subset = form.problem.domains.get(condition.args[1].args[0])
        if isinstance(subset, Subset) and _whole(form, range_, subset.length):
            return form.quotient(Expr("sum", variable, Expr("in", condition.args[1]), body))
    return None


def _whole(form: Form, range_: Expr, length: Expr) -> bool:
    """Whether a range is all of 1..length."""
    return range_.head == "range" and range_.args[0] is ONE and form.equal(range_.args[1], length)


def _term(form: Form, variable: Expr, range_: Expr, own: Monomial) -> Quotient:
    """The sum of one monomial."""
    if not own:
        return count(form, range_)
    if len(own) == 1 and own[0][1] == 1:
        a = own[0][0]
        simplex = form.problem.domains.get(a.args[0]) if a.head == "idx" else None
        if isinstance(simplex, Simplex) and a.args[1] is variable and _whole(form, range_, simplex.length):
            return number(1)
    if len(own) == 1 and own[0][0] is variable and own[0][1] in range(1, HIGHEST_POWER + 1) and range_.head == "range":
        found = _of_powers(form, range_, int(own[0][1]))
        if found is not None:
            return found
    if any(a.head == "sum" and n > 0 and n.denominator == 1 for a, n in own):
        flat = _flattened(form, variable, range_, own)
        if flat is not None:
            return flat
    return as_atom(form, [(variable, range_)], poly_expr({monomial(dict(own)): Fraction(1)}))


def _of_powers(form: Form, range_: Expr, n: int) -> Quotient | None:
    """sum_{k=a}^b k^n as F(b) - F(a - 1), F the polynomial with F(0) = 0 and F(k) - F(k - 1) = k^n; if b >= a - 1."""
    low, high = range_.args[:2]
    if not at_least_zero(form, form.quotient(add(high, neg(low), ONE))):
        return None
    return _faulhaber(form.quotient(high), n) - _faulhaber(form.quotient(sub(low, ONE)), n)


def _faulhaber(x: Quotient, n: int) -> Quotient:
    """The polynomial with F(0) = 0 and F(x) - F(x - 1) = x^n."""
    below, terms = _FAULHABER[n]
    found = number(0)
    for power_, c in terms.items():
        found = found + x.power(power_) * number(Fraction(c, below))
    return found


_FAULHABER = {  # the common denominator, and the numerators by powers
    1: (2, {2: 1, 1: 1}),
    2: (6, {3: 2, 2: 3, 1: 1}),
    3: (4, {4: 1, 3: 2, 2: 1}),
    4: (30, {5: 6, 4: 15, 3: 10, 1: -1}),
}


def count(form: Form, range_: Expr) -> Quotient:
    """How many indices there are: b - a + 1 if that is not negative for certain."""
    if range_.head == "in":
        return form.quotient(Expr("card", range_.args[0]))
    found = form.quotient(add(range_.args[1], neg(range_.args[0]), ONE))
    if at_least_zero(form, found):
        return found
    return atom(Expr("sum", letter(1), bounds(form, range_), ONE))


def at_least_zero(form: Form, q: Quotient) -> bool:
    """Whether a number of indices is one: from 5 to 3 there are none, not minus one."""
    value = q.number()
    if value is not None:
        return value >= 0
    least = q.top.get(UNIT, Fraction(0))
    if not q.bottom:  # K - 1 and the like at once: it must not depend on whether a question may be asked
        for m, c in q.top.items():
            domain = form.problem.domains.get(m[0][0].args[0]) if len(m) == 1 and m[0][0].head == "sym" else None
            low = domain.low if isinstance(domain, Scalar) else None
            if m == UNIT:
                continue
            if len(m) > 1 or m[0][1] != 1 or c < 0 or low is None or low.head != "num":
                break
            least += c * low.args[0]
        else:
            if least >= 0:
                return True
    return form.surely(q, ">=")


# Sums of sums: all the sums in front, in an order of their own


def _flattened(form: Form, variable: Expr, range_: Expr, own: Monomial) -> Quotient | None:
    """sum_i x_i (sum_j y_ij)^2 as one sum over i, j and k of a product."""
    binders, body = [(variable, range_)], list[Expr]()
    for a, n in own:
        opened = a.head == "sum" and n > 0 and n.denominator == 1
        for _ in range(int(n) if opened else 1):
            _open(form, a if opened else power(a, num(n)), binders, body)
    if len(binders) > MOST_BINDERS:
        return None
    with form.over({v.args[0]: r for v, r in binders}):
        product = form.quotient(mul(*body))
    if product.bottom or len(product.top) != 1:
        return None
    ((m, c),) = product.top.items()
    return number(c) * _paired(form, binders, poly_expr({m: Fraction(1)}))


def _open(form: Form, e: Expr, binders: list[Binder], body: list[Expr]) -> None:
    """Move the sums in a factor to the front, each with a letter of its own."""
    if e.head == "sum":
        form.letters += 1
        own = sym(f"§o{form.letters}")
        binders.append((own, e.args[1]))
        _open(form, substitute(e.args[2], e.args[0].args[0], own), binders, body)
    elif e.head == "mul":
        for a in e.args:
            _open(form, a, binders, body)
    else:
        body.append(e)


def _paired(form: Form, binders: list[Binder], body: Expr) -> Quotient:
    """sum_{i<j} T(i, j) of a symmetric T as half of the sum over all pairs less the diagonal.

    T(j, i) = T(i, j) has to be an identity, and no other letter's range may depend on i or j.
    """
    for i, outer in binders:
        for j, inner in binders:
            if not _triangular(form, i, outer, inner):
                continue
            names = {i.args[0], j.args[0]}
            if any(names & r.free for v, r in binders if v is not i and v is not j) or j.args[0] in outer.free:
                continue
            with form.over({v.args[0]: outer if v is j else r for v, r in binders}):
                if not form.equal(renamed(body, {i.args[0]: j, j.args[0]: i}), body):
                    continue
            full = [(v, outer if v is j else r) for v, r in binders]
            rest = [(v, r) for v, r in binders if v is not j]
            diagonal = _total(form, rest, substitute(body, j.args[0], i))
            return number(Fraction(1, 2)) * (_total(form, full, body) - diagonal)
    return as_atom(form, binders, body)


def _triangular(form: Form, i: Expr, outer: Expr, inner: Expr) -> bool:
    """Whether one range goes from i + 1 to the end of i's own."""
    ranges = outer.head == inner.head == "range" and len(inner.args) == 2 and i.args[0] in inner.free
    return ranges and form.equal(sub(inner.args[0], ONE), i) and inner.args[1] is outer.args[1]


def _total(form: Form, binders: list[Binder], body: Expr) -> Quotient:
    for v, r in reversed(binders):
        body = Expr("sum", v, r, body)
    return form.quotient(body)


def as_atom(form: Form, binders: list[Binder], body: Expr) -> Quotient:
    """A sum that nothing here takes apart; its letters are named, and ordered, by what makes its spelling least."""
    deepest = height(body)
    best: Expr | None = None
    for order in permutations(binders):
        if any(later.args[0] in r.free for k, (_, r) in enumerate(order) for later, _ in order[k + 1 :]):
            continue  # a range that depends on a letter stands inside that letter's sum
        names = {v.args[0]: letter(deepest + len(order) - k) for k, (v, _) in enumerate(order)}
        ranges = [bounds(form, renamed(r, names)) for _, r in order]
        with form.over({names[v.args[0]].args[0]: r for (v, _), r in zip(order, ranges, strict=True)}):
            nested = form.canonical(renamed(body, names))
        for (v, _), r in reversed(list(zip(order, ranges, strict=True))):
            nested = Expr("sum", names[v.args[0]], r, nested)
        if best is None or nested.key < best.key:
            best = nested
    assert best is not None
    return atom(best)


def bounds(form: Form, range_: Expr) -> Expr:
    return Expr("range", *map(form.canonical, range_.args[:2])) if range_.head == "range" else range_


def renamed(e: Expr, names: dict[str, Expr]) -> Expr:
    """Free letters replaced by letters, all at once."""
    if not e.free & set(names):
        return e
    return names[e.args[0]] if e.head == "sym" else e.map(lambda a: renamed(a, names))


def _depends(f: Factor, name: str) -> bool:
    return any(name in a.free for m, _ in f for a, _ in m)
