"""A claim made ready for checking: definitions put in, ranges and domains settled, nothing left implied."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..expr import HALF, ONE, OVER_INDEX, TWO, Expr, meant, mul, power, substitute, sym, text
from ..reading.parser import Parser, Statement
from ..reading.reader import AUTO, Names
from .assumptions import Assumptions, conjuncts, letter, read_assumptions, read_relation
from .definitions import SIZE, ClaimError, Definition, all_uses, described, inline, known_names
from .domains import REAL, Domain, Family, Finite, Index, Scalar, Simplex, Subset, beside
from .refusals import depends, ends_are_whole, sorts, varied_alone, witnesses

CONVENTIONS = ("0 log 0 = 0",)


def _same(e: Expr) -> Expr:
    return e


@dataclass
class Problem:
    """Sides and relations of a chain, with the domain of every letter in them."""

    sides: list[Expr]
    relations: list[str]
    domains: dict[str, Domain]
    conditions: list[Expr]
    assumed: set[str]  # letters whose domain the claim does not state
    conventions: frozenset[str] = frozenset()
    declared: dict[str, Domain] = field(default_factory=dict)  # also of letters that only sums or extrema bind
    statement: Statement | None = None  # as read, for variants of it
    settle: Callable[[Expr], Expr] = _same  # what was done to the sides, for a variant's
    witnesses: dict[str, Expr] = field(default_factory=dict)  # of "there is": what stands for the letter
    of_witnesses: list[Expr] = field(default_factory=list)  # what the formula says of those letters, to be shown

    def beneath(self, e: Expr) -> Problem:
        """What is known where an expression's parts stand: beside a place, for a derivative, what is open."""
        if e.head != "deriv":
            return self
        names = {v.args[0] for v in e.args[1:]}
        domains = {name: beside(d, names, name in names) for name, d in self.domains.items()}
        return replace(self, domains=domains, conditions=[c for c in self.conditions if not c.free & names])

    def describe(self) -> list[str]:
        """The assumptions in words, letters with the same one together; those that the claim leaves to the default."""
        found = described(self.domains, self.assumed) + [text(c) for c in self.conditions] + sorted(self.conventions)
        return found + [f"there is {said}" for said in self.describe_witnesses()]

    def describe_witnesses(self) -> list[str]:
        """What stands for each letter of which there is one."""
        return [f"{name} = {text(e)}" for name, e in self.witnesses.items()]


def pose(
    latex: str,
    given: Mapping[str, Any],
    where: str | Iterable[str] = (),
    uses: Iterable[Definition] = (),
    conventions: Iterable[str] = (),
) -> Problem:
    """Read a claim and settle everything it leaves implied."""
    conventions = [conventions] if isinstance(conventions, str) else list(conventions)
    if unknown := [c for c in conventions if c not in CONVENTIONS]:
        raise ClaimError(f"unknown convention {unknown[0]!r}; there is {', '.join(CONVENTIONS)}")
    uses = all_uses(uses)
    names = known_names(uses)
    where = [where] if isinstance(where, str) else list(where)
    own = {letter(k) for k in given}
    inherited: dict[str, Any] = {}
    for definition in uses:  # what a definition says of its letters holds where the claim says nothing else
        for name, said in ((letter(k), v) for k, v in definition.given.items() if letter(k) not in own):
            if inherited.setdefault(name, said) != said:
                raise ClaimError(f"two definitions say different things of {name}: say which holds here")
    if twice := sorted(set(inherited) & {u.name for u in uses}):
        raise ClaimError(f"{twice[0]} is defined, and another definition in use has it for a letter of its own")
    shadowed = own | set(inherited)
    uses = [u for u in uses if u.name not in shadowed]
    assumptions = read_assumptions({**inherited, **given}, where, names)
    said = [c for u in uses for w in u.where for c in read_relation(w, names)]
    assumptions.relations += [c for c in said if not c.free & own and c not in assumptions.relations]
    statement = Parser(latex, names).statement()
    return _Settling(names, assumptions, uses, frozenset(conventions)).problem(statement, shadowed)


class _Settling:
    """The steps from a statement as read to a problem."""

    def __init__(
        self, names: Names, assumptions: Assumptions, uses: list[Definition], conventions: frozenset[str]
    ) -> None:
        self.names, self.assumptions, self.conventions = names, assumptions, conventions
        self.definitions = {u.name: u for u in uses}
        self.lengths: dict[tuple[str, int], Expr] = {}
        self.domains: dict[str, Domain] = dict(assumptions.domains)

    def problem(self, statement: Statement, own: set[str]) -> Problem:
        found = witnesses(statement, self.assumptions, self.definitions)
        said = [c for condition in statement.conditions for c in conjuncts(condition)]
        given = [*self.assumptions.relations, *(c for c in said if not c.free & set(found))]
        shown = [self.inline(c) for c in said if c.free & set(found)]
        sides = [self.inline(s) for s in statement.sides]
        conditions = [self.inline(c) for c in given]
        sides = [self.unfold_vectors(s) for s in sides]
        self.find_lengths([*sides, *conditions, *shown])
        sides = [self.settle_ranges(s) for s in sides]
        conditions, shown = ([self.settle_ranges(c) for c in cs] for cs in (conditions, shown))
        self.settle_domains([*sides, *conditions, *shown])
        for name, domain in self.domains.items():
            for group in (domain.within, domain.outside) if isinstance(domain, Index) else ():
                if group and not isinstance(self.domains.get(group), Subset):
                    raise ClaimError(f"{name} is said to be in {group}, which is not declared as a set")
        for e in [*sides, *conditions, *shown]:
            sorts(e, self.domains)
            depends(e, self.domains)
            ends_are_whole(e, self.domains)
            varied_alone(e, conditions)
        used = self.used([*sides, *conditions, *shown])
        domains = {n: d for n, d in self.domains.items() if n in used}
        return Problem(
            sides,
            list(statement.relations),
            domains,
            conditions,
            used - own,
            self.conventions,
            dict(self.domains),
            statement,
            lambda e: self.settle_ranges(self.unfold_vectors(self.inline(e))),
            found,
            shown,
        )

    def inline(self, e: Expr) -> Expr:
        for _ in range(12):
            before = e
            e = inline(e, self.definitions, self.names, self.domains)
            for name, value in self.assumptions.expressions.items():
                if any(x.head == "idx" and x.args[0] == name for x in e.walk()) and value.head != "sym":
                    raise ClaimError(f"{name} stands for one expression, and is used with an index: define {name}_j")
                e = meant(e, name, value)
            if e is before:
                return e
        raise ClaimError("the definitions go in a circle")

    def unfold_vectors(self, e: Expr) -> Expr:
        """Inner products and norms as sums over a fresh index."""
        e = e.map(self.unfold_vectors)
        if e.head == "dot":
            k = sym(self.names.fresh.name("k"))
            return Expr("sum", k, AUTO, mul(self.component(e.args[0], k), self.component(e.args[1], k)))
        if e.head == "norm":
            k = sym(self.names.fresh.name("k"))
            inside = self.component(e.args[0], k)
            if e.args[1] == "1":
                return Expr("sum", k, AUTO, Expr("abs", inside))
            return power(Expr("sum", k, AUTO, power(inside, TWO)), HALF)
        return e

    def component(self, e: Expr, k: Expr) -> Expr:
        """The k-th component of an expression in vectors."""
        if e.head == "sym" and e.args[0] in self.definitions and self.definitions[e.args[0]].indices:
            return self.inline(Expr("idx", e.args[0], k))
        if e.head == "sym" and isinstance(self.domains.get(e.args[0]), Simplex | Family):
            return Expr("idx", e.args[0], k)
        if e.head == "idx":
            domain = self.domains.get(e.args[0])
            if isinstance(domain, Family) and len(domain.lengths) == len(e.args):  # a row of a matrix
                return Expr("idx", *e.args, k)
        return e.map(lambda a: self.component(a, k))

    def find_lengths(self, es: list[Expr]) -> None:
        """How long each axis of each family is: as declared, or as far as some sum runs over it."""
        for name, domain in self.domains.items():
            if isinstance(domain, Simplex):
                self.lengths[name, 0] = domain.length
            elif isinstance(domain, Family):
                self.lengths |= {(name, n): size for n, size in enumerate(domain.lengths) if size is not None}
        for e in es:
            for big in e.walk():
                if big.head in OVER_INDEX and big.args[1].head == "range" and not _inner(big.args[1].args[1]):
                    for name, axis in _axes(big.args[2], big.args[0]):
                        self.lengths.setdefault((name, axis), big.args[1].args[1])
        for e in es:
            for big in e.walk():
                if big.head in OVER_INDEX and big.args[1].head == "in":
                    within = self.domains.get(big.args[1].args[0].args[0])
                    if isinstance(within, Subset):
                        for name, axis in _axes(big.args[2], big.args[0]):
                            self.lengths.setdefault((name, axis), within.length)

    def settle_ranges(self, e: Expr) -> Expr:
        if e.head in ("least", "most", "inf", "sup") and len(e.args) == 2:
            said = self.domains.get(e.args[0].args[0].split("·")[0])
            if isinstance(said, Finite):
                values = [substitute(e.args[1], e.args[0].args[0], v) for v in said.values]
                e = Expr("min" if e.head in ("least", "inf") else "max", *values)
        if e.head in OVER_INDEX:
            variable, range_, body = e.args
            if range_.head == "auto" or AUTO in range_.args[:2]:
                length = self.length(body, variable)
                low = range_.args[0] if range_.head == "range" else ONE
                conditions = range_.args[2:] if range_.head == "range" else range_.args
                range_ = Expr("range", low, length, *conditions)
            e = Expr(e.head, variable, range_, body)
        return e.map(self.settle_ranges)

    def length(self, body: Expr, variable: Expr) -> Expr:
        axes = list(_axes(body, variable))
        for a in axes:
            if a in self.lengths:
                return self.lengths[a]
        if axes:  # no sum says how long: the length is the family's own
            name, axis = axes[0]
            size = sym({0: "K", 1: "n"}.get(axis, "n") if name != "n" else "K")
            for a in axes:
                self.lengths[a] = size
            return size
        raise ClaimError(f"over what does {text(variable)} run? give limits, or a vector that it indexes")

    def settle_domains(self, es: list[Expr]) -> None:
        for e in es:
            self.settle_indices(e, frozenset())
        for domain in list(self.domains.values()):
            for size in _sizes(domain):
                self.sizes(size)
        for e in es:
            for part in e.walk():
                if part.head in OVER_INDEX and part.args[1].head == "range":
                    for bound in part.args[1].args[:2]:
                        self.sizes(bound)
        for e in es:
            families = {p.args[0] for p in e.walk() if p.head == "idx"}
            for name in sorted(e.free):
                if "·" not in name:
                    self.domains.setdefault(name, Family(REAL) if name in families else REAL)
        for length in list(self.lengths.values()):
            self.sizes(length)

    def sizes(self, e: Expr) -> None:
        for name in e.free:
            if "·" not in name and e.head != "idx":
                self.domains.setdefault(name, SIZE)

    def settle_indices(self, e: Expr, bound: frozenset[str]) -> None:
        """A free letter that only serves as an index runs over the axis it indexes."""
        if e.head == "idx":
            for axis, index in enumerate(e.args[1:]):
                if index.head == "sym" and "·" not in index.args[0] and index.args[0] not in self.domains:
                    length = self.lengths.get((e.args[0], axis))
                    if length is None:
                        length = self.lengths[e.args[0], axis] = sym("K" if axis == 0 else "n")
                    self.domains[index.args[0]] = Index(ONE, length)
        for child in e.children:
            self.settle_indices(child, bound)

    def used(self, es: list[Expr]) -> set[str]:
        """Letters that occur, and those that their domains speak of."""
        used: set[str] = set()
        todo = {n for e in es for n in e.free}
        while todo:
            name = todo.pop()
            if name in used or "·" in name:
                continue
            used.add(name)
            domain = self.domains.get(name)
            todo |= {n for size in _sizes(domain) for n in size.free}
            if isinstance(domain, Index):
                todo |= {n for n in (domain.within, domain.outside) if n}
            todo |= {n for (family, _), size in self.lengths.items() if family == name for n in size.free}
        return used


def _sizes(domain: Domain | None) -> list[Expr]:
    if isinstance(domain, Simplex | Subset):
        return [domain.length]
    if isinstance(domain, Family):
        return [n for n in domain.lengths if n is not None]
    if isinstance(domain, Index):
        return [e for e in (domain.low, domain.high) if e is not None]
    if isinstance(domain, Scalar):
        return [e for e in (domain.low, domain.high) if e is not None]
    return []


def _axes(body: Expr, variable: Expr) -> Iterable[tuple[str, int]]:
    """Where a variable stands alone as an index."""
    for part in body.walk():
        if part.head == "idx":
            for axis, index in enumerate(part.args[1:]):
                if index is variable:
                    yield part.args[0], axis


def _inner(bound: Expr) -> bool:
    """Whether a limit of a sum depends on another sum's letter, or is yet to be settled."""
    return bound is AUTO or any("·" in n for n in bound.free)
