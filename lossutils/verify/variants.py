"""Wrong variants of a formula, made from the formula by one small change each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from .expr import BINDERS, MINUS_ONE, ONE, OVER_INDEX, TWO, ByHead, Expr, add, mul, neg, num, power, sub, sym, text
from .reading.parser import Statement

MOST = 24
MOST_OF_A_KIND = 3
ALTERED = ("exp", "log", "sigma", "tanh", "cosh", "sinh", "abs", "softplus", "sign", "call")

Changes = Iterator[tuple[str, str, Expr]]  # kind, what was changed, the result
Variant = tuple[str, str, Statement]  # kind, what was changed, the result


def variants(statement: Statement) -> tuple[list[Variant], int]:
    """Up to `MOST`, of each kind some, the same every time; and how many there could have been."""
    by_kind: dict[str, list[Variant]] = {}
    seen = {statement}
    for kind, name, changed in every(statement):
        if changed not in seen:
            seen.add(changed)
            by_kind.setdefault(kind, []).append((kind, name, changed))
    found = [v for group in by_kind.values() for v in _spread(group, MOST_OF_A_KIND)]
    return found[:MOST], len(seen) - 1


def _spread(items: list[Variant], count: int) -> list[Variant]:
    if len(items) <= count:
        return items
    return [items[k * (len(items) - 1) // (count - 1)] for k in range(count)]


def every(statement: Statement) -> Iterator[Variant]:
    for n, relation in enumerate(statement.relations):
        turned = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}.get(relation)
        if turned:
            relations = (*statement.relations[:n], turned, *statement.relations[n + 1 :])
            yield "relation", f"{turned} for {relation}", replace(statement, relations=relations)
    for n, side in enumerate(statement.sides):
        for kind, name, changed in changes(side, ()):
            sides = (*statement.sides[:n], changed, *statement.sides[n + 1 :])
            yield kind, name, replace(statement, sides=sides)


def changes(e: Expr, scope: tuple[str, ...]) -> Changes:
    """Every single change to an expression: at its root, then inside."""
    if e.head in ("sym", "const", "card"):
        return
    yield from _at_root(e, scope)
    if e.head in BINDERS:
        scope = (*scope, e.args[BINDERS[e.head]].args[0])
    for n, child in enumerate(e.args):
        if not isinstance(child, Expr) or (e.head in BINDERS and n == BINDERS[e.head]) or (e.head == "deriv" and n):
            continue
        inner = (*scope, *sorted(_indices(e))) if e.head == "idx" else scope
        for kind, name, changed in changes(child, inner):
            yield kind, name, Expr(e.head, *e.args[:n], changed, *e.args[n + 1 :])


def _indices(e: Expr) -> set[str]:
    return {n for i in e.args[1:] for n in i.free}


def _at_root(e: Expr, scope: tuple[str, ...]) -> Changes:
    own = _rule.get(e)
    if own is not None:
        yield from own(e, scope)
    if e.head in ALTERED:
        inside = e.args[-1]
        shown = text(e)[:40]
        if e.head != "call":
            yield "function dropped", f"{text(inside)[:40]} for {shown}", inside
        yield "argument's sign", f"the argument of {shown} negated", Expr(e.head, *e.args[:-1], neg(inside))
    if e.head == "log" and inside.head == "sum":
        variable, range_, body = inside.args
        yield "log of sum", "a sum of logs for a log of a sum", Expr("sum", variable, range_, Expr("log", body))
    if e.head == "log" and inside.head == "add":
        yield "log of sum", "a sum of logs for a log of a sum", add(*(Expr("log", a) for a in inside.args))
    if e.head == "sum" and e.args[2].head == "log":
        yield "log of sum", "a log of a sum for a sum of logs", Expr("log", Expr("sum", *e.args[:2], e.args[2].args[0]))


_rule: ByHead[Callable[[Expr, tuple[str, ...]], Changes]] = ByHead()


@_rule("add")
def _add(e: Expr, scope: tuple[str, ...]) -> Changes:
    for n, a in enumerate(e.args):
        yield "sign", f"the sign of {text(a)[:40]}", add(*e.args[:n], neg(a), *e.args[n + 1 :])
        if len(e.args) > 1:
            yield "term dropped", f"{text(a)[:40]} left out", add(*e.args[:n], *e.args[n + 1 :])


@_rule("mul")
def _mul(e: Expr, scope: tuple[str, ...]) -> Changes:
    for n, a in enumerate(e.args):
        if a is MINUS_ONE:
            yield "sign", f"the sign of {text(e)[:40]}", mul(*e.args[:n], *e.args[n + 1 :])
        elif len(e.args) > 1:
            yield "factor dropped", f"{text(a)[:40]} left out", mul(*e.args[:n], *e.args[n + 1 :])


@_rule("pow")
def _pow(e: Expr, scope: tuple[str, ...]) -> Changes:
    base, exponent = e.args
    if exponent.head != "num":
        yield "power", f"{text(base)[:40]} without its power", base
        return
    n = exponent.args[0]
    if n == -1:
        yield "power", f"{text(base)[:40]} above for below", base
        yield "factor", f"twice {text(base)[:40]}", power(mul(TWO, base), exponent)
    else:
        yield "power", f"the power {n + 1} for {n}", power(base, num(n + 1))


@_rule("num")
def _num(e: Expr, scope: tuple[str, ...]) -> Changes:
    value = e.args[0]
    if value == 0:
        yield "factor", "1 for 0", ONE
    elif value != -1:
        yield "factor", f"{value * 2} for {value}", num(value * 2)
        yield "factor", f"{value / 2} for {value}", num(value / 2)


@_rule("idx")
def _idx(e: Expr, scope: tuple[str, ...]) -> Changes:
    for n, index in enumerate(e.args[1:], start=1):
        for other in dict.fromkeys(scope):
            if index.head == "sym" and other != index.args[0]:
                changed = Expr("idx", *e.args[:n], sym(other), *e.args[n + 1 :])
                yield "index", f"{text(changed)} for {text(e)}", changed


@_rule(*OVER_INDEX)
def _over(e: Expr, scope: tuple[str, ...]) -> Changes:
    variable, range_, body = e.args
    if range_.head == "range":
        low, high, *conditions = range_.args
        later = Expr("range", add(low, ONE), high, *conditions)
        sooner = Expr("range", low, sub(high, ONE), *conditions)
        yield "bound", f"{text(variable)} from {text(low)} + 1", Expr(e.head, variable, later, body)
        if high.head not in ("auto", "const"):
            yield "bound", f"{text(variable)} to {text(high)} - 1", Expr(e.head, variable, sooner, body)
    fixed = {"range": 2, "in": 1, "auto": 0}[range_.head]
    if len(range_.args) > fixed:
        free = Expr(range_.head, *range_.args[:fixed])
        yield "bound", f"without the condition on {text(variable)}", Expr(e.head, variable, free, body)
    if range_.head == "in":
        yield (
            "bound",
            f"{text(variable)} over all for {text(range_.args[0])}",
            Expr(e.head, variable, Expr("auto"), body),
        )
    other = {"maxover": "minover", "minover": "maxover", "sum": "prod", "prod": "sum"}[e.head]
    yield "operator", f"{other} for {e.head}", Expr(other, variable, range_, body)


@_rule("max", "min", "argmin", "argmax", "inf", "sup", "least", "most")
def _swapped(e: Expr, scope: tuple[str, ...]) -> Changes:
    other = {a: b for pair in _OPPOSITES for a, b in (pair, pair[::-1])}[e.head]
    yield "operator", f"{other} for {e.head}", Expr(other, *e.args)


_OPPOSITES = (("max", "min"), ("argmin", "argmax"), ("inf", "sup"), ("least", "most"))


@_rule("cases")
def _cases(e: Expr, scope: tuple[str, ...]) -> Changes:
    if len(e.args) >= 3:
        yield "cases", "the first two cases swapped", Expr("cases", e.args[2], e.args[1], e.args[0], *e.args[3:])


@_rule("<", "<=")
def _condition(e: Expr, scope: tuple[str, ...]) -> Changes:
    yield "condition", f"{text(e)[:40]} the other way", Expr(e.head, *reversed(e.args))


@_rule("bool")
def _bool(e: Expr, scope: tuple[str, ...]) -> Changes:
    yield "condition", f"{text(e)[:40]} negated", sub(ONE, e)


@_rule("deriv")
def _deriv(e: Expr, scope: tuple[str, ...]) -> Changes:
    body, _, *rest = e.args
    yield "derivative", "a derivative left out", Expr("deriv", body, *rest) if rest else body


@_rule("integral")
def _integral(e: Expr, scope: tuple[str, ...]) -> Changes:
    body, variable, low, high = e.args
    yield "bound", "the limits of integration swapped", Expr("integral", body, variable, high, low)


@_rule("limit")
def _limit(e: Expr, scope: tuple[str, ...]) -> Changes:
    body, variable, point, side = e.args
    if point.has("const") and not point.free:
        yield (
            "limit",
            "the other end",
            Expr("limit", body, variable, neg(point) if point.head == "const" else point.args[1], side),
        )
