"""What has to hold for an expression to have a value: Coq's division, logarithm, slope and integral have one always.

Every condition becomes a part of the statement. Only conditions that numerals alone decide are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction

from ..expr import INFINITY, OVER_INDEX, ByHead, Expr, branches, mul, neg
from ..meaning.domains import Family, Index, Simplex
from .conditions import ORDER, of_indices, proposition, range_of
from .reals import Slope, integrand, rational, slope, slope_at
from .writer import ARGUMENT, REAL, Untranslated, Writer

_of: ByHead[Callable[[Writer, Expr], Iterator[str]]] = ByHead()
TOTAL = frozenset(
    "num const sym rounded exp sigma softplus tanh sinh cosh abs sign arctan sin cos erf max min bool card add".split()
)


def defined(w: Writer, e: Expr) -> list[str]:
    """The conditions under which an expression has a value, each once."""
    return list(dict.fromkeys(_conditions(w, e)))


def _conditions(w: Writer, e: Expr) -> Iterator[str]:
    own = _of.get(e)
    if own is not None:
        yield from own(w, e)
    elif e.head in TOTAL:
        for child in e.children:
            yield from _conditions(w, child)
    elif e.head in ORDER or e.head in ("!=", "and", "not"):
        if not of_indices(w, e):
            for child in e.children:
                yield from _conditions(w, child)
    elif e.head not in ("in", "notin"):
        raise Untranslated(f"when {e.head} has a value")


@_of("log")
def _log(w: Writer, e: Expr) -> Iterator[str]:
    yield from _conditions(w, e.args[0])
    if w.convention:
        raise Untranslated("a logarithm outside a product, by the convention 0 log 0 = 0")
    yield from _positive(w, e.args[0])


def _positive(w: Writer, e: Expr) -> Iterator[str]:
    if e.head != "num" or e.args[0] <= 0:
        yield f"0 < {w.real(e, 1)}"


@_of("pow")
def _pow(w: Writer, e: Expr) -> Iterator[str]:
    base, exponent = e.args
    yield from _conditions(w, base)
    yield from _conditions(w, exponent)
    n = rational(exponent)
    if n is None or (n.denominator != 1 and n != Fraction(1, 2)):
        yield from _positive(w, base)
    elif n == Fraction(1, 2):
        if base.head != "num" or base.args[0] < 0:
            yield f"0 <= {w.real(base, 1)}"
    elif n < 0 and (base.head != "num" or base.args[0] == 0):
        yield f"{w.real(base, 1)} <> 0"


@_of("mul")
def _mul(w: Writer, e: Expr) -> Iterator[str]:
    """With the convention, the logarithm in a product needs a value only where the other factors are not zero."""
    logs = [a for a in e.args if a.head == "log"] if w.convention else []
    for factor in e.args:
        if factor not in logs[:1]:
            yield from _conditions(w, factor)
    if logs:
        inside = logs[0].args[0]
        others = w.real(mul(*(a for a in e.args if a is not logs[0])), 1)
        yield from (f"({others} <> 0 -> {c})" for c in (*_conditions(w, inside), *_positive(w, inside)))


@_of("idx")
def _idx(w: Writer, e: Expr) -> Iterator[str]:
    """Each index is one that the family has; where a sum or the index's own domain says so already, nothing is left."""
    domain = w.domains.get(e.args[0])
    lengths = (domain.length,) if isinstance(domain, Simplex) else domain.lengths if isinstance(domain, Family) else ()
    for index, length in zip(e.args[1:], lengths, strict=False):
        if length is not None and not _within(w, index, length):
            yield f"(1 <= {w.whole(index)} <= {w.whole(length)})%nat"


def _within(w: Writer, index: Expr, length: Expr) -> bool:
    if index.head == "num" and length.head == "num":
        return bool(1 <= index.args[0] <= length.args[0])
    return index.head == "sym" and w.upto.get(index.args[0]) is length


@_of(*OVER_INDEX)
def _over(w: Writer, e: Expr) -> Iterator[str]:
    run = range_of(w, e.args[0], e.args[1])
    yield from (run.quantified(c) for c in _conditions(run.writer, e.args[2]))
    if e.head in ("maxover", "minover"):
        given = "".join(f" /\\ {c} = true" for c in run.conditions)
        yield f"(exists {run.name}, (1 <= {run.name} <= {run.last})%nat{given})"


@_of("cases")
def _cases(w: Writer, e: Expr) -> Iterator[str]:
    before: list[str] = []
    for condition, value in branches(e):
        own = [] if condition is None else [proposition(w, condition)]
        given = "".join(f"{c} -> " for c in (*before, *own))
        yield from (f"({given}{c})" if given else c for c in _conditions(w, value))
        if condition is not None:
            so_far = "".join(f"{c} -> " for c in before)
            yield from (f"({so_far}{c})" if so_far else c for c in _conditions(w, condition))
            before.append(f"~ {own[0]}")
    if len(e.args) % 2 == 0:  # no "otherwise": one of the conditions holds
        yield f"({' -> '.join(before)} -> False)"


@_of("deriv")
def _deriv(w: Writer, e: Expr) -> Iterator[str]:
    if e.args[-1].head == "idx":
        yield from _conditions(w, e.args[-1])
    found = slope(w, e)
    yield from around(found)
    yield f"ex_derive {found}"


def around(found: Slope) -> Iterator[str]:
    """What is differentiated has a value all around the place."""
    yield from (f"locally {found.place} (fun {found.name} => {c})" for c in defined(found.writer, found.body))


@_of("at")
def _at(w: Writer, e: Expr) -> Iterator[str]:
    body, variable, value = e.args
    yield from _conditions(w, value)
    found = slope_at(w, e)
    if found is None:
        name, inner = w.bind(variable.args[0], REAL)
        yield from (f"(let {name} := {w.real(value)} in {c})" for c in defined(inner, body))
        return
    yield from around(found)
    yield f"ex_derive {found}"


@_of("integral")
def _integral(w: Writer, e: Expr) -> Iterator[str]:
    yield from throughout(w, e)
    yield f"ex_RInt {integrand(w, e)} {w.real(e.args[2], ARGUMENT)} {w.real(e.args[3], ARGUMENT)}"


def throughout(w: Writer, e: Expr) -> Iterator[str]:
    """What is integrated has a value from end to end, an infinite end left out."""
    body, variable, low, high = e.args
    ends = [end for end in (low, high) if end not in (INFINITY, neg(INFINITY))]
    for end in ends:
        yield from _conditions(w, end)
    name, inner = w.bind(variable.args[0], REAL)
    if len(ends) == 2:
        a, b = (w.real(end, ARGUMENT) for end in ends)
        given = f"Rmin {a} {b} <= {name} <= Rmax {a} {b}"
    elif high is INFINITY and ends:
        given = f"{w.real(low, 1)} <= {name}"
    else:
        raise Untranslated("an integral from minus infinity")
    yield from (f"(forall {name}, {given} -> {c})" for c in defined(inner, body))


def evident(index: Index) -> Expr | None:
    """The last index that a letter may be, if it is the plain 1..K."""
    return index.high if index.low.head == "num" and index.low.args[0] >= 1 else None
