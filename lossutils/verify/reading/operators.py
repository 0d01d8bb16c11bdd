"""Reading what takes the rest of a term over indices or a variable: sums, products, extrema."""

from __future__ import annotations

from ..expr import INFINITY, ONE, Expr, add, sub, substitute
from .calculus import derivative_operator, evaluated, integral, limit
from .delimiters import condition, interval_or_set, set_symbol
from .latex import Token
from .reader import AUTO, Reader
from .symbols import accented, slash_outside


def prefix_operator(r: Reader) -> Expr | None:
    """An operator that applies to the rest of the term, with that rest."""
    token, scope = r.token, r.bound
    try:
        if token.kind == "command" and token.value in ("sum", "prod"):
            return big(r, token)
        if token.kind == "command" and token.value in ("max", "min") and r.tokens[r.at + 1].kind == "_":
            return extremum(r, token)
        if token.kind == "command" and token.value in ("inf", "sup", "arg", "argmin", "argmax"):
            return optimum(r, token)
        if token.kind == "operatorname" and token.value.replace(" ", "") in ("argmin", "argmax"):
            return optimum(r, token)
        if token.kind == "command" and token.value == "lim":
            return limit(r)
        if token.kind == "command" and token.value == "int":
            return integral(r)
        if token.kind == "left.":
            return evaluated(r)
        return derivative_operator(r)
    finally:
        if token.value != "int":  # an integral ends at its differential
            r.ended |= {n: own for n, own in r.bound.items() if scope.get(n) != own}
        r.bound = scope


# Sums, products, extrema over indices


def big(r: Reader, token: Token) -> Expr:
    """\\sum and \\prod."""
    start = r.at
    r.take("command")
    ranges = index_ranges(r)
    inside = r.at
    body = r.term()
    if token.value == "prod" and slash_outside(r, inside):
        raise r.error("does the product reach past the slash? use \\frac or parentheses", token)
    for _, range_ in ranges:
        one_letter_runs(r, range_, start, token)
    return nested(token.value, ranges, body)


def one_letter_runs(r: Reader, range_: Expr, start: int, token: Token) -> None:
    """In j \\ne t, t has to be a letter known from elsewhere, or both might be meant to run."""
    for said in range_.args:
        other = said.args[1] if said.head == "!=" else None
        if other is None or other.head != "sym" or "·" in other.args[0] or other.args[0] in r.names.declared:
            continue
        elsewhere = [*r.tokens[:start], *r.tokens[r.at :]]
        if not any(t.kind == "letter" and t.value == other.args[0] for t in elsewhere):
            raise r.error(f"does {other.args[0]} run as well? declare it, or write two signs", token)


def nested(head: str, ranges: list[tuple[Expr, Expr]], body: Expr) -> Expr:
    for variable, range_ in reversed(ranges):
        body = Expr(head, variable, range_, body)
    return body


def index_ranges(r: Reader) -> list[tuple[Expr, Expr]]:
    """What stands below and above the sign: variables bound, with their ranges."""
    upper = None
    if r.token.kind == "^":  # the upper limit may come first
        upper = upper_limit(r)
    r.need("_")
    if r.token.kind == "{":
        r.need("{")
        ranges = index_specification(r)
        r.need("}")
    else:
        ranges = [(r.bind(r.need("letter").value), AUTO)]
    if r.token.kind == "^":
        upper = upper_limit(r)
    if upper is None:
        return ranges
    (variable, range_), *more = ranges
    if more or (range_.head == "range" and range_.args[1] is not INFINITY) or range_.head == "in":
        raise r.error("an upper limit needs a lower limit of the form j = 1")
    conditions = range_.args[2:] if range_.head == "range" else range_.args
    return [(variable, Expr("range", range_.args[0] if range_.head == "range" else ONE, upper, *conditions))]


def upper_limit(r: Reader) -> Expr:
    r.need("^")
    return r.group() if r.token.kind == "{" else r.single()


def index_specification(r: Reader) -> list[tuple[Expr, Expr]]:
    """j = 1 · j \\in P · j · i, j · i < j · 1 \\le i < j \\le n · each with further conditions after commas."""
    start = r.at
    letter = r.take("letter")
    following = r.token
    if letter and following.kind in ("}", ",") and plain_list(r, start):
        return letters(r, start)
    if letter and following.kind == "relation" and following.value in ("=", "in", "notin", "!="):
        return [single_index(r, letter, following)]
    r.at = start
    return ordered(r)


def plain_list(r: Reader, start: int) -> bool:
    """Whether only letters and commas stand before the brace."""
    at = start
    while r.tokens[at].kind in ("letter", ","):
        at += 1
    return r.tokens[at].kind == "}"


def letters(r: Reader, start: int) -> list[tuple[Expr, Expr]]:
    r.at = start
    found = []
    while r.token.kind != "}":
        if letter := r.take("letter"):
            found.append((r.bind(letter.value), AUTO))
        else:
            r.need(",")
    return found


def single_index(r: Reader, letter: Token, relation: Token) -> tuple[Expr, Expr]:
    if relation.value == "!=" and letter.value in r.bound:
        raise r.error("write the bound letter first", letter)
    r.take("relation")
    if relation.value == "=":
        low = r.expression()
        variable = r.bind(letter.value)
        return variable, Expr("range", low, INFINITY, *conditions(r))
    if relation.value == "in":
        inside = set_symbol(r)
        variable = r.bind(letter.value)
        return variable, Expr("in", inside, *conditions(r))
    variable = r.bind(letter.value)
    other = set_symbol(r) if relation.value == "notin" else r.expression()
    return variable, Expr("auto", Expr(relation.value, variable, other), *conditions(r))


def conditions(r: Reader) -> tuple[Expr, ...]:
    found = []
    while r.take(","):
        found.append(condition(r))
    return tuple(found)


def ordered(r: Reader) -> list[tuple[Expr, Expr]]:
    """i < j, and 1 \\le i < j \\le n: letters not yet in scope are bound."""
    sides: list[Expr] = []
    relations: list[str] = []
    start = r.token
    while True:
        token = r.token
        new = token.kind == "letter" and token.value not in r.bound and token.value not in r.names.declared
        bounding = relations and (relations[-1] == "<=" and (len(relations) > 1 or not _new(r, sides)))
        ends = r.tokens[r.at + 1].kind in ("}", ",")
        if new and (ends or r.tokens[r.at + 1].kind == "relation") and not (bounding and ends):
            r.take("letter")
            sides.append(r.bind(token.value))
        else:
            sides.append(r.expression())
        relation = r.take("relation")
        if relation is None:
            break
        relations.append(relation.value)
    if not relations or any(r not in ("<", "<=") for r in relations):
        raise r.error("these limits are not understood", start)
    return between(r, sides, relations, start)


def between(r: Reader, sides: list[Expr], relations: list[str], start: Token) -> list[tuple[Expr, Expr]]:
    """Ranges for the bound letters in a chain of < and <=."""
    mine = [n for n, s in enumerate(sides) if s.head == "sym" and "·" in s.args[0] and s in _new(r, sides)]
    found: list[tuple[Expr, Expr]] = []
    for n in mine:
        low = high = None
        if n > 0:
            low = sides[n - 1] if relations[n - 1] == "<=" else add(sides[n - 1], ONE)
        if n + 1 < len(sides) and n + 1 not in mine:
            high = sides[n + 1] if relations[n] == "<=" else sub(sides[n + 1], ONE)
        if low is None and high is None and not found and len(mine) == 1:
            raise r.error("these limits are not understood", start)
        found.append((sides[n], Expr("range", low or ONE, high or Expr("auto"))))
    last = found[-1][1].args[1] if found else None
    if last is None:
        raise r.error("no letter is bound here", start)
    return [(v, Expr("range", r.args[0], last if r.args[1] == Expr("auto") else r.args[1])) for v, r in found]


def _new(r: Reader, sides: list[Expr]) -> list[Expr]:
    return [s for s in sides if s.head == "sym" and s.args[0] in r.bound.values()]


def extremum(r: Reader, token: Token) -> Expr:
    """\\max_j over indices; \\max_x over a real variable."""
    mark = r.at
    r.take("command")
    ranges = index_ranges_or_none(r)
    if ranges is not None:
        body = r.term()
        if all(indexes(body, v.args[0]) for v, _ in ranges):
            return nested(f"{token.value}over", ranges, body)
    r.at = mark
    return optimum(r, token)


def index_ranges_or_none(r: Reader) -> list[tuple[Expr, Expr]] | None:
    try:
        return index_ranges(r)
    except ValueError:
        return None


def indexes(body: Expr, name: str) -> bool:
    """Whether the symbol is used as an index."""
    return any(e.head == "idx" and any(name in i.free for i in e.args[1:]) for e in body.walk())


def optimum(r: Reader, token: Token) -> Expr:
    """\\arg\\min_x, \\min_x, \\inf_x and the like, over the reals or an interval."""
    r.at += 1
    head = {"min": "least", "max": "most"}.get(token.value, token.value.replace(" ", ""))
    if head == "arg":
        kind = r.command("min", "max")
        if kind is None:
            raise r.error("expected \\min or \\max after \\arg")
        head = "arg" + kind.value
    r.need("_")
    braces = r.take("{")
    letter = r.take("letter") or accent_letter(r)
    where: tuple[Expr, ...] = ()
    if braces and (relation := r.take("relation")):
        if relation.value != "in":
            raise r.error("expected \\in or }", relation)
        where = domain(r)
    if braces:
        r.need("}")
    variable = r.bind(letter.value)
    body = r.term()
    if where and where[0].head == "set" and head in ("least", "most", "inf", "sup"):
        values = [substitute(body, variable.args[0], x) for x in where[0].args]
        return Expr("min" if head in ("least", "inf") else "max", *values)
    return Expr(head, variable, body, *where)


def accent_letter(r: Reader) -> Token:
    token = r.token
    if token.kind != "command":
        raise r.error("expected the letter that is varied")
    r.take("command")
    found = accented(r, token)
    return Token("letter", found.args[0], token.position)


def domain(r: Reader) -> tuple[Expr, ...]:
    if r.command("mathbb"):
        r.need("{")
        if r.need("letter").value != "R":
            raise r.error("only the real numbers, intervals and finite sets can be ranged over")
        r.need("}")
        return ()
    found = interval_or_set(r)
    if found is None:
        raise r.error("expected an interval")
    return (found,)
