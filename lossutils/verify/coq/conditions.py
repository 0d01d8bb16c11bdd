"""Conditions: as bool where they speak of indices, as a decision about reals inside terms, as Prop around them."""

from __future__ import annotations

from dataclasses import dataclass

from ..expr import ONE, Expr, conditions_of, text
from ..meaning.domains import Index, Scalar, Subset
from .writer import SET, SUM, WHOLE, Untranslated, Writer, booleans

ORDER = {"<": "<", "<=": "<=", "=": "="}
DECIDED = {"<": "Rlt_dec", "<=": "Rle_dec", "=": "Req_EM_T"}
COMPARED = {"<": "<?", "<=": "<=?", "=": "=?"}


@dataclass(frozen=True)
class Run:
    """An index that runs over 1..last, as far as conditions hold."""

    name: str
    last: str
    conditions: tuple[str, ...]  # of type bool
    writer: Writer  # inside

    def quantified(self, said: str) -> str:
        """For each index that is run over."""
        given = "".join(f"{c} = true -> " for c in self.conditions)
        return f"(forall {self.name}, (1 <= {self.name} <= {self.last})%nat -> {given}{said})"


def range_of(w: Writer, variable: Expr, range_: Expr) -> Run:
    """What an index runs over."""
    if range_.head == "range":
        low, last = range_.args[:2]
        if not from_one(w, low):
            raise Untranslated(f"a range that begins at {text(low)}")
        name, inner = w.bind(variable.args[0], WHOLE, last)
        own = [] if low is ONE else [f"({w.whole(low)} <=? {name})%nat"]
    elif range_.head == "in":
        group, last = members(w, range_.args[0])
        name, inner = w.bind(variable.args[0], WHOLE, last)
        own = [f"{group} {name}"]
    else:
        raise Untranslated(f"a range by {range_.head}")
    own += [inner.boolean(c) for c in conditions_of(range_)]
    return Run(name, w.whole(last), tuple(own), inner)


def from_one(w: Writer, low: Expr) -> bool:
    """Whether a number of type nat is at least 1, for `Sum` begins there: a term before it would be lost."""
    if low.head == "num":
        return bool(low.args[0] >= 1)
    if low.head == "add":
        return any(from_one(w, a) for a in low.args) and w.is_whole(low)
    if low.head != "sym" or not w.is_whole(low):
        return False
    name = low.args[0]
    domain = w.domains.get(name)
    if domain is None:
        return name in w.upto  # bound further out, where it runs from 1
    start = domain.low if isinstance(domain, Index | Scalar) else None
    return start is not None and from_one(w, start)


def members(w: Writer, group: Expr) -> tuple[str, Expr]:
    """A set of indices, and the last index that there is."""
    name = group.args[0] if group.head == "sym" else group.args[0].args[0] if group.head == "in" else None
    domain = w.domains.get(name) if name else None
    if not isinstance(domain, Subset) or w.kinds.get(name or "") != SET:
        raise Untranslated("a set other than a letter's")
    return w.texts[str(name)], domain.length


def filtered(run: Run, body: str, otherwise: str) -> str:
    """A summand, where the conditions on its index hold."""
    if not run.conditions:
        return body
    said = run.conditions[0] if len(run.conditions) == 1 else f"({' && '.join(run.conditions)})%bool"
    return f"if {said} then {body} else {otherwise}"


@booleans("in", "notin")
def _in(w: Writer, c: Expr) -> str:
    said = f"{members(w, c.args[1])[0]} {w.whole(c.args[0])}"
    return said if c.head == "in" else f"negb ({said})"


@booleans("=", "<", "<=")
def _compared(w: Writer, c: Expr) -> str:
    return f"({w.whole(c.args[0])} {COMPARED[c.head]} {w.whole(c.args[1])})%nat"


@booleans("!=")
def _different(w: Writer, c: Expr) -> str:
    return f"negb ({w.whole(c.args[0])} =? {w.whole(c.args[1])})%nat"


def of_indices(w: Writer, c: Expr) -> bool:
    """Whether a condition speaks of indices, so that `boolean` can write it."""
    return c.head in ("in", "notin") or (c.head in ("=", "<", "<=", "!=") and all(map(w.is_whole, c.args)))


def chosen(w: Writer, c: Expr, then: str, otherwise: str) -> str:
    """One of two terms, by a condition."""
    if c.head == "and":
        for part in reversed(c.args):
            then = chosen(w, part, then, otherwise)
        return then
    if c.head == "not":
        return chosen(w, c.args[0], otherwise, then)
    if of_indices(w, c):
        return f"if {w.boolean(c)} then {_inside(then)} else {_inside(otherwise)}"
    if c.head == "!=":
        return chosen(w, Expr("=", *c.args), otherwise, then)
    if c.head not in DECIDED:
        raise Untranslated(f"a choice by {c.head}")
    test = f"{DECIDED[c.head]} {w.real(c.args[0], 5)} {w.real(c.args[1], 5)}"
    return f"if {test} then {_inside(then)} else {_inside(otherwise)}"


def _inside(said: str) -> str:
    return f"({said})" if said.startswith("if ") else said


def proposition(w: Writer, c: Expr) -> str:
    """A condition as a Prop that can stand before an arrow or in a conjunction."""
    if c.head == "and":
        parts = " /\\ ".join(proposition(w, part) for part in c.args)
        return f"({parts})"
    if c.head == "not":
        return f"(~ {proposition(w, c.args[0])})"
    if c.head in ORDER and all(map(w.is_whole, c.args)):
        return f"({w.whole(c.args[0])} {c.head} {w.whole(c.args[1])})%nat"
    if of_indices(w, c):
        return f"({w.boolean(c)} = true)"
    if c.head in ORDER or c.head == "!=":
        return f"({w.real(c.args[0], SUM)} {'<>' if c.head == '!=' else c.head} {w.real(c.args[1], SUM)})"
    raise Untranslated(f"the condition {c.head}")
