"""Reading symbols with their subscripts, and functions applied to arguments."""

from __future__ import annotations

from ..expr import ONE, OVER_INDEX, ZERO, Expr, div, power, sym
from .latex import ACCENTS, GREEK, STYLES, Token
from .reader import Reader, arity, function_named


def letter(r: Reader) -> Expr:
    """A letter: a function, a constant, or a symbol."""
    token = r.need("letter")
    name = token.value
    if name in ("sigma", "Gamma") and name not in r.names.declared | set(r.bound):
        return apply(r, name, token)
    if name in ("pi", "e") and name not in r.names.declared | set(r.bound):
        return Expr("const", name)
    return symbol(r, name, token)


def styled(r: Reader, token: Token) -> Expr:
    """A letter in another style; a word in roman is a name."""
    r.need("{")
    inside = []
    while found := r.take("letter"):
        inside.append(found)
    r.need("}")
    if len(inside) == 1:
        return symbol(r, inside[0].value, inside[0])
    if token.value == "mathrm" and inside:
        return named(r, Token("operatorname", "".join(t.value for t in inside), token.position))
    raise r.error("expected one letter in this style", token)


def accented(r: Reader, token: Token) -> Expr:
    """\\hat y and the like."""
    inside = r.take("letter")
    if inside is None:
        r.need("{")
        inside = r.need("letter")
        r.need("}")
    return symbol(r, f"{inside.value}_{ACCENTS[token.value]}", inside)


def named(r: Reader, token: Token) -> Expr:
    """\\operatorname{name}."""
    name = function_named(token.value) or token.value
    if name in GREEK or len(name) == 1:
        raise r.error(f"a name in roman that is also the letter {name}", token)
    if name in r.names.functions or arity(name):
        return apply(r, name, token)
    if name in r.names.declared:
        return symbol(r, name, token)
    raise r.error(f"the name {token.value!r} is neither a known function nor declared", token)


def symbol(r: Reader, name: str, token: Token) -> Expr:
    """A symbol with its subscripts; applied to arguments if it is a function."""
    if r.token.kind == "^" and r.tokens[r.at + 1].value in ("star", "*"):
        r.at += 2
        name += "_star"
    if name in r.names.functions:
        return apply(r, name, token)
    name = r.bound.get(name, name)
    indices: tuple[Expr, ...] = ()
    if r.token.kind == "_":
        name, indices = subscripts(r, name)
    if r.token.kind == "'":
        raise r.error("a prime marks the derivative of a function; this is not one")
    if name in r.names.functions:
        return apply(r, name, token)
    no_function(r, name, bool(indices), token)
    return Expr("idx", name, *indices) if indices else sym(name)


def no_function(r: Reader, name: str, indexed: bool, token: Token) -> None:
    """Refuse a letter before a bracket that could be a function's argument."""
    if r.token.kind == "(" and _one_letter_inside(r):
        raise r.error(f"{name}(...) reads as a function: define it, or write the product with \\cdot", token)
    known = indexed or name in r.names.declared or "·" in name or _stands_alone(r, token)
    if (r.token.kind == "(" or (r.token.kind == "[" and not _iverson_ahead(r))) and not known:
        raise r.error(f"is {name}(...) a product or a function? declare {name} or define it", token)


def _one_letter_inside(r: Reader) -> bool:
    """Whether a bracket holds a letter and nothing else, but for its subscript."""
    kinds = [t.kind for t in r.tokens[r.at + 1 : r.at + 8]]
    if kinds[:1] != ["letter"]:
        return False
    rest = kinds[1:]
    if rest[:1] == ["_"]:  # one token, or one in braces
        rest = rest[4:] if rest[1:2] == ["{"] else rest[2:]
    return rest[:1] == [")"] and rest[1:2] != ["_"]  # (e)_+ is the positive part


def _stands_alone(r: Reader, token: Token) -> bool:
    """Whether the letter also occurs where it cannot be a function: then a parenthesis after it is a factor."""
    return any(
        (t.kind, t.value) == ("letter", token.value)
        and (_after(r, k).kind not in ("(", "'", "[") or r.tokens[k - 1].kind in ("^", "_"))
        for k, t in enumerate(r.tokens)
    )


def _after(r: Reader, k: int) -> Token:
    """What comes after a letter, the braces of its style or accent passed over."""
    inside = k > 1 and r.tokens[k - 1].kind == "{" and r.tokens[k - 2].kind == "command"
    return r.tokens[k + 2] if inside and r.tokens[k + 1].kind == "}" else r.tokens[k + 1]


def _iverson_ahead(r: Reader) -> bool:
    """Whether a bracket holds a condition."""
    depth = 0
    for t in r.tokens[r.at :]:
        depth += (t.kind in "([{") - (t.kind in ")]}") if len(t.kind) == 1 else 0
        if depth == 0:
            return False
        if depth == 1 and t.kind == "relation":
            return True
    return False


# Subscripts


def subscripts(r: Reader, name: str) -> tuple[str, tuple[Expr, ...]]:
    """The name and its indices: s_i, p_{ij}, v_{i,k}, w_0, x_{\\text{new}}."""
    r.need("_")
    if r.token.kind != "{":
        token = r.token
        if f"{name}_{token.value}" in r.names.declared:
            r.at += 1
            return f"{name}_{token.value}", ()
        return name, (index(r, r.single()),)
    r.need("{")
    if word := r.take("text", "operatorname"):
        r.need("}")
        return _labelled(r, name, word.value, word), ()
    if r.token.kind == "command" and r.token.value in STYLES:
        r.at += 1
        r.need("{")
        letters = "".join(t.value for t in iter(lambda: r.take("letter"), None))
        r.need("}")
        r.need("}")
        return _labelled(r, name, letters, r.tokens[r.at - 1]), ()
    start = r.at
    indices = index_list(r)
    apart = any(t.kind == "," for t in r.tokens[start : r.at])
    r.need("}")
    if apart:
        return name, indices
    joined = "".join(i.args[0] if i.head == "sym" else str(i.args[0]) for i in indices if i.head in ("sym", "num"))
    return (f"{name}_{joined}", ()) if f"{name}_{joined}" in r.names.declared else (name, indices)


def _labelled(r: Reader, name: str, label: str, token: Token) -> str:
    """The name with a label, which may not be spelled like an accent or an index."""
    if label in ("star", *ACCENTS.values()) or label.isdigit():
        raise r.error(f"{name} with the label {label} can be taken for another; use another word", token)
    return f"{name}_{label}"


def index_list(r: Reader) -> tuple[Expr, ...]:
    """Indices one after the other, `ij`, or with commas; 2k is one index."""
    found: list[Expr] = []
    while True:
        part = r.expression()
        found += part.args if part.head == "mul" and all(p.head == "sym" for p in part.args) else [part]
        if not r.take(","):
            return tuple(index(r, i) for i in found)


def index(r: Reader, e: Expr) -> Expr:
    """An index, which Euler's number cannot be."""
    if e == Expr("const", "e"):
        raise r.error("e as an index can be mistaken for Euler's number; use another letter")
    return e


# Functions


def apply(r: Reader, name: str, token: Token) -> Expr:
    """A function with what stands between its name and its argument, and the argument."""
    exponent, primes, low = ONE, 0, None
    indices: tuple[Expr, ...] = ()
    while True:
        if r.token.kind == "'":
            r.take("'")
            primes += 1
        elif r.token.kind == "_" and r.names.functions.get(name):
            r.take("_")
            indices = _function_indices(r, name)
        elif r.token.kind == "_" and name == "log":
            r.take("_")
            low = r.argument()
        elif r.token.kind == "^":
            r.take("^")
            exponent = r.argument()
            if exponent.head != "num" or exponent.args[0] <= 0:
                raise r.error("is this the inverse function or a reciprocal? write it out", token)
        else:
            break
    if name in r.names.functions and len(indices) != r.names.functions[name]:
        raise r.error(f"{name} was defined with {r.names.functions[name]} subscripts", token)
    applied = _applied(r, name, indices, arguments(r, name, token), primes, token)
    return power(applied if low is None else div(applied, Expr("log", low)), exponent)


def _function_indices(r: Reader, name: str) -> tuple[Expr, ...]:
    """The subscripts that a defined function takes."""
    if r.token.kind != "{":
        return (r.single(),)
    if r.names.functions[name] == 1:  # then k\delta is a product
        return (r.group(),)
    r.need("{")
    found = index_list(r)
    r.need("}")
    return found


def _applied(
    r: Reader, name: str, indices: tuple[Expr, ...], given: tuple[Expr, ...], primes: int, token: Token
) -> Expr:
    """The function of its arguments, with its derivatives taken."""
    defined = name in r.names.functions
    if not defined and len(given) not in arity(name):
        raise r.error(f"{name} does not take {len(given)} arguments", token)
    if not primes:
        return Expr("call", name, len(indices), *indices, *given) if defined else _known(name, given)
    if len(given) != 1:
        raise r.error("a prime needs a function of one argument", token)
    inner = sym(r.names.fresh.name("x"))
    body = Expr("call", name, len(indices), *indices, inner) if defined else _known(name, (inner,))
    return Expr("at", Expr("deriv", body, *[inner] * primes), inner, given[0])


def _known(name: str, given: tuple[Expr, ...]) -> Expr:
    """A known function of its arguments; clip and relu in terms of the greatest and the least."""
    if name == "clip":
        x, low, high = given
        return Expr("min", Expr("max", x, low), high)
    return Expr("max", given[0], ZERO) if name == "relu" else Expr(name, *given)


def arguments(r: Reader, name: str, token: Token) -> tuple[Expr, ...]:
    """(a, b), {a, b} after max, or one factor without parentheses, after which nothing may be left in doubt."""
    closers = {"(": ")", "[": "]", "\\{": "\\}"}
    opener = r.take(*closers)
    if opener is not None:
        bars, r.bars = r.bars, 0
        found = [r.expression()]
        while r.take(",", ";"):
            found.append(r.expression())
        r.need(closers[opener.kind], f" to close {name}(")
        r.bars = bars
        return tuple(found)
    if r.token.kind in ("+", "-"):
        raise r.error(f"write {name}(...) around an argument with a sign")
    start = r.at
    argument = r.factor()
    divided = argument.head in OVER_INDEX and slash_outside(r, start)
    if divided or (r.starts_factor() and not _starts_function(r)):
        raise r.error(f"where does the argument of {name} end? write {name}(...)", token)
    return (argument,)


def slash_outside(r: Reader, start: int) -> bool:
    """Whether a slash stands in what was read, outside of any delimiters."""
    depth = 0
    for t in r.tokens[start : r.at]:
        depth += (t.kind in ("(", "[", "{", "\\{")) - (t.kind in (")", "]", "}", "\\}"))
        if depth == 0 and t.kind == "/":
            return True
    return False


def _starts_function(r: Reader) -> bool:
    """Whether the next factor is plainly not part of the argument before it."""
    token = r.token
    if token.kind == "command":
        return bool(function_named(token.value))
    return token.kind == "operatorname" or (token.kind == "letter" and token.value == "sigma")
