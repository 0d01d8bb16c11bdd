"""Definitions: read once, put in wherever a later formula names them, their bound letters renamed each time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from ..expr import ONE, ZERO, Expr, meant, substitute, sym, text
from ..reading.operators import accent_letter
from ..reading.parser import Parser
from ..reading.reader import Names
from .assumptions import read_assumptions
from .domains import REAL, Domain, Family, Finite, Index, Scalar, Simplex

SIZE = Scalar(low=ONE, integer=True)


class ClaimError(ValueError):
    """A claim that cannot be made sense of."""


@dataclass(frozen=True)
class Definition:
    """What a letter stands for: a symbol, a family of indices, or a function of subscripts and arguments."""

    name: str
    latex: str
    body: Expr
    indices: tuple[str, ...] = ()
    subscripts: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    is_function: bool = False
    given: Mapping[str, Any] = field(default_factory=dict)
    where: tuple[str, ...] = ()
    uses: tuple[Definition, ...] = ()
    domains: Mapping[str, Domain] = field(default_factory=dict)
    styles: Mapping[str, str] = field(default_factory=dict)  # in which its letters are written

    def describe(self) -> list[str]:
        """What is said of its letters, in words."""
        return described(self.domains)


def described(domains: Mapping[str, Domain], assumed: Iterable[str] = ()) -> list[str]:
    """Domains in words, letters that share one together."""
    groups: dict[str, list[str]] = {}
    for name, domain in sorted(domains.items()):
        said = "any size" if domain == SIZE and name in assumed else str(domain)
        supplied = name in assumed and domain != SIZE and not isinstance(domain, Index)
        groups.setdefault(said + (" (assumed)" if supplied else ""), []).append(name)
    return [f"{', '.join(names)} {said}" for said, names in groups.items()]


def define(
    latex: str, given: Mapping[str, Any], where: Iterable[str] = (), uses: Iterable[Definition] = ()
) -> Definition:
    """Read a definition: ``p_j = ...``, ``H_\\delta(e) = ...``, ``L = ...``."""
    uses = tuple(uses)
    names = known_names(uses)
    assumptions = read_assumptions(given, where, names)
    domains = assumptions.domains
    head = Parser(latex, names)
    head.opening()
    name, subscripts, parameters, is_function = _left_side(head)
    relation = head.take("relation")
    if relation is None or relation.value != "=":
        raise head.error("expected = after what is defined")
    names.declared |= {*parameters, *subscripts} - {""}
    body = Parser(latex, names)
    body.at = head.at
    right = body.expression()
    body.closing()
    right = inline(right, {u.name: u for u in all_uses(uses)}, names)
    for _ in assumptions.expressions:  # what a letter stands for goes with the letters that it is made of
        for letter_, value in assumptions.expressions.items():
            right = meant(right, letter_, value)
    return Definition(
        name,
        latex,
        right,
        indices=() if is_function else subscripts,
        subscripts=subscripts if is_function else (),
        parameters=parameters,
        is_function=is_function,
        given=dict(given),
        where=tuple(where),
        uses=uses,
        domains=domains,
        styles=dict(names.styles),
    )


def _left_side(parser: Parser) -> tuple[str, tuple[str, ...], tuple[str, ...], bool]:
    token = parser.take("letter", "operatorname")
    if token is not None:
        name = token.value
    else:
        name = accent_letter(parser).value if parser.token.kind == "command" else ""
        if not name:
            raise parser.error("expected the letter that is defined")
    subscripts: tuple[str, ...] = ()
    if parser.take("_"):
        if word := _word(parser):
            name = f"{name}_{word}"
        else:
            subscripts = _letters(parser, "{", "}") if parser.token.kind == "{" else (parser.need("letter").value,)
    if parser.token.kind == "(":
        return name, subscripts, _letters(parser, "(", ")"), True
    return name, subscripts, (), False


def _word(parser: Parser) -> str:
    at = parser.at
    if parser.take("{"):
        if word := parser.take("text", "operatorname"):
            parser.need("}")
            return word.value
        parser.at = at
    elif number := parser.take("number"):
        return number.value
    return ""


def _letters(parser: Parser, opener: str, closer: str) -> tuple[str, ...]:
    parser.need(opener)
    found = []
    while parser.token.kind != closer:
        found.append(accent_letter(parser).value if parser.token.kind == "command" else parser.need("letter").value)
        parser.take(",", ";")
    parser.need(closer)
    return tuple(found)


def all_uses(uses: Iterable[Definition]) -> list[Definition]:
    """The definitions and those that they use."""
    found: dict[str, Definition] = {}
    for definition in uses:
        for inner in (*all_uses(definition.uses), definition):
            known = found.setdefault(inner.name, inner)
            if (known.latex, known.given) != (inner.latex, inner.given):
                raise ClaimError(f"{inner.name} is defined twice, in two ways")
    return list(found.values())


def known_names(uses: Iterable[Definition]) -> Names:
    """What the parser has to know of the definitions in use."""
    names = Names()
    for definition in all_uses(uses):
        for name, style in definition.styles.items():
            if names.styles.setdefault(name, style) != style:
                raise ClaimError(f"{name} stands in two styles: are they one letter?")
        if definition.is_function:
            names.functions[definition.name] = len(definition.subscripts)
        else:
            names.declared.add(definition.name)
            if len(definition.indices) == 1:
                names.vectors.add(definition.name)
    return names


def inline(
    e: Expr, definitions: dict[str, Definition], names: Names, domains: Mapping[str, Domain] = MappingProxyType({})
) -> Expr:
    """Definitions put in where they are used, outermost first; a function only where its arguments may lie."""
    if e.head == "call":
        name, count, *given = e.args
        definition = definitions.get(name)
        if definition is None:
            raise ClaimError(f"{name} is used as a function but not defined")
        formal = (*definition.subscripts, *definition.parameters)
        if count == -1:
            given = [sym(p) for p in formal]
        if len(given) != len(formal):
            raise ClaimError(f"{name} takes {len(formal)} arguments, not {len(given)}")
        actual = [inline(a, definitions, names, domains) for a in given]
        body = inline(_applied(definition, formal, actual, names), definitions, names, domains)
        for formal_name, value in zip(formal, actual, strict=True):
            body = _restricted(body, value, definition.domains.get(formal_name), domains)
        return body
    if e.head == "idx" and e.args[0] in definitions and len(definitions[e.args[0]].indices) == len(e.args) - 1:
        definition = definitions[e.args[0]]
        return inline(_applied(definition, definition.indices, list(e.args[1:]), names), definitions, names, domains)
    if e.head == "sym" and e.args[0] in definitions:
        definition = definitions[e.args[0]]
        if not definition.indices and not definition.is_function:
            return inline(names.fresh.rename(definition.body), definitions, names, domains)
    return e.map(lambda a: inline(a, definitions, names, domains))


def _restricted(body: Expr, value: Expr, domain: Domain | None, domains: Mapping[str, Domain]) -> Expr:
    """A function's value, which there is only where the argument lies in the domain that the definition gives it."""
    if not isinstance(domain, Scalar) or domain == REAL or domain.nonzero:
        return body
    if domain.integer:
        own = domains.get(value.args[0]) if value.head == "sym" else None
        if isinstance(own, Scalar) and not own.integer:
            raise ClaimError(f"{text(value)} need not be whole, as the definition wants it")
        return body
    if (value.head == "sym" and domains.get(value.args[0], domain) == domain) or _lies_within(value, domain, domains):
        return body
    for end, closed, below in ((domain.low, domain.low_closed, True), (domain.high, domain.high_closed, False)):
        if end is not None:
            body = Expr("cases", body, Expr("<=" if closed else "<", *((end, value) if below else (value, end))))
    return body


def _lies_within(value: Expr, domain: Scalar, domains: Mapping[str, Domain]) -> bool:
    """Whether an argument plainly lies in a domain: a number, a letter of a narrower one, a sigmoid, an exponential."""
    own = _range(value, domains)
    if own is None:
        return False
    for end, closed, mine, mine_closed, sign in (
        (domain.low, domain.low_closed, own.low, own.low_closed, 1),
        (domain.high, domain.high_closed, own.high, own.high_closed, -1),
    ):
        if end is None:
            continue
        if mine is None or end.head != "num" or mine.head != "num":
            return False
        gap = sign * (mine.args[0] - end.args[0])
        if gap < 0 or (gap == 0 and mine_closed and not closed):
            return False
    return True


def _range(value: Expr, domains: Mapping[str, Domain]) -> Scalar | None:
    """What values an expression has, as far as its form tells."""
    if value.head == "num":
        return Scalar(value, value)
    if value.head == "sym":
        own = domains.get(value.args[0])
        if isinstance(own, Finite) and all(v.head == "num" for v in own.values):
            return Scalar(min(own.values, key=lambda v: v.args[0]), max(own.values, key=lambda v: v.args[0]))
        return own if isinstance(own, Scalar) else None
    if value.head == "idx":
        family = domains.get(value.args[0])
        if isinstance(family, Simplex):
            return Scalar(ZERO, ONE, low_closed=not family.inner)
        return family.component if isinstance(family, Family) and isinstance(family.component, Scalar) else None
    return {"sigma": Scalar(ZERO, ONE, False, False), "exp": Scalar(ZERO, None, False)}.get(value.head)


def _applied(definition: Definition, formal: tuple[str, ...], actual: list[Expr], names: Names) -> Expr:
    """The body with actual arguments for formal ones, all at once."""
    body = names.fresh.rename(definition.body)
    inner = [names.fresh.name(p) for p in formal]
    for p, name in zip(formal, inner, strict=True):
        body = substitute(body, p, sym(name))
    for name, value in zip(inner, actual, strict=True):
        body = _with_vector(body, name, value, names.vectors)
    return body


def _with_vector(body: Expr, name: str, value: Expr, vectors: set[str]) -> Expr:
    """Substitution that also takes an expression in vectors for a vector, component by component."""
    if value.head in ("sym",) or not any(p.head == "idx" and p.args[0] == name for p in body.walk()):
        return substitute(body, name, value)
    if body.head == "idx" and body.args[0] == name:
        return _componentwise(value, body.args[1:], vectors)
    if body.head == "deriv" and any(v.args[0] in value.free for v in body.args[1:]):
        raise ClaimError(f"{text(value)} is put in under a derivative by one of its letters")
    return body.map(lambda a: _with_vector(a, name, value, vectors))


def _componentwise(value: Expr, indices: tuple[Expr, ...], vectors: set[str]) -> Expr:
    if value.head == "sym" and value.args[0] in vectors:
        return Expr("idx", value.args[0], *indices)
    return value.map(lambda a: _componentwise(a, indices, vectors))
