"""What is assumed of each letter, as binders and hypotheses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..expr import Expr
from ..meaning.domains import Domain, Family, Finite, Index, Scalar, Simplex, Subset
from ..meaning.problem import Problem
from .conditions import proposition
from .defined import evident
from .writer import FAMILY, INTEGER, REAL, SET, SUM, WHOLE, Untranslated, Writer, identifier, kind_of

ORDER = (WHOLE, INTEGER, SET, FAMILY, REAL)  # sizes stand first, because the rest speaks of them
TYPES = {WHOLE: "nat", INTEGER: "Z", SET: "nat -> bool", REAL: "R"}


@dataclass(frozen=True)
class Assumptions:
    """Binders, hypotheses, and the writer for what is said under them."""

    binders: tuple[str, ...]
    hypotheses: tuple[str, ...]
    writer: Writer


def assumptions(problem: Problem) -> Assumptions:
    """Of all the letters of a problem."""
    kinds = {name: kind_of(domain) for name, domain in problem.domains.items()}
    names = sorted(kinds, key=lambda n: (ORDER.index(kinds[n]), n))
    texts: dict[str, str] = {}
    for name in names:
        said = identifier(name)
        if said in texts.values():
            raise Untranslated(f"two letters called {said}")
        texts[name] = said
    upto = {n: last for n, d in problem.domains.items() if (last := _last(problem, d)) is not None}
    w = Writer(problem.domains, problem.declared, texts, kinds, upto, bool(problem.conventions))
    binders = tuple(f"({texts[n]} : {TYPES.get(kinds[n]) or _family(problem, n)})" for n in names)
    hypotheses = [h for n in names for h in of_domain(w, n, problem.domains[n], indices_of(problem, n))]
    hypotheses += [proposition(w, c) for c in problem.conditions]
    return Assumptions(binders, tuple(dict.fromkeys(hypotheses)), w)


def _last(problem: Problem, domain: Domain) -> Expr | None:
    if not isinstance(domain, Index):
        return None
    group = problem.domains.get(domain.within or domain.outside or "")
    return group.length if isinstance(group, Subset) else evident(domain)


def indices_of(problem: Problem, name: str) -> int:
    """How many indices a family has."""
    domain = problem.domains[name]
    if isinstance(domain, Family) and domain.lengths:
        return len(domain.lengths)
    used = (x for e in (*problem.sides, *problem.conditions) for x in e.walk() if x.head == "idx" and x.args[0] == name)
    return max((len(x.args) - 1 for x in used), default=1)


def _family(problem: Problem, name: str) -> str:
    return "nat -> " * indices_of(problem, name) + "R"


def of_domain(w: Writer, name: str, domain: Domain, arity: int) -> Iterator[str]:
    """What a domain says of a letter."""
    said = w.texts[name]
    if isinstance(domain, Subset):
        last = w.whole(domain.length)
        i = w.fresh("i")
        yield f"(exists {i}, (1 <= {i} <= {last})%nat /\\ {said} {i} = true)"
        if domain.proper:
            yield f"(exists {i}, (1 <= {i} <= {last})%nat /\\ {said} {i} = false)"
    elif isinstance(domain, Simplex):
        last, j = w.whole(domain.length), w.fresh("j")
        yield f"(forall {j}, (1 <= {j} <= {last})%nat -> 0 {'<' if domain.inner else '<='} {said} {j})"
        yield f"(Sum {last} (fun {j} => {said} {j}) = 1)"
        if domain.corner:
            yield f"(exists {j}, (1 <= {j} <= {last})%nat /\\ {said} {j} = 1)"
    elif isinstance(domain, Family):
        yield from _of_family(w, said, domain, arity)
    elif isinstance(domain, Index):
        yield from _of_index(w, said, domain)
    elif w.kinds[name] == WHOLE:
        yield _between(w, said, domain.low if isinstance(domain, Scalar) else None, _high(domain))
    else:
        yield from of_number(w, f"(IZR {said})" if w.kinds[name] == INTEGER else said, domain)


def _high(domain: Domain) -> Expr | None:
    return domain.high if isinstance(domain, Scalar) else None


def _between(w: Writer, said: str, low: Expr | None, high: Expr | None) -> str:
    lower = "" if low is None else f"{w.whole(low)} <= "
    return f"({lower}{said}{'' if high is None else f' <= {w.whole(high)}'})%nat"


def _of_index(w: Writer, said: str, domain: Index) -> Iterator[str]:
    group = domain.within or domain.outside
    if group is None:
        yield _between(w, said, domain.low, domain.high)
        return
    of = w.domains[group]
    if not isinstance(of, Subset):
        raise Untranslated(f"an index in {group}")
    yield f"(1 <= {said} <= {w.whole(of.length)})%nat"
    yield f"({w.texts[group]} {said} = {'true' if domain.within else 'false'})"


def _of_family(w: Writer, said: str, domain: Family, arity: int) -> Iterator[str]:
    letters = [w.fresh(letter) for letter in "jkl"[: max(1, arity)]]
    given = "".join(
        f"(1 <= {j} <= {w.whole(n)})%nat -> " for j, n in zip(letters, domain.lengths, strict=False) if n is not None
    )
    component = f"({said} {' '.join(letters)})"
    facts = list(of_number(w, component, domain.component))
    if isinstance(domain.component, Scalar) and domain.component.integer:
        z = w.fresh("z")
        facts.append(f"(exists {z} : Z, {component[1:-1]} = IZR {z})")
    yield from (f"(forall {' '.join(letters)}, {given}{fact})" for fact in facts)


def of_number(w: Writer, said: str, domain: Domain) -> Iterator[str]:
    """What the domain of a number says of a term."""
    if isinstance(domain, Finite):
        cases = " \\/ ".join(f"{said} = {w.real(v, SUM)}" for v in domain.values)
        yield f"({cases})"
        return
    if not isinstance(domain, Scalar):
        raise Untranslated(f"a number in {domain}")
    if domain.low is not None:
        yield f"({w.real(domain.low, SUM)} {'<=' if domain.low_closed else '<'} {said})"
    if domain.high is not None:
        yield f"({said} {'<=' if domain.high_closed else '<'} {w.real(domain.high, SUM)})"
    if domain.nonzero:
        yield f"({said} <> 0)"
