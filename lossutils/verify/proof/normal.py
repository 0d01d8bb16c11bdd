r"""The normal form of an expression without pieces: a quotient of polynomials in exponentials, logarithms and sums.

Rules, each an identity wherever both sides have a value (whether they have one is `defined`'s business):
exp(a + b) = exp(a) exp(b) and exp(log x) = x; log|ab| = log|a| + log|b|, which is why log means log|.| here;
sums are linear, their constants come out, and sum_j [j = i] g(j) = g(i); a probability vector sums to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..expr import ONE, ZERO, Expr, mul, neg, num, sub
from ..functions import expand_function
from ..meaning.assumptions import Index, Scalar, Simplex
from ..meaning.problem import Problem
from .algebra import (
    UNIT,
    Poly,
    Quotient,
    TooLarge,
    atom,
    factors,
    monomial,
    number,
    poly_expr,
    primitive,
    quotient_expr,
)
from .sums import NoNormalForm, Sums


class Normal(Sums):
    """Normal forms under the assumptions of a problem."""

    def __init__(self, problem: Problem, known: tuple[Expr, ...] = ()) -> None:
        self.problem = problem
        self.known = known  # conditions on indices that hold
        self.memo: dict[Expr, Quotient] = {}
        self.ranges: dict[str, Expr] = {}  # of letters bound by the sums around
        self.letters = 0  # how many have been made up
        self.surely: Callable[[Quotient, str], bool] = lambda q, relation: False  # set by `order.Order`

    def quotient(self, e: Expr) -> Quotient:
        """The normal form."""
        found = self.memo.get(e)
        if found is None:
            rule = _RULES.get(e.head)
            if rule is not None:
                found = rule(self, e)
            elif (expanded := expand_function(e.head, e.args[0]) if len(e.args) == 1 else None) is not None:
                found = self.quotient(expanded)
            elif e.head in ("cases", "erf", "sin", "cos", "arctan", "Gamma", "digamma", "floor", "pow"):
                found = atom(Expr(e.head, *(self.canonical(a) if isinstance(a, Expr) else a for a in e.args)))
            else:
                raise NoNormalForm(e.head)
            if not self.ranges:
                self.memo[e] = found
        return found

    def canonical(self, e: Expr) -> Expr:
        """The expression its normal form stands for: the same for all that are equal in this form."""
        return quotient_expr(self.quotient(e))

    def equal(self, a: Expr, b: Expr) -> bool:
        """Whether the difference vanishes identically; False may mean that this form cannot tell."""
        try:
            return self.quotient(sub(a, b)).is_zero
        except (NoNormalForm, TooLarge, ZeroDivisionError, RecursionError):
            return False

    # Rules

    def num(self, e: Expr) -> Quotient:
        return number(e.args[0])

    def const(self, e: Expr) -> Quotient:
        if e.args[0] == "inf":
            raise NoNormalForm("infinity")
        return atom(Expr("exp", ONE)) if e.args[0] == "e" else atom(e)

    def sym(self, e: Expr) -> Quotient:
        return atom(e)

    def idx(self, e: Expr) -> Quotient:
        return atom(Expr("idx", e.args[0], *(self.canonical(i) for i in e.args[1:])))

    def add(self, e: Expr) -> Quotient:
        total = self.quotient(e.args[0])
        for a in e.args[1:]:
            total = total + self.quotient(a)
        return total

    def mul(self, e: Expr) -> Quotient:
        product = self.quotient(e.args[0])
        for a in e.args[1:]:
            product = self.reduced(product * self.quotient(a))
        return product

    def reduced(self, q: Quotient) -> Quotient:
        """Roots to powers below one: sqrt(b)^2 is b, and 1/sqrt(b) is sqrt(b)/b."""
        if not any(_rooted(a) and not 0 < a.args[1].args[0] * n < 1 for m in q.top for a, n in m):
            return q
        total = number(0)
        for m, c in q.top.items():
            term = Quotient({UNIT: c})
            for a, n in m:
                if not _rooted(a):
                    term = term * atom(a, n)
                    continue
                whole, rest = divmod(a.args[1].args[0] * n, 1)
                term = term * self.quotient(a.args[0]).power(int(whole))
                term = term * atom(Expr("pow", a.args[0], num(rest))) if rest else term
            total = total + term
        return total * Quotient({UNIT: Fraction(1)}, q.bottom)

    def pow(self, e: Expr) -> Quotient:
        base, exponent = e.args
        n = self.quotient(exponent).number()
        if n is not None and n.denominator == 1 and abs(n) <= 30:
            return self.reduced(self.quotient(base).power(int(n)))
        if n is not None:
            return self.root(self.quotient(base), n)
        return self.quotient(Expr("exp", mul(exponent, Expr("log", base))))

    def root(self, base: Quotient, n: Fraction) -> Quotient:
        """A fractional power, taken apart where the parts are positive."""
        if len(base.top) == 1 and not base.bottom:
            ((m, c),) = base.top.items()
            if c > 0 and all(self.is_positive(a) or ((k * n).denominator == 1 and k % 2 == 0) for a, k in m):
                exact = number(1)
                for p, k in _primes(c).items():
                    exact = exact * Quotient({monomial({num(p): k * n}): Fraction(1)}) * number(1)
                powers = [atom(a, k * n) if self.is_positive(a) else self.bare(a).power(int(k * n)) for a, k in m]
                for p in powers:
                    exact = exact * p
                return exact
        whole, rest = divmod(n, 1)
        return base.power(int(whole)) * atom(Expr("pow", quotient_expr(base), num(rest)))

    def is_positive(self, a: Expr) -> bool:
        """Whether an atom is positive for certain, so that its powers may be taken apart."""
        if a.head == "exp" or (a.head == "const" and a.args[0] in ("pi", "e")):
            return True
        if a.head == "num":
            return a.args[0] > 0
        if a.head == "log":
            return a.args[0].head == "num" and a.args[0].args[0] > 1
        domain = self.problem.domains.get(a.args[0]) if a.head in ("sym", "idx") else None
        domain = getattr(domain, "component", domain)
        if isinstance(domain, Simplex):
            return domain.inner
        if not isinstance(domain, Scalar) or domain.low is None or domain.low.head != "num":
            return False
        return domain.low.args[0] > 0 or (domain.low.args[0] == 0 and not domain.low_closed)

    def exp(self, e: Expr) -> Quotient:
        argument = self.quotient(e.args[0])
        if argument.bottom:
            bottom = dict(argument.bottom)
            parts = number(1)
            for m, c in argument.top.items():
                key = Expr("exp", quotient_expr(Quotient({m: Fraction(1)}, bottom)))
                parts = parts * Quotient({monomial({key: c}): Fraction(1)})
            return parts
        return self.exponential(argument.top)

    def exponential(self, p: Poly) -> Quotient:
        """exp of a polynomial: a product of powers of exp(monomial); exp(c log x) is x^c."""
        result = number(1)
        for m, c in p.items():
            if len(m) == 1 and m[0][0].head == "log" and m[0][1] == 1:
                result = result * self.magnitude(self.quotient(m[0][0].args[0]), c)
            else:
                result = result * Quotient({monomial({Expr("exp", poly_expr({m: Fraction(1)})): c}): Fraction(1)})
        return result

    def magnitude(self, base: Quotient, c: Fraction) -> Quotient:
        """|base|^c, the bars dropped where they make no difference."""
        whole = c.denominator == 1 and abs(c) <= 30
        if (whole and c % 2 == 0) or self.surely(base, ">"):
            return base.power(int(c)) if whole else self.root(base, c)
        return atom(Expr("abs", quotient_expr(base)), c)

    def log(self, e: Expr) -> Quotient:
        argument = self.quotient(e.args[0])
        total = self.log_of(argument.top)
        for f, n in argument.bottom.items():
            total = total - number(n) * self.log_of(dict(f))
        return total

    def log_of(self, p: Poly) -> Quotient:
        """log|p|: of its content, of its common monomial, and of its factors."""
        if not p:
            raise ZeroDivisionError
        content, common, rest = (
            primitive(p) if len(p) > 1 else (next(iter(p.values())), next(iter(p)), {UNIT: Fraction(1)})
        )
        total = Quotient({monomial({a: n}): v for a, n, v in _prime_logs(abs(content))})
        for a, n in common:
            total = total + number(n) * self.log_atom(a)
        if rest != {UNIT: Fraction(1)}:
            for factor, n in factors(rest):
                total = total + number(n) * atom(Expr("log", poly_expr(factor)))
        return total

    def log_atom(self, a: Expr) -> Quotient:
        if a.head == "exp":
            return self.quotient(a.args[0])
        if a.head == "num":
            return self.log_of({UNIT: a.args[0]})
        if a.head == "abs":
            return self.log_of(self.quotient(a.args[0]).top)
        if a.head == "prod":
            return self.quotient(Expr("sum", a.args[0], a.args[1], Expr("log", a.args[2])))
        if a.head == "pow":
            return self.quotient(mul(a.args[1], Expr("log", a.args[0])))
        return atom(Expr("log", a))

    def bool(self, e: Expr) -> Quotient:
        condition = e.args[0]
        if condition.head == "and":
            product = number(1)
            for c in condition.args:
                product = product * self.bool(Expr("bool", c))
            return product
        if condition.head == "!=":
            return number(1) - self.bool(Expr("bool", Expr("=", *condition.args)))
        if condition.head == "notin":
            return number(1) - self.bool(Expr("bool", Expr("in", *condition.args)))
        if condition.head == "=":
            difference = self.quotient(sub(*condition.args))
            if difference.number() is not None:
                return number(int(difference.is_zero))
            sides = sorted((self.canonical(a) for a in condition.args), key=str)
            if Expr("!=", *sides) in self.known or Expr("!=", *reversed(sides)) in self.known:
                return number(0)
            return atom(Expr("bool", Expr("=", *sides)))
        if condition.head == "in" and condition.args[1].head == "sym":
            return self.membership(condition.args[0], condition.args[1])
        if condition.head in ("<", "<=") and self.quotient(sub(*condition.args)).number() is not None:
            difference = self.quotient(sub(*condition.args)).number()
            return number(int(difference < 0 or (difference == 0 and condition.head == "<=")))
        raise NoNormalForm("a condition on numbers")

    def membership(self, index: Expr, group: Expr) -> Quotient:
        if Expr("in", index, group) in self.known:
            return number(1)
        if Expr("notin", index, group) in self.known:
            return number(0)
        if index.head == "sym":
            range_ = self.ranges.get(index.args[0])
            if range_ is not None and range_.head == "in" and range_.args[0] is group:
                return number(1)
            domain = self.problem.domains.get(index.args[0])
            if isinstance(domain, Index) and domain.within == group.args[0]:
                return number(1)
            if isinstance(domain, Index) and domain.outside == group.args[0]:
                return number(0)
        return atom(Expr("bool", Expr("in", self.canonical(index), group)))

    def abs(self, e: Expr) -> Quotient:
        """|x|, of x or of -x, whichever comes first."""
        _, q = self.signed(e.args[0])
        value = q.number()
        if value is not None:
            return number(value)
        if self.known:
            for x in (q, -q):
                if self.surely(x, ">="):
                    return x
        return atom(Expr("abs", quotient_expr(q)))

    def bare(self, a: Expr) -> Quotient:
        """|a| of an atom."""
        return self.abs(Expr("abs", a))

    def sign(self, e: Expr) -> Quotient:
        sign, q = self.signed(e.args[0])
        value = q.number()
        return number(sign * (value > 0)) if value is not None else number(sign) * atom(Expr("sign", quotient_expr(q)))

    def signed(self, e: Expr) -> tuple[int, Quotient]:
        """An expression as plus or minus one of a standard sign."""
        q = self.quotient(e)
        if not q.top:
            return 1, q
        content = primitive(q.top)[0] if len(q.top) > 1 else next(iter(q.top.values()))
        return (1, q) if content > 0 else (-1, -q)

    def max(self, e: Expr) -> Quotient:
        """max(a, b) = (a + b + |a - b|) / 2."""
        found = self.quotient(e.args[0])
        for a in e.args[1:]:
            b = self.quotient(a)
            found = number(Fraction(1, 2)) * (found + b + self.abs(Expr("abs", quotient_expr(found - b))))
        return found

    def min(self, e: Expr) -> Quotient:
        return -self.max(Expr("max", *(neg(a) for a in e.args)))

    def relu(self, e: Expr) -> Quotient:
        return self.max(Expr("max", e.args[0], ZERO))

    def clip(self, e: Expr) -> Quotient:
        x, low, high = e.args
        return self.min(Expr("min", Expr("max", x, low), high))

    def rounded(self, e: Expr) -> Quotient:
        return self.quotient(e.args[0])

    def card(self, e: Expr) -> Quotient:
        return atom(e)


def _rooted(a: Expr) -> bool:
    """Whether an atom is a root of something."""
    return a.head == "pow" and a.args[1].head == "num" and a.args[1].args[0].denominator > 1


def _primes(c: Fraction) -> dict[int, int]:
    """The prime factors of a positive rational, with their powers."""
    found: dict[int, int] = {}
    for value, sign in ((c.numerator, 1), (c.denominator, -1)):
        p = 2
        while value > 1:
            while value % p == 0:
                found[p], value = found.get(p, 0) + sign, value // p
            p += 1
            if p * p > value > 1:
                found[value], value = found.get(value, 0) + sign, 1
            if p > 10**5:
                raise NoNormalForm("a number with large prime factors")
    return found


def _prime_logs(c: Fraction) -> list[tuple[Expr, Fraction, Fraction]]:
    """log c as multiples of logs of primes: (log p, exponent of the monomial, multiple)."""
    return [(Expr("log", num(p)), Fraction(1), Fraction(n)) for p, n in _primes(c).items() if n]


_RULES = {
    name: getattr(Normal, name)
    for name in (
        "num",
        "const",
        "sym",
        "idx",
        "add",
        "mul",
        "pow",
        "exp",
        "log",
        "bool",
        "card",
        "sum",
        "prod",
        "abs",
        "sign",
        "max",
        "min",
        "relu",
        "clip",
        "rounded",
    )
}
_RULES |= {"maxover": Normal.over, "minover": Normal.over}
