"""Symbolic derivatives, indices included: the derivative of s_j by s_i is [j = i]."""

from __future__ import annotations

from .expr import BINDERS, HALF, MINUS_ONE, ONE, TWO, ZERO, Expr, Fresh, add, div, mul, neg, num, power, sub, substitute


class NoDerivative(ArithmeticError):
    """No rule for this expression."""


def _outer(name: str, x: Expr) -> Expr:
    """The derivative of a function of one variable, at x."""
    this = Expr(name, x)
    rules = {
        "exp": lambda: this,
        "log": lambda: power(x, MINUS_ONE),
        "sigma": lambda: mul(this, Expr("sigma", neg(x))),
        "softplus": lambda: Expr("sigma", x),
        "tanh": lambda: sub(ONE, power(this, TWO)),
        "sinh": lambda: Expr("cosh", x),
        "cosh": lambda: Expr("sinh", x),
        "coth": lambda: sub(ONE, power(this, TWO)),
        "sech": lambda: neg(mul(this, Expr("tanh", x))),
        "logit": lambda: power(mul(x, sub(ONE, x)), MINUS_ONE),
        "artanh": lambda: power(sub(ONE, power(x, TWO)), MINUS_ONE),
        "erf": lambda: mul(TWO, power(Expr("const", "pi"), neg(HALF)), Expr("exp", neg(power(x, TWO)))),
        "sin": lambda: Expr("cos", x),
        "cos": lambda: neg(Expr("sin", x)),
        "tan": lambda: add(ONE, power(this, TWO)),
        "arctan": lambda: power(add(ONE, power(x, TWO)), MINUS_ONE),
        "Gamma": lambda: mul(this, Expr("digamma", x)),
        "abs": lambda: Expr("sign", x),
        "relu": lambda: Expr("cases", ONE, Expr("<", ZERO, x), ZERO),
        "sign": lambda: ZERO,
        "floor": lambda: ZERO,
    }
    if name not in rules:
        raise NoDerivative(name)
    return rules[name]()


KINKED = ("abs", "relu", "sign", "floor", "max", "min", "clip", "cases", "bool", "maxover", "minover")


class Differentiator:
    """Takes all derivatives out of an expression; notes the pieces it went through, where a kink may be."""

    def __init__(self) -> None:
        self.fresh = Fresh()
        self.kinks: list[tuple[Expr, Expr]] = []  # (the expression with pieces, the variable)

    def eliminate(self, e: Expr) -> Expr:
        """The expression without `deriv` and `at`."""
        if not e.has("deriv", "at"):
            return e
        e = e.map(self.eliminate)
        if e.head == "deriv":
            result, *variables = e.args
            for v in variables:
                if result.has(*KINKED):
                    self.kinks.append((result, v))
                result = self.derivative(result, v)
            return result
        if e.head == "at":
            body, variable, value = e.args
            if variable.head == "sym":
                return substitute(body, variable.args[0], value)
            raise NoDerivative("a component set to a value")
        return e

    def derivative(self, e: Expr, v: Expr) -> Expr:
        """The derivative of `e` by a symbol or a component `v`."""
        name = v.args[0]
        if name not in e.free:
            return ZERO
        head = e.head
        if e is v:
            return ONE
        if head == "idx":
            return self._component(e, v)
        if head == "sym":
            return ONE if e is v else ZERO
        rule = getattr(self, f"_{head}", None)
        if rule is not None:
            return rule(e, v)
        if head in BINDERS:
            raise NoDerivative(head)
        if len(e.args) == 1:
            return mul(_outer(head, e.args[0]), self.derivative(e.args[0], v))
        raise NoDerivative(head)

    def _component(self, e: Expr, v: Expr) -> Expr:
        if v.head != "idx" or len(v.args) != len(e.args):
            return ZERO
        if any(v.args[0] in i.free for i in e.args[1:]):
            raise NoDerivative("an index that varies")
        same = [Expr("bool", Expr("=", a, b)) for a, b in zip(e.args[1:], v.args[1:], strict=True) if a is not b]
        return mul(*same)

    def _add(self, e: Expr, v: Expr) -> Expr:
        return add(*(self.derivative(a, v) for a in e.args))

    def _mul(self, e: Expr, v: Expr) -> Expr:
        terms = []
        for k, a in enumerate(e.args):
            d = self.derivative(a, v)
            if d is not ZERO:
                terms.append(mul(*e.args[:k], d, *e.args[k + 1 :]))
        return add(*terms)

    def _pow(self, e: Expr, v: Expr) -> Expr:
        base, exponent = e.args
        if v.args[0] not in exponent.free:
            lower = num(exponent.args[0] - 1) if exponent.head == "num" else sub(exponent, ONE)
            return mul(exponent, power(base, lower), self.derivative(base, v))
        return mul(e, self.derivative(mul(exponent, Expr("log", base)), v))

    def _sum(self, e: Expr, v: Expr) -> Expr:
        variable, range_, body = e.args
        if v.args[0] in range_.free:
            raise NoDerivative("a range that varies")
        return Expr("sum", variable, range_, self.derivative(body, v))

    def _prod(self, e: Expr, v: Expr) -> Expr:
        variable, range_, body = e.args
        self.fresh.count += 1
        name = f"{variable.args[0]}·d{self.fresh.count}"  # unlike any name that is in use
        inner = substitute(body, variable.args[0], Expr("sym", name))
        return mul(e, Expr("sum", Expr("sym", name), range_, div(self.derivative(inner, v), inner)))

    def _integral(self, e: Expr, v: Expr) -> Expr:
        body, variable, low, high = e.args
        ends = [
            mul(substitute(body, variable.args[0], end), self.derivative(end, v), num(sign))
            for end, sign in ((high, 1), (low, -1))
            if end.head != "const" and v.args[0] in end.free
        ]
        inside = self.derivative(body, v)
        return add(*ends, *([Expr("integral", inside, variable, low, high)] if inside is not ZERO else []))

    def _cases(self, e: Expr, v: Expr) -> Expr:
        parts = [self.derivative(a, v) if k % 2 == 0 else a for k, a in enumerate(e.args)]
        if len(e.args) % 2 == 0:  # no "otherwise": the last pair is a value and its condition
            parts = [self.derivative(a, v) if k % 2 == 0 else a for k, a in enumerate(e.args)]
        return Expr("cases", *parts)

    def _max(self, e: Expr, v: Expr) -> Expr:
        first, *rest = e.args
        if not rest:
            return self.derivative(first, v)
        second = rest[0] if len(rest) == 1 else Expr("max", *rest)
        return Expr("cases", self.derivative(first, v), Expr("<", second, first), self.derivative(second, v))

    def _min(self, e: Expr, v: Expr) -> Expr:
        return neg(self._max(Expr("max", *(neg(a) for a in e.args)), v))

    def _clip(self, e: Expr, v: Expr) -> Expr:
        x, low, high = e.args
        return self._min(Expr("min", Expr("max", x, low), high), v)

    def _bool(self, e: Expr, v: Expr) -> Expr:
        if e.args[0].head in ("=", "in", "notin", "!="):
            return ZERO
        return ZERO
