"""Reading delimiters: parentheses, bars, brackets, conditions, intervals, sets and cases."""

from __future__ import annotations

from ..expr import ZERO, Expr
from .latex import LatexError
from .reader import SWAPPED, Reader
from .symbols import symbol


def parenthesised(r: Reader) -> Expr:
    """(...), [...], Iverson's bracket [condition], and the positive part (...)_+."""
    opener = r.token.kind
    r.take("(", "[")
    bars, r.bars = r.bars, 0
    inside = r.expression()
    if opener == "[" and r.token.kind == "relation":
        inside = Expr("bool", condition(r, inside))
    if r.token.kind == ",":
        raise r.error("a pair has no meaning here")
    r.need(")" if opener == "(" else "]")
    r.bars = bars
    if r.token.kind == "_":
        r.need("_")
        r.need("+", " after a parenthesis' subscript sign")
        return Expr("max", inside, ZERO)
    return inside


def absolute(r: Reader) -> Expr:
    """|x|, and |P| for a set; \\left| closes at its own \\right|."""
    opener = r.token.kind
    r.take("|", "|<")
    bars, r.bars = r.bars, r.bars + 1 if opener == "|" else 0
    inside = r.expression()
    r.need("|" if opener == "|" else "|>", " to close the absolute value")
    r.bars = bars
    return Expr("card" if inside.head == "sym" and inside.args[0] in r.names.sets else "abs", inside)


def norm(r: Reader) -> Expr:
    """\\|x\\| and \\|x\\|_2, Euclidean, of an expression in vectors; \\|x\\|_1."""
    r.need("\\|")
    inside = r.expression()
    r.need("\\|", " to close the norm")
    order = "2"
    if r.take("_"):
        order = r.need("number").value
        if order not in "12":
            raise r.error("only the norms 1 and 2 are known")
    return Expr("norm", inside, order)


def inner_product(r: Reader) -> Expr:
    """\\langle v, w \\rangle."""
    first = r.expression()
    r.need(",")
    second = r.expression()
    if not r.command("rangle"):
        raise r.error("expected \\rangle")
    return Expr("dot", first, second)


def indicator_ahead(r: Reader) -> bool:
    """Whether {1} comes next."""
    a, b, c = r.tokens[r.at : r.at + 3]
    return a.kind == "{" and b.value == "1" and c.kind == "}"


def indicator(r: Reader) -> Expr:
    """\\mathbb{1}[...], \\mathbb{1}\\{...\\} and \\mathbb{1}_{...}."""
    r.at += 3
    closers = {"[": "]", "(": ")", "\\{": "\\}", "{": "}"}
    r.take("_")
    opener = r.take(*closers)
    if opener is None:
        raise r.error("expected the condition of the indicator")
    found = Expr("bool", condition(r))
    r.need(closers[opener.kind])
    return found


def condition(r: Reader, left: Expr | None = None) -> Expr:
    """a < b, a = b, i \\in P, and chains of them."""
    left = left or r.expression()
    found = []
    while relation := r.take("relation"):
        kind = relation.value
        if kind in ("in", "notin"):
            right = interval_or_set(r) if r.token.kind in ("[", "(", "\\{") else set_symbol(r)
        else:
            right = r.expression()
        if right is None or kind not in ("=", "<", "<=", ">", ">=", "!=", "in", "notin"):
            raise r.error("this condition is not understood", relation)
        pair = (right, left) if kind in SWAPPED else (left, right)
        found.append(Expr(SWAPPED.get(kind, kind), *pair))
        left = right
    if not found:
        raise r.error("expected a condition")
    return found[0] if len(found) == 1 else Expr("and", *found)


def set_symbol(r: Reader) -> Expr:
    """The letter of a set."""
    token = r.need("letter", " naming a set")
    return symbol(r, token.value, token)


def interval_or_set(r: Reader) -> Expr | None:
    """[a, b], (a, b], {a, b, c}; None if this is something else."""
    opener = r.take("[", "(", "\\{")
    try:
        items = [r.expression()]
        while r.take(","):
            items.append(r.expression())
    except LatexError:
        return None
    closer = r.take("]", ")", "\\}")
    if opener is None or closer is None:
        return None
    if opener.kind == "\\{" and closer.kind == "\\}":
        return Expr("set", *items)
    if len(items) == 2 and "\\" not in opener.kind + closer.kind:
        return Expr("interval", *items, opener.kind + closer.kind)
    return None


def cases(r: Reader) -> Expr:
    """\\begin{cases} value & condition \\\\ ... \\end{cases}."""
    name = r.need("begin").value
    parts: list[Expr] = []
    while True:
        parts.append(r.expression())
        r.take(",")
        r.take("&")
        words = r.take("text")
        if r.token.kind in ("end", "newline") and words and words.value.rstrip(".,") in ("otherwise", "else"):
            r.take("newline")
            break
        parts.append(condition(r))
        r.take(".", ",", "text")
        if not r.take("newline") or r.token.kind == "end":
            break
    closing = r.take("end")
    if closing is None or closing.value != name:
        raise r.error("expected \\end{cases}")
    return Expr("cases", *parts)
