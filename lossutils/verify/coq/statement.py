"""A claim's links as statements: assumptions, what has to hold for both sides to have a value, and the relation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ..expr import INFINITY, MINUS_ONE, OPTIMA, Expr, neg
from ..meaning.domains import Finite, Index, Scalar
from ..meaning.problem import Problem
from .defined import around, defined, throughout
from .hypotheses import Assumptions, assumptions, of_number
from .reals import integrand, slope, slope_at
from .writer import ARGUMENT, REAL, SUM, Untranslated, Writer, number

RELATIONS = ("=", "<", "<=", ">", ">=")
OF_ONE = ("argmin", "argmax", "least", "most")
WORDS = {"argmin": "is_argmin", "argmax": "is_argmax", "least": "is_least", "most": "is_greatest"}


@dataclass(frozen=True)
class Statement:
    """One link of a chain in Coq."""

    binders: tuple[str, ...]
    hypotheses: tuple[str, ...]
    conditions: tuple[str, ...]  # that the two sides have values
    conclusion: str
    kind: str  # what sort of proof it asks for

    def __str__(self) -> str:
        lines = [f"forall {' '.join(self.binders)},"] if self.binders else []
        lines += [f"  {h} ->" for h in self.hypotheses]
        lines += [f"  {c} /\\" for c in self.conditions]
        return "\n".join([*lines, f"  {self.conclusion}"])


def statements(problem: Problem) -> list[Statement | Untranslated]:
    """One for each link of a claim, or why there is none."""
    if problem.witnesses:
        return [Untranslated("there is a letter")] * len(problem.relations)
    try:
        given = assumptions(problem)
    except Untranslated as why:
        return [why] * len(problem.relations)
    found: list[Statement | Untranslated] = []
    for n, relation in enumerate(problem.relations):
        try:
            found.append(_link(given, problem.sides[n], relation, problem.sides[n + 1]))
        except Untranslated as why:
            found.append(why)
    return found


def _link(given: Assumptions, a: Expr, relation: str, b: Expr) -> Statement:
    w = given.writer
    conditions, conclusion = _said(w, a, relation, b)
    unique = tuple(dict.fromkeys(c for c in conditions if c not in given.hypotheses))
    return Statement(given.binders, given.hypotheses, unique, conclusion, kind_of(a, relation, b))


def _said(w: Writer, a: Expr, relation: str, b: Expr) -> tuple[list[str], str]:
    for x, y in ((a, b), (b, a)) if relation == "=" else ():
        if x.head in _OF_A_KIND and not y.has("limit", *OPTIMA):
            own, conclusion = _OF_A_KIND[x.head](w, x, y)
            if conclusion:
                return [*own, *defined(w, y)], conclusion
    if relation == "=" and a.head == b.head == "limit":
        return _limits(w, a, b)
    if a.has("limit", *OPTIMA) or b.has("limit", *OPTIMA):
        raise Untranslated("a limit or an extremum inside a formula")
    conditions = [*defined(w, a), *defined(w, b)]
    if relation == "~":
        half = Fraction(10) ** int(str(b.args[1])) / 2
        return conditions, f"Rabs ({w.real(a, 1)} - {w.real(b, 2)}) <= {number(half)}"
    if relation not in RELATIONS:
        raise Untranslated(f"the relation {relation}")
    return conditions, f"{w.real(a, SUM)} {relation} {w.real(b, SUM)}"


def _derivative(w: Writer, e: Expr, value: Expr) -> tuple[list[str], str]:
    """The slope exists and is so much."""
    found = slope(w, e)
    own = defined(w, e.args[-1]) if e.args[-1].head == "idx" else []
    return [*own, *around(found)], f"is_derive {found} {w.real(value, ARGUMENT)}"


def _derivative_at(w: Writer, e: Expr, value: Expr) -> tuple[list[str], str]:
    found = slope_at(w, e)
    if found is None:
        return [], ""
    return [*defined(w, e.args[2]), *around(found)], f"is_derive {found} {w.real(value, ARGUMENT)}"


def _integral(w: Writer, e: Expr, value: Expr) -> tuple[list[str], str]:
    if value.has("integral"):
        return [], ""
    function, (low, high) = integrand(w, e), e.args[2:]
    own = list(throughout(w, e))
    if high is INFINITY:
        ends = f"(at_point {w.real(low, ARGUMENT)}) (Rbar_locally p_infty)"
        return own, f"is_RInt_gen {function} {ends} {w.real(value, ARGUMENT)}"
    return own, f"is_RInt {function} {w.real(low, ARGUMENT)} {w.real(high, ARGUMENT)} {w.real(value, ARGUMENT)}"


def _limit(w: Writer, e: Expr, value: Expr) -> tuple[list[str], str]:
    near, conditions, function = _approach(w, e)
    if _endpoint(value):
        return conditions, f"filterlim {function} {near} (Rbar_locally {_place(w, value)})"
    return conditions, f"filterlim {function} {near} (locally {w.real(value, ARGUMENT)})"


def _limits(w: Writer, a: Expr, b: Expr) -> tuple[list[str], str]:
    """Two limits that are equal: both exist."""
    (near, own, f), (there, other, g) = _approach(w, a), _approach(w, b)
    return [*own, *other], f"exists l : R, filterlim {f} {near} (locally l) /\\ filterlim {g} {there} (locally l)"


def _approach(w: Writer, e: Expr) -> tuple[str, list[str], str]:
    """A place that is approached as a filter, what has to hold near it, and the function."""
    body, variable, point = e.args[:3]
    side = str(e.args[3].args[0] if isinstance(e.args[3], Expr) else e.args[3] or "")
    name, inner = w.bind(variable.args[0], REAL)
    if side:
        near = f"(at_{'right' if side == '+' else 'left'} {w.real(point, ARGUMENT)})"
    else:
        near = f"(Rbar_locally' {_place(w, point)})"
    own = [] if _endpoint(point) else defined(w, point)
    own += [f"{near[1:-1]} (fun {name} => {c})" for c in defined(inner, body)]
    return near, own, f"(fun {name} => {inner.real(body)})"


def _endpoint(e: Expr) -> bool:
    return e is INFINITY or e is neg(INFINITY) or (e.head == "mul" and e.args == (MINUS_ONE, INFINITY))


def _place(w: Writer, e: Expr) -> str:
    if _endpoint(e):
        return "p_infty" if e is INFINITY else "m_infty"
    return f"(Finite {w.real(e, ARGUMENT)})"


def _optimum(w: Writer, e: Expr, value: Expr) -> tuple[list[str], str]:
    """A minimiser is attained and is the only one; what is minimised is looked at where it has a value."""
    if len(e.args) > 2:
        raise Untranslated("an extremum over a set that is named beside it")
    variable, body = e.args
    name, inner = w.bind(variable.args[0], REAL)
    domain = w.declared.get(variable.args[0].split("·")[0])
    if isinstance(domain, Index) or (isinstance(domain, Scalar) and domain.integer):
        raise Untranslated("an extremum over whole numbers")
    own = list(of_number(w, name, domain)) if isinstance(domain, Scalar | Finite) else []
    own += defined(inner, body)
    over = " /\\ ".join(own) or "True"
    function = f"(fun {name} => {inner.real(body)})"
    return [], f"{WORDS[e.head]} (fun {name} => {over}) {function} {w.real(value, ARGUMENT)}"


_OF_A_KIND = {
    "deriv": _derivative,
    "at": _derivative_at,
    "integral": _integral,
    "limit": _limit,
    **dict.fromkeys(OF_ONE, _optimum),
}


def kind_of(a: Expr, relation: str, b: Expr) -> str:
    """What sort of statement it is, for the tactics that are tried."""
    heads = set(_heads(a)) | set(_heads(b))
    for kind in ("limit", "integral", "argmin", "argmax", "least", "most"):
        if kind in heads:
            return kind
    sums = " of sums" if heads & {"sum", "prod", "card"} else ""
    if "deriv" in heads:
        return f"derivative{sums}"
    if heads & {"maxover", "minover"}:
        return "largest"
    if not (a.free | b.free):
        return "number"
    return f"{'identity' if relation == '=' else 'inequality'}{sums}"


def _heads(e: Expr) -> Iterator[str]:
    return (x.head for x in e.walk())
