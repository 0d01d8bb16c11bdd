"""Reading limits, integrals, derivatives, and values at a point."""

from __future__ import annotations

from ..expr import Expr, mul, neg, substitute, sym
from .latex import Token
from .reader import Reader
from .symbols import accented, symbol


def limit(r: Reader) -> Expr:
    r.take("command")
    r.need("_")
    r.need("{")
    letter = r.need("letter")
    relation = r.take("relation", "command")
    if relation is None or relation.value not in ("to", "downarrow", "uparrow"):
        raise r.error("expected \\to")
    sign = r.take("-", "+")
    point = limit_point(r)
    point = neg(point) if sign and sign.kind == "-" else point
    side = {"downarrow": "+", "uparrow": "-"}.get(relation.value, "")
    if r.take("^"):
        braces = r.take("{")
        side = (r.take("+", "-") or r.token).kind
        if braces:
            r.need("}")
    r.need("}")
    variable = r.bind(letter.value)
    return Expr("limit", r.term(), variable, point, side)


def limit_point(r: Reader) -> Expr:
    factors = [r.atom()]
    while r.starts_factor():
        factors.append(r.atom())
    return mul(*factors)


def integral(r: Reader) -> Expr:
    """\\int_a^b ... dx: the integrand reaches to its dx."""
    r.take("command")
    if r.token.kind != "_":
        raise r.error("only integrals with limits can be checked")
    r.need("_")
    low = signed_group(r)
    r.need("^")
    high = signed_group(r)
    end = differential(r)
    variable = r.bind(r.tokens[end + 1].value)
    r.tokens[end] = Token("end", "d", r.tokens[end].position)
    body = r.expression()
    if (r.token.kind, r.token.value) != ("end", "d"):
        raise r.error("expected the integrand to end at its differential")
    r.at += 2
    return Expr("integral", body, variable, low, high)


def signed_group(r: Reader) -> Expr:
    return r.group() if r.token.kind == "{" else r.single()


def differential(r: Reader) -> int:
    if "d" in r.names.declared:
        raise r.error("d is a letter here: the integral's differential cannot be told from it")
    depth = inner = 0
    for at in range(r.at, len(r.tokens) - 1):
        token = r.tokens[at]
        inner += depth == 0 and (token.kind, token.value) == ("command", "int")
        depth += (token.kind in "{([") - (token.kind in "})]") if len(token.kind) == 1 else 0
        if depth < 0:
            break
        if depth == 0 and token.kind == "letter" and token.value == "d" and r.tokens[at + 1].kind == "letter":
            if not inner:
                return at
            inner -= 1  # the integral within ends first
    raise r.error("no differential such as dx closes this integral")


def is_d(r: Reader, at: int) -> int:
    """How many tokens at a place spell the d of a derivative: d, \\partial, \\mathrm{d}; 0 if they do not."""
    token = r.tokens[at]
    if token.kind == "letter" and token.value == "d" and "d" not in r.names.declared:
        return 1
    if token.kind == "command" and token.value == "partial":
        return 1
    if token.kind == "command" and token.value == "mathrm" and r.tokens[at + 2].value == "d":
        return 4
    return 0


def derivative_parts(r: Reader) -> tuple[Expr | None, list[Expr]] | None:
    """After \\frac: what stands above beside the d, if anything, and the variables; None if it is no derivative."""
    braces = r.token.kind == "{"  # \frac d{dx} is typeset like \frac{d}{dx}
    first = r.at + braces
    length = is_d(r, first)
    if not length or not (braces or length == 1):
        return None
    at = _end_of_braces(r) if braces else first + 1
    if r.tokens[at].kind != "{" or not is_d(r, at + 1):
        return None
    r.at = first + length
    order, above = 1, None
    if braces:
        order = derivative_order(r)
        above = None if r.token.kind == "}" else differentiated(r)
        r.need("}")
    r.need("{")
    variables: list[Expr] = []
    while skip := is_d(r, r.at):
        r.at += skip
        variable = differentiated_by(r)
        variables += [variable] * derivative_order(r)
    r.need("}")
    if len(variables) != order:
        raise r.error(f"a derivative of order {order} by {len(variables)} variables")
    return above, variables


def _end_of_braces(r: Reader) -> int:
    """Where what stands after a closed pair of braces begins."""
    depth, at = 0, r.at
    while True:
        depth += (r.tokens[at].kind == "{") - (r.tokens[at].kind == "}")
        at += 1
        if depth == 0 or r.tokens[at].kind == "end":
            return at


def derivative_order(r: Reader) -> int:
    if not r.take("^"):
        return 1
    braces = r.take("{")
    found = r.need("number")
    if braces:
        r.need("}")
    if not found.value.isdigit() or not 1 <= int(found.value) <= 4:
        raise r.error("expected an order of differentiation from 1 to 4", found)
    return int(found.value)


def differentiated_by(r: Reader) -> Expr:
    """A symbol with its indices, its superscript left alone."""
    token = r.token
    if token.kind == "command":
        r.take("command")
        return accented(r, token)
    if token.value == "e" and "e" not in r.names.declared and "e" not in r.bound:
        raise r.error("e is Euler's number unless it is declared: say e='real'")
    found = symbol(r, r.need("letter").value, token)
    if found.head not in ("sym", "idx"):
        raise r.error("expected a variable to differentiate by", token)
    return found


def differentiated(r: Reader) -> Expr:
    """What is differentiated; a function's bare name means its value at its own parameters."""
    token, following = r.token, r.tokens[r.at + 1]
    if token.kind == "letter" and token.value in r.names.functions and following.kind == "}":
        r.take("letter")
        return Expr("call", token.value, -1)
    return r.term()


def derivative_ahead(r: Reader) -> Expr | None:
    """\\frac{df}{dx}, after \\frac."""
    start = r.at
    parts = derivative_parts(r)
    if parts is None or parts[0] is None:
        r.at = start
        return None
    return Expr("deriv", parts[0], *parts[1])


def derivative_operator(r: Reader) -> Expr | None:
    """\\frac{d}{dx} applied to the rest of the term."""
    if r.token.kind != "command" or r.token.value not in ("frac", "tfrac", "dfrac"):
        return None
    start = r.at
    r.take("command")
    parts = derivative_parts(r)
    if parts is None or parts[0] is not None:
        r.at = start
        return None
    return Expr("deriv", r.term(), *parts[1])


def evaluated(r: Reader) -> Expr:
    """\\left. ... \\right|_{x = 0}."""
    r.take("left.")
    bars, r.bars = r.bars, 1
    body = r.expression()
    if not r.take("|", "|>"):
        raise r.error("expected the bar after which the place stands")
    r.bars = bars
    r.need("_")
    r.need("{")
    while True:
        variable = differentiated_by(r)
        if (r.take("relation") or r.token).value != "=":
            raise r.error("expected = after the variable")
        where = r.expression()
        if variable.head == "sym":  # a name of its own, like every bound letter's
            inner = sym(r.names.fresh.name(variable.args[0]))
            body, variable = substitute(body, variable.args[0], inner), inner
        body = Expr("at", body, variable, where)
        if not r.take(","):
            break
    r.need("}")
    return body
