r"""The normal form of an expression without pieces: a quotient of polynomials in exponentials, logarithms and sums.

Rules, each an identity wherever both sides have a value (whether they have one is for `obligations` to say):
exp(a + b) = exp(a) exp(b) and exp(log x) = |x|; log|ab| = log|a| + log|b|, which is why log means log|.| here, and why
a normal form is compared with others and never evaluated; sums are linear, their constants come out, and
sum_j [j = i] g(j) = g(i) for an i in the range; a probability vector sums to 1.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from ..expr import ONE, ByHead, Expr, mul, neg, num, sub
from ..functions import FUNCTIONS, expand
from ..meaning.domains import Index
from . import products, sums
from .algebra import UNIT, Poly, Quotient, atom, factored, monomial, number, poly_expr, primitive, quotient_expr
from .form import Form, NoNormalForm

Rule = Callable[["NormalForm", Expr], Quotient]


class NormalForm(Form):
    """Normal forms under the assumptions of a problem."""

    def quotient(self, e: Expr) -> Quotient:
        """The normal form."""
        settled = not e.free & self.ranges.keys()
        found = self.memo.get(e) if settled else None
        if found is None:
            found = self._found(e)
            if settled:
                self.memo[e] = found
        return found

    def _found(self, e: Expr) -> Quotient:
        own = rule.get(e)
        if own is not None:
            return own(self, e)
        expanded = expand(e)
        if expanded is not None:
            return self.quotient(expanded)
        if e.head == "cases" or (e.head in FUNCTIONS and FUNCTIONS[e.head].expansion is None):  # taken whole
            return atom(e.map(self.canonical))
        raise NoNormalForm(e.head)

    def reduced(self, q: Quotient) -> Quotient:
        """Roots to powers below one: sqrt(b)^2 is b, and 1/sqrt(b) is sqrt(b)/b; cos^2 is 1 - sin^2."""
        if not any(_reducible(a, n) for m in q.top for a, n in m):
            return q
        total = number(0)
        for m, c in q.top.items():
            term = Quotient({UNIT: c})
            for a, n in m:
                term = term * (self._power_of(a, n) if _reducible(a, n) else atom(a, n))
            total = total + term
        return total * Quotient({UNIT: Fraction(1)}, q.bottom)

    def _power_of(self, a: Expr, n: Fraction) -> Quotient:
        """A power of a root, or of a cosine, in lower powers."""
        if a.head == "cos":
            sine = atom(Expr("sin", a.args[0]), 2)
            return (number(1) - sine).power(int(n) // 2) * (atom(a) if int(n) % 2 else number(1))
        whole, rest = divmod(a.args[1].args[0] * n, 1)
        term = self.quotient(a.args[0]).power(int(whole))
        return term * atom(Expr("pow", a.args[0], num(rest))) if rest else term

    def root(self, base: Quotient, n: Fraction) -> Quotient:
        """A fractional power, taken apart where the parts are positive; (a^2)^(1/2) is |a|."""
        if len(base.top) == 1 and not base.bottom:
            ((m, c),) = base.top.items()
            if c > 0 and all(self.positive_atom(a) or ((k * n).denominator == 1 and k % 2 == 0) for a, k in m):
                exact = number(1)
                for prime, often in _primes(c).items():
                    exact = exact * Quotient({monomial({num(prime): often * n}): Fraction(1)}) * number(1)
                for a, power in m:
                    positive = self.positive_atom(a)
                    exact = exact * (atom(a, power * n) if positive else self.magnitude(atom(a), power * n))
                return exact
        whole, rest = divmod(n, 1)
        return base.power(int(whole)) * atom(Expr("pow", quotient_expr(base), num(rest)))

    def exponential(self, p: Poly) -> Quotient:
        """exp of a polynomial: a product of powers of exp(monomial); exp(c log|x|) is |x|^c."""
        result = number(1)
        for m, c in p.items():
            if len(m) == 1 and m[0][0].head == "log" and m[0][1] == 1:
                result = result * self.magnitude(self.quotient(m[0][0].args[0]), c)
            else:
                result = result * Quotient({monomial({Expr("exp", poly_expr({m: Fraction(1)})): c}): Fraction(1)})
        return result

    def magnitude(self, base: Quotient, c: Fraction) -> Quotient:
        """|base|^c, the bars dropped where they make no difference: for even c, and for a positive base."""
        whole = c.denominator == 1 and abs(c) <= 30
        if whole and c % 2 == 0:
            return base.power(int(c))
        for b in (base, -base):
            if self.positive(b):
                return b.power(int(c)) if whole else self.root(b, c)
        return atom(Expr("abs", quotient_expr(self.signed(base)[1])), c)

    def log_of(self, p: Poly) -> Quotient:
        """log|p|: of its content, of its common monomial, and of its factors."""
        if not p:
            raise ZeroDivisionError
        content, common, rest = (
            primitive(p) if len(p) > 1 else (next(iter(p.values())), next(iter(p)), {UNIT: Fraction(1)})
        )
        total = number(0)
        for prime, power_ in _primes(abs(content)).items():
            total = total + atom(Expr("log", num(prime))) * number(power_)
        for a, n in common:
            total = total + number(n) * self._log_of_atom(a)
        if rest != {UNIT: Fraction(1)}:
            for factor, times in factored(rest)[1]:
                total = total + number(times) * atom(Expr("log", poly_expr(factor)))
        return total

    def _log_of_atom(self, a: Expr) -> Quotient:
        if a.head == "exp":
            return self.quotient(a.args[0])
        if a.head == "num":
            return self.log_of({UNIT: a.args[0]})
        if a.head == "abs":
            return self.quotient(Expr("log", a.args[0]))
        if a.head == "pow":
            return self.quotient(mul(a.args[1], Expr("log", a.args[0])))
        return atom(Expr("log", a))

    def signed(self, q: Quotient) -> tuple[int, Quotient]:
        """A quotient as plus or minus one of a standard sign."""
        if not q.top:
            return 1, q
        content = primitive(q.top)[0] if len(q.top) > 1 else next(iter(q.top.values()))
        return (1, q) if content > 0 else (-1, -q)

    def size(self, x: Quotient) -> Quotient:
        """|x|, of x or of -x, whichever comes first."""
        _, q = self.signed(x)
        value = q.number()
        if value is not None:
            return number(value)
        if self.known:
            for y in (q, -q):
                if self.surely(y, ">="):
                    return y
        return atom(Expr("abs", quotient_expr(q)))

    def greater(self, a: Quotient, b: Quotient) -> Quotient:
        """max(a, b) = (a + b + |a - b|) / 2."""
        return number(Fraction(1, 2)) * (a + b + self.size(a - b))

    def truth(self, condition: Expr) -> Quotient:
        """The truth value of a condition on indices."""
        if condition.head == "and":
            product = number(1)
            for c in condition.args:
                product = product * self.truth(c)
            return product
        if condition.head == "not":
            return number(1) - self.truth(condition.args[0])
        if condition.head == "!=":
            return number(1) - self.truth(Expr("=", *condition.args))
        if condition.head == "notin":
            return number(1) - self.truth(Expr("in", *condition.args))
        if condition.head == "=":
            return self._equality(condition)
        if condition.head == "in" and condition.args[1].head == "sym":
            return self._membership(condition.args[0], condition.args[1])
        if condition.head in ("<", "<="):
            difference = self.quotient(sub(*condition.args)).number()
            if difference is not None:
                return number(int(difference < 0 or (difference == 0 and condition.head == "<=")))
        raise NoNormalForm("a condition on numbers")

    def _equality(self, condition: Expr) -> Quotient:
        difference = self.quotient(sub(*condition.args))
        if difference.number() is not None:
            return number(int(difference.is_zero))
        sides = sorted((self.canonical(a) for a in condition.args), key=lambda a: a.key)
        if Expr("!=", *sides) in self.known or Expr("!=", *reversed(sides)) in self.known:
            return number(0)
        return atom(Expr("bool", Expr("=", *sides)))

    def _membership(self, index: Expr, group: Expr) -> Quotient:
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


rule: ByHead[Rule] = ByHead()  # an expression's normal form, by its head


@rule("num")
def _num(form: NormalForm, e: Expr) -> Quotient:
    return number(e.args[0])


@rule("const")
def _const(form: NormalForm, e: Expr) -> Quotient:
    if e.args[0] == "inf":
        raise NoNormalForm("infinity")
    return atom(Expr("exp", ONE)) if e.args[0] == "e" else atom(e)


@rule("sym", "card")
def _atom(form: NormalForm, e: Expr) -> Quotient:
    return atom(e)


@rule("idx")
def _idx(form: NormalForm, e: Expr) -> Quotient:
    return atom(Expr("idx", e.args[0], *(form.canonical(i) for i in e.args[1:])))


@rule("add")
def _add(form: NormalForm, e: Expr) -> Quotient:
    total = form.quotient(e.args[0])
    for a in e.args[1:]:
        total = total + form.quotient(a)
    return total


@rule("mul")
def _mul(form: NormalForm, e: Expr) -> Quotient:
    product = form.quotient(e.args[0])
    for a in e.args[1:]:
        product = form.reduced(product * form.quotient(a))
    return product


@rule("pow")
def _pow(form: NormalForm, e: Expr) -> Quotient:
    """A power: whole ones multiplied out; b^z with a letter z is exp(z log b) for a positive b, else taken whole."""
    base, exponent = e.args
    below = form.quotient(base)
    n = form.quotient(exponent).number()
    if n is not None and n.denominator == 1 and abs(n) <= 30:
        return form.reduced(below.power(int(n)))
    if n is not None and n.denominator != 1:
        return form.root(below, n)
    if form.positive(below):
        return form.quotient(Expr("exp", mul(exponent, Expr("log", base))))
    return atom(Expr("pow", quotient_expr(below), form.canonical(exponent)))


@rule("exp")
def _exp(form: NormalForm, e: Expr) -> Quotient:
    argument = form.quotient(e.args[0])
    if not argument.bottom:
        return form.exponential(argument.top)
    parts = number(1)
    for m, c in argument.top.items():
        key = Expr("exp", quotient_expr(Quotient({m: Fraction(1)}, dict(argument.bottom))))
        parts = parts * Quotient({monomial({key: c}): Fraction(1)})
    return parts


@rule("log")
def _log(form: NormalForm, e: Expr) -> Quotient:
    argument = form.quotient(e.args[0])
    total = form.log_of(argument.top)
    for f, n in argument.bottom.items():
        total = total - number(n) * form.log_of(dict(f))
    return total


@rule("bool")
def _bool(form: NormalForm, e: Expr) -> Quotient:
    return form.truth(e.args[0])


@rule("abs")
def _abs(form: NormalForm, e: Expr) -> Quotient:
    return form.size(form.quotient(e.args[0]))


@rule("sign")
def _sign(form: NormalForm, e: Expr) -> Quotient:
    sign, q = form.signed(form.quotient(e.args[0]))
    value = q.number()
    return number(sign * (value > 0)) if value is not None else number(sign) * atom(Expr("sign", quotient_expr(q)))


@rule("max")
def _max(form: NormalForm, e: Expr) -> Quotient:
    found = form.quotient(e.args[0])
    for a in e.args[1:]:
        found = form.greater(found, form.quotient(a))
    return found


@rule("min")
def _min(form: NormalForm, e: Expr) -> Quotient:
    return -_max(form, Expr("max", *(neg(a) for a in e.args)))


@rule("rounded")
def _rounded(form: NormalForm, e: Expr) -> Quotient:
    return form.quotient(e.args[0])


@rule("sum")
def _sum(form: NormalForm, e: Expr) -> Quotient:
    return sums.sum_of(form, e)


@rule("prod")
def _prod(form: NormalForm, e: Expr) -> Quotient:
    return products.product_of(form, e)


@rule("maxover", "minover")
def _over(form: NormalForm, e: Expr) -> Quotient:
    return products.extremum_of(form, e)


def _reducible(a: Expr, n: Fraction) -> bool:
    """Whether an atom's power has a lower one: a root outside of (0, 1), or a square of a cosine."""
    if a.head == "cos":
        return n >= 2 and n.denominator == 1
    if a.head != "pow" or a.args[1].head != "num" or a.args[1].args[0].denominator == 1:
        return False
    return not 0 < a.args[1].args[0] * n < 1


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
