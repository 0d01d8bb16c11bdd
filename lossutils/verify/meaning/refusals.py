"""What a claim may not leave unsaid, or say in a way that another reader takes otherwise: refused, with the reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ..expr import INFINITY, MINUS_ONE, OPTIMA, OVER_INDEX, Expr, text
from ..reading.parser import Statement
from .assumptions import Assumptions
from .definitions import ClaimError, Definition
from .domains import Domain, Family, Finite, Index, Scalar, Simplex, Subset


def witnesses(statement: Statement, assumptions: Assumptions, definitions: Mapping[str, Definition]) -> dict[str, Expr]:
    """What stands for each letter of which the formula says that there is one; it may use the letters before it."""
    quantified = [name for _, name in statement.quantifiers]
    if repeated := [n for n in quantified if quantified.count(n) > 1]:
        raise ClaimError(f"{repeated[0]} is quantified twice")
    found = {}
    for k, (kind, name) in enumerate(statement.quantifiers):
        if kind == "forall" and name in assumptions.expressions:
            raise ClaimError(f"{name} stands for all values, and for {text(assumptions.expressions[name])}")
        if kind == "exists":
            if name not in assumptions.expressions:
                raise ClaimError(f"there is {name}: say which, as {name}='...'")
            found[name] = assumptions.expressions[name]
            if later := _reached(found[name], assumptions, definitions) & set(quantified[k:]):
                raise ClaimError(f"{name} may not depend on {min(later)}, which comes after it")
    return found


def _reached(e: Expr, assumptions: Assumptions, definitions: Mapping[str, Definition]) -> set[str]:
    """All letters that an expression speaks of: through what they stand for, their domains, and relations."""
    seen, todo = set[str](), set(e.free) | {c.args[0] for c in e.walk() if c.head == "call"}
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        if name in assumptions.expressions:
            todo |= assumptions.expressions[name].free
        elif name in definitions:
            own = definitions[name]
            todo |= own.body.free - {*own.indices, *own.parameters, *own.subscripts}
        else:
            todo |= {n for end in ends(assumptions.domains.get(name)) for n in end.free}
            todo |= {n for c in assumptions.relations if name in c.free for n in c.free}
    return seen


def ends(domain: Domain | None) -> Iterable[Expr]:
    """The expressions that a domain speaks of."""
    if isinstance(domain, Family):
        return [*(n for n in domain.lengths if n is not None), *ends(domain.component)]
    if isinstance(domain, Simplex | Subset):
        return [domain.length]
    if isinstance(domain, Finite):
        return domain.values
    return [] if domain is None else [e for e in (domain.low, domain.high) if e is not None]


def sorts(e: Expr, domains: Mapping[str, Domain]) -> None:
    """Families and sets do not stand for numbers, nor does infinity, but for where a limit, a range or a sum ends."""
    for part in e.walk():
        places = _ENDS.get(part.head, ()) if part.head != "mul" or part.args[0] is not MINUS_ONE else (1,)
        for k, child in enumerate(part.children):
            if child is INFINITY and k not in places:
                raise ClaimError("infinity is no number: let it stand as an end, or as a limit by itself")
            if child.head == "sym" and (part.head, k) not in _BARE and _is_many(domains.get(child.args[0])):
                raise ClaimError(f"{child.args[0]} stands where a number is expected, without its index")
        if part.head == "idx":
            own = domains.get(part.args[0])
            axes = len(own.lengths) if isinstance(own, Family) else 1 if isinstance(own, Simplex) else 0
            if axes and axes != len(part.args) - 1:
                raise ClaimError(f"{text(part)} does not have as many indices as {part.args[0]}")
    if e.head == "sym" and _is_many(domains.get(e.args[0])):
        raise ClaimError(f"{e.args[0]} stands where a number is expected, without its index")


_ENDS = {"limit": (2,), "integral": (2, 3), "interval": (0, 1), "range": (0, 1), "deriv": ()}
_BARE = {("card", 0), ("in", 1), ("notin", 1), ("in", 0), ("subset", 0), ("subset", 1)}


def _is_many(domain: Domain | None) -> bool:
    return isinstance(domain, Simplex | Subset) or (isinstance(domain, Family) and bool(domain.lengths))


def depends(e: Expr, domains: Mapping[str, Domain]) -> None:
    """dy/dx of a y that no x occurs in is no zero, but something left unsaid; by a whole number there is none."""
    for part in e.walk():
        if part.head == "deriv":
            for v in part.args[1:]:
                if _isolated(domains.get(v.args[0])):
                    raise ClaimError(f"{text(v)} takes isolated values: nothing is differentiated by it")
                if "·" not in v.args[0] and v.args[0] not in part.args[0].free:
                    raise ClaimError(f"{text(part.args[0])} is differentiated by {text(v)}, but does not depend on it")


def varied_alone(e: Expr, conditions: Iterable[Expr]) -> None:
    """A relation beside the formula does not reach the letter of the same name that a least value varies."""
    related = {n for c in conditions for n in c.free}
    for part in e.walk():
        if part.head in (*OPTIMA, "limit") and (name := _shown(part)) in related:
            raise ClaimError(f"{name} is varied here: say below the sign what it ranges over")


def _shown(e: Expr) -> str:
    """The letter that an operator binds, as it was written."""
    variable: Expr = e.args[1] if e.head == "limit" else e.args[0]
    name: str = variable.args[0]
    return name.split("·")[0]


def ends_are_whole(e: Expr, domains: Mapping[str, Domain]) -> None:
    """A sum runs over whole numbers: its ends have to be whole whatever the letters are."""
    parts = [p for p in e.walk() if p.head in OVER_INDEX]
    running = {p.args[0].args[0] for p in parts}
    for end in (x for p in parts if p.args[1].head == "range" for x in p.args[1].args[:2]):
        if not _whole(end, domains, running):
            raise ClaimError(f"{text(end)}, where a sum ends, need not be a whole number")


def _whole(e: Expr, domains: Mapping[str, Domain], running: set[str]) -> bool:
    """Whether an expression is whole for any values of its letters, as far as its form tells."""
    if e.head == "num":
        return bool(e.args[0].denominator == 1)
    if e.head in ("sym", "idx"):
        return e.args[0] in running or _of_whole_numbers(domains.get(e.args[0]))
    if e.head == "pow":
        base, n = e.args
        return n.head == "num" and n.args[0] >= 0 and all(_whole(x, domains, running) for x in (base, n))
    if e.head in ("add", "mul", "max", "min", "abs"):
        return all(_whole(a, domains, running) for a in e.children)
    return e.head in ("card", "floor", "sign", "bool") or e == Expr("const", "inf")


def _isolated(domain: Domain | None) -> bool:
    """Whether the values of a domain are isolated."""
    if isinstance(domain, Family):
        return _isolated(domain.component)
    return isinstance(domain, Finite | Index) or (isinstance(domain, Scalar) and domain.integer)


def _of_whole_numbers(domain: Domain | None) -> bool:
    if isinstance(domain, Family):
        return _of_whole_numbers(domain.component)
    if isinstance(domain, Finite):
        return all(v.head == "num" and v.args[0].denominator == 1 for v in domain.values)
    return isinstance(domain, Index) or (isinstance(domain, Scalar) and domain.integer)
