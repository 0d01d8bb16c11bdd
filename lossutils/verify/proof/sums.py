"""Sums, products and extrema over indices in normal form: what comes out, what splits, what an index picks."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations
from typing import Any

from ..expr import ONE, Expr, add, mul, neg, num, power, sub, substitute, sym
from ..meaning.assumptions import Index, Scalar, Simplex, Subset
from .algebra import UNIT, Poly, Quotient, atom, monomial, number, poly_expr, quotient_expr

LONGEST_UNROLLED = 12
MOST_BINDERS = 4


class NoNormalForm(ArithmeticError):
    """The expression has parts this form has no place for."""


class Sums:
    """Part of the normal form: `Normal` has the rest."""

    # Sums

    def sum(self, e: Expr) -> Quotient:
        variable, range_, body = e.args
        if range_.head == "range":
            low, high = (self.quotient(b).number() for b in range_.args[:2])
            if low is not None and high is not None and high - low < LONGEST_UNROLLED:
                return self.unrolled(e, int(low), int(high))
        if len(range_.args) > (2 if range_.head == "range" else 1):
            return self.quotient(self.without_conditions(e))
        outer = self.ranges
        self.ranges = {**outer, variable.args[0]: range_}
        try:
            inside = self.quotient(body)
        finally:
            self.ranges = outer
        return self.distributed(variable, range_, inside)

    def unrolled(self, e: Expr, low: int, high: int) -> Quotient:
        variable, range_, body = e.args
        total = number(0)
        for k in range(low, high + 1):
            term = substitute(body, variable.args[0], num(k))
            for condition in range_.args[2:]:
                term = mul(Expr("bool", substitute(condition, variable.args[0], num(k))), term)
            total = total + self.quotient(term)
        return total

    def without_conditions(self, e: Expr) -> Expr:
        """sum over j != i as the sum over all j less the term of i, and the like."""
        variable, range_, body = e.args
        fixed = 2 if range_.head == "range" else 1
        *kept, last = range_.args[fixed:]
        rest = Expr(range_.head, *range_.args[:fixed], *kept)
        if last.head == "!=" and variable in last.args:
            other = last.args[1] if last.args[0] is variable else last.args[0]
            removed = mul(self.inside(other, rest), substitute(body, variable.args[0], other))
            return sub(Expr("sum", variable, rest, body), removed)
        if last.head in ("in", "notin", "="):
            return Expr("sum", variable, rest, mul(Expr("bool", last), body))
        raise NoNormalForm("a condition on a sum")

    def inside(self, index: Expr, range_: Expr) -> Expr:
        """1 if an index is known to lie in a range, else the truth value that it does."""
        if range_.head == "in":
            return Expr("bool", Expr("in", index, range_.args[0]))
        known = self.ranges.get(index.args[0]) if index.head == "sym" else None
        domain = self.problem.domains.get(index.args[0]) if index.head == "sym" else None
        if isinstance(domain, Index) and domain.within is None and domain.outside is None and domain.high is not None:
            known = Expr("range", domain.low, domain.high)
        group = domain.within or domain.outside if isinstance(domain, Index) else None
        if known is not None and known.head == "in":
            group = known.args[0].args[0]
        subset = self.problem.domains.get(group) if group else None
        if isinstance(subset, Subset):
            known = Expr("range", ONE, subset.length)
        if known is not None and all(self.equal(a, b) for a, b in zip(known.args[:2], range_.args[:2], strict=True)):
            return ONE
        raise NoNormalForm("an index that may lie outside the range")

    def distributed(self, variable: Expr, range_: Expr, body: Quotient) -> Quotient:
        """Linear: term by term, what does not depend on the letter in front."""
        name = variable.args[0]
        outside = {f: n for f, n in body.bottom.items() if not _depends(f, name)}
        within = {f: n for f, n in body.bottom.items() if _depends(f, name)}
        total = number(0)
        grouped: dict[tuple, Poly] = {}
        for m, c in body.top.items():
            free = tuple((a, n) for a, n in m if name not in a.free)
            own = tuple((a, n) for a, n in m if name in a.free)
            picked = self.picked(variable, range_, own, within)
            if picked is not None:
                total = total + Quotient({free: c}, outside) * picked
            elif within:
                grouped.setdefault(free, {})[own] = c
            else:
                total = total + Quotient({free: c}, outside) * self.term(variable, range_, own)
        for free, own in grouped.items():
            inner = Quotient(own, within)
            total = total + Quotient({free: Fraction(1)}, outside) * self.as_atom(
                [(variable, range_)], quotient_expr(inner)
            )
        return total

    def picked(self, variable: Expr, range_: Expr, own: tuple, within: dict) -> Quotient | None:
        """The sum of one term in which a truth value picks an index or restricts the range."""
        for a, _ in own:
            if a.head == "bool":
                rest = monomial({b: k for b, k in own if b is not a})
                found = self.selected(variable, range_, a.args[0], quotient_expr(Quotient({rest: Fraction(1)}, within)))
                if found is not None:
                    return found
        return None

    def term(self, variable: Expr, range_: Expr, own: tuple) -> Quotient:
        """The sum of one monomial."""
        if not own:
            return self.count(range_)
        if len(own) == 1 and own[0][1] == 1:
            a = own[0][0]
            simplex = self.problem.domains.get(a.args[0]) if a.head == "idx" else None
            whole = range_.head == "range" and range_.args[0] is ONE
            alone = isinstance(simplex, Simplex) and a.args[1] is variable and whole
            if alone and self.equal(range_.args[1], simplex.length):
                return number(1)
        if any(a.head == "sum" and n > 0 and n.denominator == 1 for a, n in own):
            flat = self.flattened(variable, range_, own)
            if flat is not None:
                return flat
        return self.as_atom([(variable, range_)], poly_expr({monomial(dict(own)): Fraction(1)}))

    def selected(self, variable: Expr, range_: Expr, condition: Expr, body: Expr) -> Quotient | None:
        """A truth value under a sum picks one term, or restricts the range."""
        if condition.head == "=" and variable in condition.args:
            other = condition.args[1] if condition.args[0] is variable else condition.args[0]
            if variable.args[0] in other.free:
                return None
            return self.quotient(mul(self.inside(other, range_), substitute(body, variable.args[0], other)))
        if condition.head == "in" and condition.args[0] is variable:
            subset = self.problem.domains.get(condition.args[1].args[0])
            full = isinstance(subset, Subset) and range_.head == "range" and range_.args[0] is ONE
            if full and self.equal(range_.args[1], subset.length):
                return self.quotient(Expr("sum", variable, Expr("in", condition.args[1]), body))
        return None

    def count(self, range_: Expr) -> Quotient:
        if range_.head == "in":
            return self.quotient(Expr("card", range_.args[0]))
        found = self.quotient(add(range_.args[1], neg(range_.args[0]), ONE))
        if self.not_negative(found):
            return found
        return atom(Expr("sum", sym("§0"), self._bounds(range_), ONE))

    def not_negative(self, q: Quotient) -> bool:
        """Whether a number of indices is one: from 5 to 3 there are none, not minus one."""
        value = q.number()
        if value is not None:
            return value >= 0
        least = q.top.get(UNIT, Fraction(0))
        if not q.bottom:  # K - 1 and the like at once: it must not depend on whether a question may be asked
            for m, c in q.top.items():
                domain = self.problem.domains.get(m[0][0].args[0]) if len(m) == 1 and m[0][0].head == "sym" else None
                low = domain.low if isinstance(domain, Scalar) else None
                if m == UNIT:
                    continue
                if len(m) > 1 or m[0][1] != 1 or c < 0 or low is None or low.head != "num":
                    break
                least += c * low.args[0]
            else:
                if least >= 0:
                    return True
        return self.surely(q, ">=")

    # Sums of sums: all the sums in front, in an order of their own

    def flattened(self, variable: Expr, range_: Expr, own: tuple) -> Quotient | None:
        """sum_i x_i (sum_j y_ij)^2 as one sum over i, j and k of a product."""
        binders, body = [(variable, range_)], list[Expr]()
        for a, n in own:
            opened = a.head == "sum" and n > 0 and n.denominator == 1
            for _ in range(int(n) if opened else 1):
                self.open(a if opened else power(a, num(n)), binders, body)
        if len(binders) > MOST_BINDERS:
            return None
        outer, self.ranges = self.ranges, {**self.ranges, **{v.args[0]: r for v, r in binders}}
        try:
            product = self.quotient(mul(*body))
        finally:
            self.ranges = outer
        if product.bottom or len(product.top) != 1:
            return None
        ((m, c),) = product.top.items()
        return number(c) * self.paired(binders, poly_expr({m: Fraction(1)}))

    def open(self, e: Expr, binders: list[tuple[Expr, Expr]], body: list[Expr]) -> None:
        """Move the sums in a factor to the front, each with a letter of its own."""
        if e.head == "sum":
            self.letters += 1
            letter = sym(f"{e.args[0].args[0]}·{self.letters}")
            binders.append((letter, e.args[1]))
            self.open(substitute(e.args[2], e.args[0].args[0], letter), binders, body)
        elif e.head == "mul":
            for a in e.args:
                self.open(a, binders, body)
        else:
            body.append(e)

    def paired(self, binders: list[tuple[Expr, Expr]], body: Expr) -> Quotient:
        """sum_{i<j} T(i, j) of a symmetric T as half of the sum over all pairs less the diagonal."""
        for i, outer in binders:
            for j, inner in binders:
                triangular = outer.head == inner.head == "range" and len(inner.args) == 2 and i.args[0] in inner.free
                if not triangular or not self.equal(sub(inner.args[0], ONE), i) or inner.args[1] is not outer.args[1]:
                    continue
                full = [(v, outer if v is j else r) for v, r in binders]
                swapped = _renamed(body, {i.args[0]: j, j.args[0]: i})
                if self.as_atom(full, swapped).top != self.as_atom(full, body).top:
                    continue
                rest = [(v, r) for v, r in binders if v is not j]
                diagonal = self.total(rest, substitute(body, j.args[0], i))
                return number(Fraction(1, 2)) * (self.total(full, body) - diagonal)
        return self.as_atom(binders, body)

    def total(self, binders: list[tuple[Expr, Expr]], body: Expr) -> Quotient:
        for v, r in reversed(binders):
            body = Expr("sum", v, r, body)
        return self.quotient(body)

    def as_atom(self, binders: list[tuple[Expr, Expr]], body: Expr) -> Quotient:
        """A sum that nothing here takes apart; its letters are named, and ordered, by what makes its text least."""
        letters = [p.args[0].args[0] for p in body.walk() if p.head == "sum"]
        deepest = max((int(n[1:]) for n in letters if n[0] == "§"), default=0)
        best: Expr | None = None
        for order in permutations(binders):
            if any(later.args[0] in r.free for k, (_, r) in enumerate(order) for later, _ in order[k + 1 :]):
                continue  # a range that depends on a letter stands inside that letter's sum
            names = {v.args[0]: sym(f"§{deepest + len(order) - k}") for k, (v, _) in enumerate(order)}
            ranges = [self._bounds(_renamed(r, names)) for _, r in order]
            inner = {names[v.args[0]].args[0]: r for (v, _), r in zip(order, ranges, strict=True)}
            nested = self.canonical_under(inner, _renamed(body, names))
            for (v, _), r in reversed(list(zip(order, ranges, strict=True))):
                nested = Expr("sum", names[v.args[0]], r, nested)
            if best is None or str(nested) < str(best):
                best = nested
        assert best is not None
        return atom(best)

    def _bounds(self, range_: Expr) -> Expr:
        return Expr("range", *map(self.canonical, range_.args[:2])) if range_.head == "range" else range_

    def canonical_under(self, ranges: dict[str, Expr], body: Expr) -> Expr:
        outer, self.ranges = self.ranges, {**self.ranges, **ranges}
        try:
            return self.canonical(body) if not body.has("sum") else body
        finally:
            self.ranges = outer

    def prod(self, e: Expr) -> Quotient:
        """A product as exp of the sum of logarithms where every factor is positive."""
        variable, range_, body = e.args
        if range_.head == "range":
            low, high = (self.quotient(b).number() for b in range_.args[:2])
            if low is not None and high is not None and high - low < LONGEST_UNROLLED:
                product = number(1)
                for k in range(int(low), int(high) + 1):
                    held = [Expr("bool", substitute(c, variable.args[0], num(k))) for c in range_.args[2:]]
                    counts = self.quotient(mul(*held)).number() if held else 1
                    if counts is None:
                        raise NoNormalForm("a condition on a product")
                    if counts:
                        product = product * self.quotient(substitute(body, variable.args[0], num(k)))
                return product
        inside = self.quotient(body)
        coefficients = [*inside.top.values(), *(c for f in inside.bottom for _, c in f)]
        if all(self.is_positive(a) for a in inside.atoms()) and all(c > 0 for c in coefficients):
            return self.quotient(Expr("exp", Expr("sum", variable, range_, Expr("log", body))))
        raise NoNormalForm("a product of factors of any sign")

    def over(self, e: Expr) -> Quotient:
        """The largest or least of a family: an atom."""
        variable, range_, body = e.args
        name = sym("§0")
        bounds = tuple(self.canonical(b) for b in range_.args[:2]) if range_.head == "range" else range_.args[:1]
        if len(range_.args) > len(bounds):
            raise NoNormalForm("a condition on an extremum")
        renamed = substitute(body, variable.args[0], name)
        return atom(Expr(e.head, name, Expr(range_.head, *bounds), self.canonical(renamed)))


def _renamed(e: Expr, names: dict[str, Expr]) -> Expr:
    """Free letters replaced by letters, all at once."""
    if not e.free & set(names):
        return e
    return names[e.args[0]] if e.head == "sym" else e.map(lambda a: _renamed(a, names))


def _depends(f: Any, name: str) -> bool:
    return any(name in a.free for m, _ in f for a, _ in m)
