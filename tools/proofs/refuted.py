"""python -m tools.proofs.refuted: wrong variants of claims as statements of Coq, each refuted at a point.

The translation is what no kernel checks. Were it to say less than its equation, wrong variants would go through too. So
for a sample of claims a variant that a point refutes is translated like the claim, and Coq proves its negation there.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from flint import fmpq, fmpz

from lossutils.verify.coq.statement import Statement, statements
from lossutils.verify.coq.writer import identifier, number
from lossutils.verify.judge import turned
from lossutils.verify.meaning.definitions import ClaimError
from lossutils.verify.meaning.problem import Problem
from lossutils.verify.numbers import use_precision
from lossutils.verify.points.compare import at_point
from lossutils.verify.points.evaluation import Point
from lossutils.verify.points.sample import Sampler
from lossutils.verify.variants import variants

from . import coq
from .links import ROOT, problems

FILE = ROOT / "proofs" / "refuted" / "Refuted.v"
POINTS, BITS, EACH = 12, 200, 7  # of a claim; of seven claims that could be taken, one is
PLAIN = ("identity", "inequality", "number")
BEYOND = re.compile(r"Derive|is_|RInt|locally|Sum|Prod|Largest|Smallest|Rpower|erf|times_log")
HEADER = """From Losses Require Import Library.
Ltac words := unfold sigmoid, softplus, cosh, sinh, tanh in *.
Ltac true_there := words; repeat split;
  first [lra | (left; lra) | (right; lra) | interval | (apply Rgt_not_eq; interval) | pieces].
Ltac assume H := repeat match type of H with
  | ?P -> _ => let A := fresh in assert (A : P) by true_there; specialize (H A); clear A end.
Ltac refute H := assume H; repeat match type of H with _ /\\ _ => destruct H as [_ H] end; words; revert H;
  first [ solve [pieces]
        | apply Rlt_not_eq; interval | apply Rgt_not_eq; interval
        | apply Rlt_not_le; interval | apply Rle_not_lt; interval
        | intro H; apply Rge_le in H; revert H; apply Rlt_not_le; interval
        | intro H; apply Rgt_lt in H; revert H; apply Rle_not_lt; interval ].
"""


class Wrong(NamedTuple):
    """A variant's link that fails at a point."""

    label: str
    change: str
    statement: str
    values: tuple[str, ...]

    @property
    def name(self) -> str:
        """What its refutation is called."""
        return "not_" + re.sub(r"\W", "_", self.label)

    def __str__(self) -> str:
        said = (
            f"(** {self.label}, {self.change.replace('*)', '* )')} *)\nTheorem {self.name} : ~ (\n{self.statement}).\n"
        )
        given = f" specialize (H {' '.join(self.values)})." if self.values else ""
        return said + f"Proof. intro H.{given} refute H. Qed.\n"


def literal(value: object) -> str | None:
    """A rational value of a point as a term of Coq."""
    if isinstance(value, fmpq | fmpz):
        rational = fmpq(value)
        return number(Fraction(int(rational.p), int(rational.q)), 5)
    return None


def wrong(label: str, problem: Problem) -> Iterator[Wrong]:
    """The variants of a claim that a point refutes and that are plain enough for the sample."""
    if problem.statement is None or not all(isinstance(s, Statement) for s in statements(problem)):
        return
    points = list(Sampler(problem).points(POINTS))
    for _, change, variant in variants(problem.statement)[0]:
        with suppress(ClaimError, ValueError):
            sides = [problem.settle(s) for s in variant.sides]
            altered = replace(problem, sides=sides, relations=list(variant.relations))
            yield from failing(label, change, altered, points)


def failing(label: str, change: str, altered: Problem, points: list[Point]) -> Iterator[Wrong]:
    """The links of a variant that fail by value at a point."""
    for n, said in enumerate(statements(altered)):
        if not isinstance(said, Statement) or said.kind not in PLAIN or BEYOND.search(str(said)):
            continue
        a, relation, b = turned(altered.sides[n], altered.relations[n], altered.sides[n + 1])
        point = next((p for p in points if at_point(a, relation, b, p).kind == "fails"), None)
        values = place(said, point) if point is not None else None
        if values is not None:
            yield Wrong(label, change, str(said), values)


def place(said: Statement, point: Point) -> tuple[str, ...] | None:
    """The point's values in the order of the statement's letters, if all are rational."""
    named = {identifier(name): literal(value) for name, value in point.values.items()}
    found = [named.get(binder[1:].split(" :")[0]) for binder in said.binders if binder.endswith(": R)")]
    return tuple(v for v in found if v) if all(found) and len(found) == len(said.binders) else None


def sample() -> list[Wrong]:
    """Of every so many claims that have such a variant, the first."""
    use_precision(BITS)
    every = ((entry["label"], problem) for _, entry, problem in problems())
    found = (next(wrong(label, problem), None) for label, problem in list(every)[::EACH])
    return [w for w in found if w is not None]


def written(found: list[Wrong]) -> str:
    """The file."""
    said = "(** Wrong variants of the book's claims, translated as the claims are, and refuted at a point.\n"
    said += f"    Generated by `python -m tools.proofs.refuted`. *)\n{HEADER}"
    return said + "\n" + "\n".join(map(str, found))


def accepted(found: list[Wrong]) -> list[Wrong]:
    """Those whose refutation Coq accepts."""
    said = re.sub(r"Qed\.\n", "Qed.\nAbort All.\n", written(found)) + "".join(f"Check {w.name}.\n" for w in found)
    command = ["coqtop", "-q", "-w", "-all", "-Q", str(ROOT / "proofs"), "Losses"]
    done = subprocess.run(command, input=said, capture_output=True, text=True)
    return [w for w in found if re.search(rf"^{w.name}\s*(:|$)", done.stdout, re.MULTILINE)]


def main() -> int:
    """Write what Coq accepts."""
    coq.build_library(ROOT / "proofs")
    found = sample()
    good = accepted(found)
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(written(good), encoding="utf-8")
    print(f"{len(good)} of {len(found)} wrong variants refuted by Coq")
    for w in found:
        if w not in good:
            print(f"    not: {w.label}, {w.change}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
