"""Every statement of the book, read from its text alone at the claim's exact points, says what the claim says."""

from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from coq_text import parsed
from evaluate import Evaluator, Unclear, base, real, sides, verdict
from flint import acb, fmpq, fmpz

from lossutils.verify.coq.statement import Statement, statements
from lossutils.verify.coq.writer import identifier
from lossutils.verify.meaning.domains import Family, Simplex, Subset
from lossutils.verify.numbers import Undecided, Undefined, use_precision
from lossutils.verify.points.evaluation import value
from lossutils.verify.points.sample import Sampler
from tools.proofs.links import problems

POINTS, FEWEST, BITS = 4, 3, 300
NOT_TRANSLATED = {
    "there is a letter",
    "infinity as a number",
    "an integral from minus infinity",
    "the relation",
    "Gamma",
}  # and what follows
NUMBERS = (int, Fraction)


@cache
def book():
    """The claims that held, by label."""
    return {entry["label"]: problem for _, entry, problem in problems()}


def exact(x):
    """A value of a point for the evaluator: rationals exact."""
    if isinstance(x, fmpq | fmpz):
        rational = Fraction(int(fmpq(x).p), int(fmpq(x).q))
        return int(rational) if rational.denominator == 1 else rational
    return x


def given(problem, point):
    """The values of a point by the names in Coq."""
    found = {identifier(n): exact(v) for n, v in point.values.items() if n in problem.domains}
    for name, domain in problem.domains.items():
        if isinstance(domain, Family | Simplex):
            components = {at: exact(v) for (family, at), v in point.families.items() if family == name}
            found[identifier(name)] = _family(components)
        elif isinstance(domain, Subset):
            found[identifier(name)] = lambda i, members=point.sets[name]: i in members
    return found


def _family(components):
    return lambda *at: components[tuple(map(int, at))]


def close(own, said):
    """Whether the claim's value and the statement's may be the same."""
    own, said = exact(own), base(said)
    if isinstance(own, NUMBERS) and isinstance(said, NUMBERS):
        return own == said
    return bool(real(own).overlaps(real(said)))


def own_value(e, point):
    try:
        return value(e, point)
    except (Undefined, Undecided):
        return None


@pytest.mark.parametrize("label", sorted(book()))
def test_a_statement_holds_where_its_claim_does_and_its_sides_have_the_claims_values(label):
    use_precision(BITS)
    problem = book()[label]
    said = statements(problem)
    translated = [s for s in said if isinstance(s, Statement)]
    reasons = [str(s) for s in said if not isinstance(s, Statement)]
    assert len(translated) + len(reasons) == len(said)
    assert all(reason.startswith(tuple(NOT_TRANSLATED)) for reason in reasons), reasons
    trees = [(n, parsed(str(s))) for n, s in enumerate(said) if isinstance(s, Statement)]
    seen = dict.fromkeys((n for n, _ in trees), 0)
    points = list(Sampler(problem).points(POINTS if problem.domains else 1))
    for point in points:
        for n, tree in trees:
            evaluate = Evaluator(given(problem, point))
            try:
                assumed, holds = verdict(tree, evaluate)
                shown = sides(tree, evaluate, problem.relations[n])
            except Unclear:
                continue
            assert assumed, f"link {n + 1}: the hypotheses fail at {point.described()}"
            assert holds, f"link {n + 1} fails at {point.described()}"
            for e, found in zip(problem.sides[n : n + 2], shown or (), strict=False):
                own = own_value(e, replace(point, cache={}))
                assert own is None or isinstance(own, acb) or close(own, found), f"link {n + 1}: {own} is not {found}"
            seen[n] += 1
    assert all(count >= min(FEWEST, len(points)) for count in seen.values()), seen
