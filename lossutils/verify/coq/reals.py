"""Terms of type R, one function a head."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from ..expr import INFINITY, MINUS_ONE, Expr, branches, mul, neg, power
from .conditions import chosen, filtered, range_of
from .writer import (
    ARGUMENT,
    INTEGER,
    NEGATIVE,
    POWER,
    PRODUCT,
    REAL,
    SUM,
    WHOLE,
    Untranslated,
    Writer,
    number,
    reals,
    wrap,
)

CALLED = {  # head -> the name in Coq of a function of one number
    "exp": "exp",
    "log": "ln",
    "sigma": "sigmoid",
    "softplus": "softplus",
    "tanh": "tanh",
    "sinh": "sinh",
    "cosh": "cosh",
    "abs": "Rabs",
    "sign": "sgn",
    "arctan": "atan",
    "sin": "sin",
    "cos": "cos",
    "erf": "erf",
}


@reals("num")
def _num(w: Writer, e: Expr, level: int) -> str:
    return number(e.args[0], level)


@reals("rounded")
def _rounded(w: Writer, e: Expr, level: int) -> str:
    return w.real(e.args[0], level)


@reals("const")
def _const(w: Writer, e: Expr, level: int) -> str:
    if e.args[0] == "inf":
        raise Untranslated("infinity as a number")
    return "PI" if e.args[0] == "pi" else wrap("exp 1", POWER, level)


@reals("sym")
def _sym(w: Writer, e: Expr, level: int) -> str:
    name, kind = w.texts.get(e.args[0]), w.kinds.get(e.args[0])
    if name is None or kind not in (REAL, WHOLE, INTEGER):
        raise Untranslated(f"{e.args[0]} as a number")
    return name if kind == REAL else wrap(f"{'INR' if kind == WHOLE else 'IZR'} {name}", POWER, level)


@reals("idx")
def _idx(w: Writer, e: Expr, level: int) -> str:
    family, *indices = e.args
    if family not in w.texts:
        raise Untranslated(f"{family} with an index")
    return wrap(f"{w.texts[family]} {' '.join(map(w.index, indices))}", POWER, level)


@reals("add")
def _add(w: Writer, e: Expr, level: int) -> str:
    said = w.real(e.args[0], SUM)
    for term in e.args[1:]:
        if term.head == "num" and term.args[0] < 0:
            said += f" - {number(-term.args[0], PRODUCT)}"
        elif term.head == "mul" and term.args[0] is MINUS_ONE:
            said += f" - {w.real(mul(*term.args[1:]), PRODUCT)}"
        else:
            said += f" + {w.real(term, PRODUCT)}"
    return wrap(said, SUM, level)


@reals("mul")
def _mul(w: Writer, e: Expr, level: int) -> str:
    logs = [a for a in e.args if a.head == "log"]
    if w.convention and logs:
        others = mul(*(a for a in e.args if a is not logs[0]))
        return wrap(f"times_log {w.real(others, ARGUMENT)} {w.real(logs[0].args[0], ARGUMENT)}", POWER, level)
    if e.args[0] is MINUS_ONE:
        return wrap(f"- {w.real(mul(*e.args[1:]), NEGATIVE)}", NEGATIVE, level)
    said = w.real(e.args[0], PRODUCT)
    for factor in e.args[1:]:
        under = _denominator(factor)
        said += f" * {w.real(factor, NEGATIVE)}" if under is None else f" / {w.real(under, NEGATIVE)}"
    return wrap(said, PRODUCT, level)


def _denominator(e: Expr) -> Expr | None:
    """What is divided by, in a factor that is the inverse of something."""
    if e.head != "pow":
        return None
    exponent = rational(e.args[1])
    return power(e.args[0], Expr("num", -exponent)) if exponent is not None and exponent < 0 else None


def rational(e: Expr) -> Fraction | None:
    """The value of an exponent that is made of numbers alone."""
    if e.head == "num":
        value: Fraction = e.args[0]
        return value
    if e.head in ("add", "mul"):
        parts = [rational(a) for a in e.args]
        total = Fraction(0 if e.head == "add" else 1)
        for part in parts:
            if part is None:
                return None
            total = total + part if e.head == "add" else total * part
        return total
    return None


@reals("pow")
def _pow(w: Writer, e: Expr, level: int) -> str:
    base, exponent = e.args
    n = rational(exponent)
    if n is not None and n < 0:
        return wrap(f"/ {w.real(power(base, Expr('num', -n)), NEGATIVE)}", NEGATIVE, level)
    if n is not None and n.denominator == 1:
        return w.real(base, level) if n == 1 else wrap(f"{w.real(base, ARGUMENT)} ^ {n}", POWER, level)
    if n == Fraction(1, 2):
        return wrap(f"sqrt {w.real(base, ARGUMENT)}", POWER, level)
    return wrap(f"Rpower {w.real(base, ARGUMENT)} {w.real(exponent, ARGUMENT)}", POWER, level)


@reals(*CALLED)
def _called(w: Writer, e: Expr, level: int) -> str:
    if w.convention and e.head == "log":
        return wrap(f"times_log 1 {w.real(e.args[0], ARGUMENT)}", POWER, level)
    return wrap(f"{CALLED[e.head]} {w.real(e.args[0], ARGUMENT)}", POWER, level)


@reals("max", "min")
def _max(w: Writer, e: Expr, level: int) -> str:
    said = w.real(e.args[0], ARGUMENT)
    for n, other in enumerate(e.args[1:], 2):
        said = f"R{e.head} {said} {w.real(other, ARGUMENT)}"
        if n < len(e.args):
            said = f"({said})"
    return wrap(said, POWER, level)


@reals("bool")
def _bool(w: Writer, e: Expr, level: int) -> str:
    return wrap(chosen(w, e.args[0], "1", "0"), 0, level)


@reals("cases")
def _cases(w: Writer, e: Expr, level: int) -> str:
    pieces = branches(e)
    last = pieces[-1]
    said = w.real(last[1]) if last[0] is None else chosen(w, last[0], w.real(last[1]), "0")
    for condition, value in reversed(pieces[:-1]):
        assert condition is not None
        said = chosen(w, condition, w.real(value), said)
    return wrap(said, 0, level)


@reals("sum", "prod")
def _sum(w: Writer, e: Expr, level: int) -> str:
    run = range_of(w, e.args[0], e.args[1])
    body = filtered(run, run.writer.real(e.args[2]), "0" if e.head == "sum" else "1")
    return wrap(f"{e.head.capitalize()} {run.last} (fun {run.name} => {body})", POWER, level)


@reals("maxover", "minover")
def _extreme(w: Writer, e: Expr, level: int) -> str:
    run = range_of(w, e.args[0], e.args[1])
    among = " && ".join(run.conditions)
    among = f"({among})%bool" if len(run.conditions) > 1 else among or "true"
    said = f"(fun {run.name} => {among}) (fun {run.name} => {run.writer.real(e.args[2])})"
    return wrap(f"{'Largest' if e.head == 'maxover' else 'Smallest'} {run.last} {said}", POWER, level)


@reals("card")
def _card(w: Writer, e: Expr, level: int) -> str:
    return _sum(w, Expr("sum", Expr("sym", "j·"), Expr("in", e.args[0]), Expr("num", Fraction(1))), level)


@dataclass(frozen=True)
class Slope:
    """A function of one number, and the place where its slope is asked for."""

    name: str
    body: Expr
    place: str
    writer: Writer  # inside the function

    def __str__(self) -> str:
        return f"(fun {self.name} => {self.writer.real(self.body)}) {self.place}"


@reals("deriv")
def _deriv(w: Writer, e: Expr, level: int) -> str:
    return wrap(f"Derive {slope(w, e)}", POWER, level)


def slope(w: Writer, e: Expr) -> Slope:
    """Of a derivative by its last letter or component, where that stands; the others are inside."""
    *rest, variable = e.args
    body = rest[0] if len(rest) == 1 else Expr("deriv", *rest)
    place = w.real(variable, ARGUMENT)
    if variable.head == "sym":
        letter = variable.args[0]
        if w.kinds.get(letter) != REAL:
            raise Untranslated(f"a derivative by {letter}")
        name = place if place.isidentifier() else w.fresh(letter)
        return Slope(name, body, place, w.naming(letter, name, REAL))
    family, *indices = variable.args
    name = w.fresh("t")
    varied = f"(upd{'' if len(indices) == 1 else 2} {w.texts[family]} {' '.join(map(w.index, indices))} {name})"
    return Slope(name, body, place, w.naming(name, name, REAL).naming(family, varied, w.kinds[family]))


@reals("at")
def _at(w: Writer, e: Expr, level: int) -> str:
    at = slope_at(w, e)
    if at is not None:
        return wrap(f"Derive {at}", POWER, level)
    body, variable, value = e.args
    if variable.head != "sym":
        raise Untranslated("a value put in for a component")
    name, inner = w.bind(variable.args[0], REAL)
    return wrap(f"let {name} := {w.real(value)} in {inner.real(body)}", 0, level)


def slope_at(w: Writer, e: Expr) -> Slope | None:
    """Of a derivative at a place, by the letter that the place is put in for."""
    body, variable, value = e.args
    if body.head != "deriv" or variable.head != "sym" or body.args[-1] is not variable:
        return None
    found = slope(w.bind(variable.args[0], REAL)[1], body)
    return replace(found, place=w.real(value, ARGUMENT))


@reals("integral")
def _integral(w: Writer, e: Expr, level: int) -> str:
    if INFINITY in e.args[2:] or neg(INFINITY) in e.args[2:]:
        raise Untranslated("an improper integral inside a formula")
    return wrap(f"RInt {integrand(w, e)} {w.real(e.args[2], ARGUMENT)} {w.real(e.args[3], ARGUMENT)}", POWER, level)


def integrand(w: Writer, e: Expr) -> str:
    """What is integrated, as a function."""
    name, inner = w.bind(e.args[1].args[0], REAL)
    return f"(fun {name} => {inner.real(e.args[0])})"
