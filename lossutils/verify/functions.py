"""Functions written in terms of exp and log."""

from __future__ import annotations

from .expr import HALF, ONE, TWO, Expr, add, div, mul, neg, sub


def expand_function(name: str, x: Expr) -> Expr | None:
    """A function of x in terms of exp and log, if it has such a form."""
    up, down = Expr("exp", x), Expr("exp", neg(x))
    forms = {
        "sigma": lambda: div(ONE, add(ONE, down)),
        "softplus": lambda: Expr("log", add(ONE, up)),
        "cosh": lambda: mul(HALF, add(up, down)),
        "sinh": lambda: mul(HALF, sub(up, down)),
        "tanh": lambda: div(sub(up, down), add(up, down)),
        "coth": lambda: div(add(up, down), sub(up, down)),
        "sech": lambda: div(TWO, add(up, down)),
        "logit": lambda: Expr("log", div(x, sub(ONE, x))),
        "artanh": lambda: mul(HALF, Expr("log", div(add(ONE, x), sub(ONE, x)))),
        "tan": lambda: div(Expr("sin", x), Expr("cos", x)),
    }
    return forms[name]() if name in forms else None
