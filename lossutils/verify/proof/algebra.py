"""Quotients of polynomials in atoms, with exact coefficients: the form in which equality is decided.

A monomial maps atoms to exponents, rational ones where the atom is positive; a polynomial maps monomials to rational
coefficients; a `Quotient` is a polynomial over a product of others. An atom is an expression that nothing here looks
into: a symbol, exp(x), a sum.
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd, lcm

from flint import fmpq, fmpq_mpoly, fmpq_mpoly_ctx

from ..expr import ONE, Expr, add, mul, num, power

Monomial = tuple[tuple[Expr, Fraction], ...]
Poly = dict[Monomial, Fraction]

UNIT: Monomial = ()
LARGEST = 4000  # terms


class TooLarge(ArithmeticError):
    """More terms than it is worth."""


def monomial(exponents: dict[Expr, Fraction]) -> Monomial:
    """Atoms in order, zero exponents left out."""
    return tuple(sorted(((a, n) for a, n in exponents.items() if n), key=lambda item: item[0].key))


def times(a: Monomial, b: Monomial) -> Monomial:
    """The product; a truth value is its own square."""
    if not a or not b:
        return a or b
    exponents = dict(a)
    for atom, n in b:
        exponents[atom] = exponents.get(atom, Fraction(0)) + n
        if atom.head == "bool" and exponents[atom] > 1:
            exponents[atom] = Fraction(1)
    return monomial(exponents)


def folded(m: Monomial) -> tuple[Monomial, Fraction]:
    """Whole powers of numbers, such as a root of 2 squared, as a number in front."""
    if not any(a.head == "num" for a, _ in m):
        return m, Fraction(1)
    factor, rest = Fraction(1), {}
    for a, n in m:
        if a.head == "num":
            whole = n // 1
            if abs(whole) > LARGEST:
                raise TooLarge
            factor, n = factor * a.args[0] ** whole, n - whole
        rest[a] = n
    return monomial(rest), factor


def plus(a: Poly, b: Poly, factor: Fraction = Fraction(1)) -> Poly:
    """a + factor * b."""
    result = dict(a)
    for m, c in b.items():
        total = result.get(m, Fraction(0)) + factor * c
        if total:
            result[m] = total
        else:
            result.pop(m, None)
    return result


def product(a: Poly, b: Poly) -> Poly:
    """The product."""
    if len(a) * len(b) > LARGEST * 10:
        raise TooLarge
    result: Poly = {}
    for m, c in a.items():
        for n, d in b.items():
            key, factor = folded(times(m, n))
            result[key] = result.get(key, Fraction(0)) + c * d * factor
    result = {m: c for m, c in result.items() if c}
    if len(result) > LARGEST:
        raise TooLarge
    return result


def constant(c: Fraction | int) -> Poly:
    """A number as a polynomial."""
    return {UNIT: Fraction(c)} if c else {}


Factor = tuple[tuple[Monomial, Fraction], ...]  # a polynomial, hashable, its terms in an order that no process changes


class Quotient:
    """A polynomial over a product of powers of polynomials of several terms."""

    __slots__ = ("bottom", "top")

    def __init__(self, top: Poly, bottom: dict[Factor, int] | None = None) -> None:
        self.top = top
        self.bottom = bottom if top and bottom else {}

    def __add__(self, other: Quotient) -> Quotient:
        if self.bottom == other.bottom:
            return Quotient(plus(self.top, other.top), self.bottom)
        common = {f: max(self.bottom.get(f, 0), other.bottom.get(f, 0)) for f in {**self.bottom, **other.bottom}}
        return Quotient(plus(self._over(common), other._over(common)), common)

    def _over(self, common: dict[Factor, int]) -> Poly:
        top = self.top
        for factor, n in common.items():
            for _ in range(n - self.bottom.get(factor, 0)):
                top = product(top, dict(factor))
        return top

    def __neg__(self) -> Quotient:
        return Quotient({m: -c for m, c in self.top.items()}, self.bottom)

    def __sub__(self, other: Quotient) -> Quotient:
        return self + (-other)

    def __mul__(self, other: Quotient) -> Quotient:
        bottom = dict(self.bottom)
        for f, n in other.bottom.items():
            bottom[f] = bottom.get(f, 0) + n
        return Quotient(product(self.top, other.top), bottom).cancelled()

    def inverse(self) -> Quotient:
        """One over it."""
        if not self.top:
            raise ZeroDivisionError
        top = constant(1)
        for f, n in self.bottom.items():
            for _ in range(n):
                top = product(top, dict(f))
        if len(self.top) == 1:
            ((m, c),) = self.top.items()
            return Quotient(product(top, {monomial({a: -n for a, n in m}): 1 / c}))
        content, common, rest = primitive(self.top)
        sign, found = factored(rest)
        inverse = {monomial({a: -n for a, n in common}): sign / content}
        bottom: dict[Factor, int] = {}
        for factor, n in found:
            key = _in_order(factor)
            bottom[key] = bottom.get(key, 0) + n
        return Quotient(product(top, inverse), bottom).cancelled()

    def power(self, n: int) -> Quotient:
        """A whole power."""
        if n < 0:
            return self.inverse().power(-n)
        result, base = Quotient(constant(1)), self
        while n:
            if n & 1:
                result = result * base
            base, n = base * base if n > 1 else base, n >> 1
        return result

    def cancelled(self) -> Quotient:
        """The same with factors of the bottom that divide the top taken out."""
        if not self.bottom or len(self.top) < 2:
            return self
        top, bottom = self.top, {}
        for f, n in self.bottom.items():
            while n and (quotient := divided(top, dict(f))) is not None:
                top, n = quotient, n - 1
            if n:
                bottom[f] = n
        return Quotient(top, bottom)

    @property
    def is_zero(self) -> bool:
        return not self.top

    def atoms(self) -> set[Expr]:
        """All atoms above and below."""
        found = {a for m in self.top for a, _ in m}
        for f in self.bottom:
            found |= {a for m, _ in f for a, _ in m}
        return found

    def key(self) -> tuple[frozenset[tuple[Monomial, Fraction]], frozenset[tuple[Factor, int]]]:
        """The same for quotients in the same form, and hashable."""
        return frozenset(self.top.items()), frozenset(self.bottom.items())

    def number(self) -> Fraction | None:
        """Its value if it has no atoms."""
        if not self.bottom and set(self.top) <= {UNIT}:
            return self.top.get(UNIT, Fraction(0))
        return None


def number(c: Fraction | int) -> Quotient:
    """A rational number."""
    return Quotient(constant(c))


def atom(e: Expr, exponent: Fraction | int = 1) -> Quotient:
    """A power of an atom."""
    return Quotient({monomial({e: Fraction(exponent)}): Fraction(1)})


def primitive(p: Poly) -> tuple[Fraction, Monomial, Poly]:
    """Content, common monomial, and what is left: whole coefficients without common factor, the least one positive.

    p = content * common * rest, exactly. The sign is that of the least term in a monomial order, so that the rest of
    a product is the product of the rests.
    """
    tops, bottoms = [c.numerator for c in p.values()], [c.denominator for c in p.values()]
    content = Fraction(gcd(*tops), lcm(*bottoms))
    lowest: dict[Expr, Fraction] = {}
    for a in {a for m in p for a, _ in m}:
        lowest[a] = min(dict(m).get(a, Fraction(0)) for m in p)
    common = monomial(lowest)
    inverse = monomial({a: -n for a, n in common})
    rest = {times(m, inverse): c / content for m, c in p.items()}
    if rest[_least(rest)] < 0:
        content, rest = -content, {m: -c for m, c in rest.items()}
    return content, common, rest


def _least(p: Poly) -> Monomial:
    """The least monomial in the lexicographic order of exponents, atoms by their keys: an order that products keep.

    It is the constant term, if there is one: so 1 - p is kept as it is.
    """
    atoms = sorted({a for m in p for a, _ in m}, key=lambda a: a.key)
    return min(p, key=lambda m: [dict(m).get(a, Fraction(0)) for a in atoms])


def _in_order(p: Poly) -> Factor:
    """A polynomial's terms in a fixed order of monomials."""
    return tuple(sorted(p.items(), key=lambda term: [(a.key, n) for a, n in term[0]]))


# Division and factors, by FLINT on polynomials with whole exponents


class _Flint:
    """A translation: which generator stands for which atom, and by what its exponents are scaled and shifted."""

    def __init__(self, *polys: Poly) -> None:
        self.atoms = sorted({a for p in polys for m in p for a, _ in m}, key=lambda a: a.key)
        self.scale = dict.fromkeys(self.atoms, 1)
        for p in polys:
            for m in p:
                for a, n in m:
                    self.scale[a] = lcm(self.scale[a], n.denominator)
        self.context = fmpq_mpoly_ctx.get([f"x{k}" for k in range(len(self.atoms))] or ["x0"], "lex")

    def to(self, p: Poly) -> tuple[fmpq_mpoly, list[Fraction]]:
        rows = [[dict(m).get(a, Fraction(0)) for a in self.atoms] for m in p]
        shift = [min((r[k] for r in rows), default=Fraction(0)) for k in range(len(self.atoms))]
        terms = {}
        for row, c in zip(rows, p.values(), strict=True):
            key = tuple(int((n - s) * self.scale[a]) for n, s, a in zip(row, shift, self.atoms, strict=True)) or (0,)
            if max(key) > 60:
                raise TooLarge
            terms[key] = fmpq(c.numerator, c.denominator)
        return self.context.from_dict(terms), shift

    def back(self, p: fmpq_mpoly, shift: list[Fraction] | None = None) -> Poly:
        shift = shift or [Fraction(0)] * len(self.atoms)
        result: Poly = {}
        for key, c in p.to_dict().items():
            exponents = {
                a: Fraction(int(n), self.scale[a]) + s for a, n, s in zip(self.atoms, key, shift, strict=False)
            }
            result[monomial(exponents)] = Fraction(int(c.p), int(c.q))
        return result


def divided(top: Poly, bottom: Poly) -> Poly | None:
    """top / bottom, if that is a polynomial. Truth values, which are their own squares, are left alone."""
    if len(top) < len(bottom) or any(a.head == "bool" for p in (top, bottom) for m in p for a, _ in m):
        return None
    f = _Flint(top, bottom)
    (p, s), (q, t) = f.to(top), f.to(bottom)
    quotient, rest = divmod(p, q)
    return f.back(quotient, [a - b for a, b in zip(s, t, strict=True)]) if not rest else None


def factored(p: Poly) -> tuple[Fraction, list[tuple[Poly, int]]]:
    """A primitive polynomial as sign * product of f^n: irreducible factors, primitive themselves, with their powers."""
    if any(a.head == "bool" for m in p for a, _ in m):
        return Fraction(1), [(p, 1)]
    f = _Flint(p)
    _, found = f.to(p)[0].factor()
    factors = [(primitive(f.back(factor))[2], int(n)) for factor, n in found]
    whole = constant(1)
    for factor, n in factors:
        for _ in range(n):
            whole = product(whole, factor)
    for sign in (Fraction(1), Fraction(-1)):
        if not plus(p, whole, -sign):
            return sign, factors
    return Fraction(1), [(p, 1)]  # a constant was lost: left as it is


# Back to expressions


def _monomial_expr(m: Monomial) -> list[Expr]:
    return [power(a, num(n)) for a, n in m]


def poly_expr(p: Poly) -> Expr:
    """A polynomial as an expression, its terms in order."""
    return add(*(mul(num(c), *_monomial_expr(m)) for m, c in _in_order(p))) if p else num(0)


def quotient_expr(q: Quotient) -> Expr:
    """A quotient as an expression, the same for equal quotients in the same form."""
    ordered = sorted(((poly_expr(dict(f)), n) for f, n in q.bottom.items()), key=lambda item: item[0].key)
    below = [power(e, num(-n)) for e, n in ordered]
    top = poly_expr(q.top)
    return mul(*([top] if top is not ONE else []), *below) if below else top
