"""Assumptions: what the caller says of each letter, as domains that points can be drawn from."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from numbers import Rational
from typing import Any

from ..expr import INFINITY, ONE, Expr, num, text
from ..reading.delimiters import condition
from ..reading.latex import GREEK, LatexError
from ..reading.parser import Parser
from ..reading.reader import Names
from .domains import REAL, Domain, Family, Finite, Index, Scalar, Simplex, Subset

INTERNAL = "·§"  # marks names that the checker makes up
Parse = Callable[[str], Expr]


class AssumptionError(ValueError):
    """An assumption that is not understood, with the letter it was made of."""


_ZERO = num(0)
_WORDS = {
    "real": REAL,
    "any": REAL,
    "positive": Scalar(low=_ZERO, low_closed=False),
    "positive real": Scalar(low=_ZERO, low_closed=False),
    "nonnegative": Scalar(low=_ZERO),
    "negative": Scalar(high=_ZERO, high_closed=False),
    "nonpositive": Scalar(high=_ZERO),
    "nonzero": Scalar(nonzero=True),
    "integer": Scalar(integer=True),
    "natural": Scalar(low=num(0), integer=True),
    "nonnegative integer": Scalar(low=num(0), integer=True),
    "positive integer": Scalar(low=ONE, integer=True),
    "probability": Scalar(low=_ZERO, high=ONE),
    "unit": Scalar(low=_ZERO, high=ONE),
}
_OF = r"(?: of (?:length|size) | over | in | of |\s*)(?P<size>.+)"


def letter(key: str) -> str:
    """The name used inside for a keyword or a LaTeX letter: `\\delta`, `delta`, `lambda_`, `\\hat y`, `y_hat`."""
    key = key.strip()
    if set(key) & set(INTERNAL):
        raise AssumptionError(f"{key!r} is not a letter")
    if key.startswith("\\") or "{" in key or "^" in key:
        parsed = Parser(key, Names(declared={*GREEK, "e"})).statement().sides[0]
        if parsed.head == "sym":
            return str(parsed.args[0])
        if parsed.head == "idx":
            return str(parsed.args[0]) + "_" + "".join(text(i) for i in parsed.args[1:])
        raise AssumptionError(f"{key!r} is not a letter")
    key = key.rstrip("_")
    key = re.sub(r"^(hat|bar|tilde)_?([A-Za-z])$", r"\2_\1", key)
    key = re.sub(r"^([A-Za-z])(hat|bar|tilde)$", r"\1_\2", key)
    return {"lam": "lambda", "eps": "epsilon"}.get(key, key)


@dataclass
class Assumptions:
    """Domains of letters, letters that stand for expressions, and relations that hold besides."""

    domains: dict[str, Domain] = field(default_factory=dict)
    expressions: dict[str, Expr] = field(default_factory=dict)
    relations: list[Expr] = field(default_factory=list)

    def names(self, names: Names) -> Names:
        """What the parser needs to know."""
        names.declared |= set(self.domains) | set(self.expressions)
        names.sets |= {n for n, d in self.domains.items() if isinstance(d, Subset)}
        names.vectors |= {n for n, d in self.domains.items() if isinstance(d, Simplex | Family)}
        return names


def read_domain(name: str, spec: Any, parse: Parse) -> Domain | Expr:
    """A domain from what the caller wrote; an expression if that is what it is. `parse` reads LaTeX."""
    if isinstance(spec, Domain | Expr):
        return spec
    if isinstance(spec, set | frozenset | list | tuple | range):
        values = [_number(name, v) for v in spec]
        if not values:
            raise AssumptionError(f"{name}: no number is in an empty set")
        return Finite(tuple(sorted(values, key=lambda v: v.args[0]) if isinstance(spec, set | frozenset) else values))
    if not isinstance(spec, str):
        return _number(name, spec)
    words = " ".join(spec.strip().split())
    try:
        found = _read_words(words, parse)
    except LatexError as error:
        raise AssumptionError(f"{name}: {spec!r} is not understood: {error}") from None
    if found is None:
        raise AssumptionError(f"{name}: {spec!r} is not understood")
    return found


def _number(name: str, value: Any) -> Expr:
    if isinstance(value, str):
        value = value.strip().lstrip("+")
        try:
            return num(Fraction(value))
        except ValueError:
            raise AssumptionError(f"{name}: expected a number, got {value!r}") from None
    if isinstance(value, bool) or not isinstance(value, Rational | float) or value in (inf, -inf) or value != value:
        raise AssumptionError(f"{name}: expected a domain, got {value!r}")
    return num(Fraction(value))


def _read_words(words: str, parse: Parse) -> Domain | Expr | None:
    low = words.lower()
    plain = re.sub(r" real( numbers?)?$", "", low)
    if plain in _WORDS:
        return _WORDS[plain]
    for pattern, make in _PATTERNS:
        if match := re.fullmatch(pattern, words, re.IGNORECASE):
            return make(match, parse)
    return parse(words)


def _scalar(words: str, parse: Parse) -> Scalar | Finite:
    found = _read_words(words.strip(), parse)
    if not isinstance(found, Scalar | Finite):
        raise AssumptionError(f"{words!r} is not a domain of numbers")
    return found


def _braces(match: re.Match[str], parse: Parse) -> Finite:
    return Finite(tuple(parse(part) for part in match["items"].split(",")))


def _interval(match: re.Match[str], parse: Parse) -> Scalar:
    low, high = (parse(re.sub(r"\\?\binf(ty)?\b", r"\\infty", match[k].strip())) for k in ("low", "high"))
    infinite = (INFINITY, Expr("mul", num(-1), INFINITY))
    return Scalar(
        None if low in infinite else low,
        None if high in infinite else high,
        match["left"] == "[",
        match["right"] == "]",
        integer=bool(match["integer"]),
    )


def _bounded(match: re.Match[str], parse: Parse) -> Scalar:
    bound, sign = parse(match["bound"]), match["sign"]
    integer = (match["kind"] or "real").lower() in ("integer", "natural")
    if sign[0] in ">≥":
        return Scalar(low=bound, low_closed=sign != ">", integer=integer)
    return Scalar(high=bound, high_closed=sign != "<", integer=integer)


def _integers(match: re.Match[str], parse: Parse) -> Scalar:
    return Scalar(parse(match["low"]), parse(match["high"]), integer=True)


def _vector(match: re.Match[str], parse: Parse) -> Family:
    kind = match["kind"] or "real"
    return Family(_scalar(kind, parse), (parse(match["size"]),))


def _matrix(match: re.Match[str], parse: Parse) -> Family:
    sizes = re.split(r"\s*(?:,|\\times|\bx\b|×)\s*", match["sizes"].strip("{} "))
    return Family(_scalar(match["kind"], parse), tuple(parse(s) for s in sizes))


def _each(match: re.Match[str], parse: Parse) -> Family:
    return Family(_scalar(match["kind"], parse))


def _simplex(match: re.Match[str], parse: Parse) -> Simplex:
    kind = (match["kind"] or "").lower()
    inner = any(w in kind for w in ("positive", "open", "interior"))
    return Simplex(parse(match["size"]), inner, "hot" in kind)


def _subset(match: re.Match[str], parse: Parse) -> Subset:
    size = re.sub(r"^\{?\s*1\s*(?:\.\.\.?|,\s*\\[lc]?dots\s*,|…)\s*(.+?)\}?$", r"\1", match["size"])
    return Subset(parse(size), "proper" in (match["kind"] or "").lower())


def _index(match: re.Match[str], parse: Parse) -> Index:
    if match["set"]:
        return Index(outside=letter(match["set"])) if match["not"] else Index(within=letter(match["set"]))
    return Index(parse(match["low"]), parse(match["high"]))


_PATTERNS: list[tuple[str, Callable[[re.Match[str], Parse], Domain | Expr]]] = [
    (r"(?:in )?\\?\{(?P<items>[^{}]*)\\?\}", _braces),
    (r"(?P<integer>integers? )?(?:in )?(?P<left>[\[(])(?P<low>[^,]+),(?P<high>[^,]+)(?P<right>[\])])", _interval),
    (r"(?P<kind>real|integer|natural|number)?\s*(?P<sign>>=|<=|>|<|≥|≤)\s*(?P<bound>.+)", _bounded),
    (r"(?:index )(?:from )?(?P<low>\w+)\s*(?:\.\.\.?|to)\s*(?P<high>.+?)(?P<set>)(?P<not>)", _index),
    (r"(?:an )?(?:index )?(?P<not>not )?in (?P<set>[A-Z])(?P<low>)(?P<high>)", _index),
    (r"(?:integers? )?(?:in |from )?(?P<low>-?\w+)\s*(?:\.\.\.?|…)\s*(?P<high>\w+)", _integers),
    (
        r"(?P<kind>(?:positive|open|interior) )?(?:probability vector|probabilities|distribution|simplex)" + _OF,
        _simplex,
    ),
    (r"(?P<kind>one-?hot) (?:vector)?" + _OF, _simplex),
    (r"(?:an? )?(?P<kind>(?:nonempty |proper )*)(?:subset|index set|set)" + _OF, _subset),
    (r"(?P<kind>[\w ]+?|[\[(][^\]^]+[\])])\^\{?(?P<sizes>[^{}]+?)\}?", _matrix),
    (r"(?P<kind>[A-Za-z ]+?)\[(?P<sizes>[^\]]+)\]", _matrix),
    (r"(?P<kind>[\w \[\](),]+? )?(?:vector|sequence)" + _OF, _vector),
    (r"(?P<kind>.+), each", _each),
]


def read_assumptions(given: Mapping[str, Any], where: Any, names: Names) -> Assumptions:
    """All assumptions of a claim. Letters that stand for expressions may use one another, without a circle."""
    found = Assumptions()
    known = {letter(key): spec for key, spec in given.items()}
    names.declared |= set(known)
    names.sets |= {k for k, spec in known.items() if isinstance(spec, Subset) or _is_set(spec)}

    def parse(source: str) -> Expr:
        plain = re.sub(r"\\(operatorname|mathrm|text)\{[^{}]*\}", " ", source)
        for word in re.findall(r"(?<![\\A-Za-z])[A-Za-z]{3,}", plain):  # prose would be read as a product of letters
            if word not in names.declared and not set(word) <= names.declared:
                raise AssumptionError(f"{source!r}: the word {word!r} is not understood")
        statement = Parser(source, names).statement()
        if statement.relations:
            raise AssumptionError(f"{source!r}: expected an expression, found a relation")
        return statement.sides[0]

    for name, spec in known.items():
        meaning = read_domain(name, spec, parse)
        if isinstance(meaning, Expr):
            found.expressions[name] = meaning
        else:
            found.domains[name] = meaning
    found.names(names)
    for relation in [where] if isinstance(where, str) else list(where or ()):
        found.relations += read_relation(relation, names)
    return found


def _is_set(spec: Any) -> bool:
    return isinstance(spec, str) and re.search(r"\b(sub)?set\b", spec, re.IGNORECASE) is not None


def read_relation(source: str, names: Names) -> list[Expr]:
    """The conditions that a relation or a chain of them says."""
    parser = Parser(source, names)
    found = condition(parser)
    parser.need("end")
    return conjuncts(found)


def conjuncts(condition: Expr) -> list[Expr]:
    """The conditions that a chain of relations says."""
    return list(condition.args) if condition.head == "and" else [condition]
