"""The checker: LaTeX to expression to verdict. It knows no loss.

The modules in the order in which a claim passes through them:

- reading: `reading.latex` makes tokens, `reading.parser` and its parts an `expr.Expr`; what can be read in two ways is
  refused, with the place.
- saying what is meant: `assume` (domains of letters), `definitions` (put in by name), `problem` (ranges and domains
  settled, nothing left implied).
- seeking a counterexample: `sample` and `landmarks` (exact points, hard places among them), `evaluation` on the
  `numbers` and `special` functions of Arb, `minima` (least values), `refute` (a relation at a point).
- seeking a proof: `differentiate`, `normal` with `sums` on `algebra` (equality as one normal form), `conditions` and
  `pieces` (functions in pieces), `solver` with `facts` (Z3), `order` (signs, by slopes too), `defined` (everything has
  a value), `prove` (one relation), `analysis` (limits, integrals, minimisers), `enclose` (interval arithmetic).
- judging: `check` (all of it, link by link), `controls` (wrong variants that have to fall), `verdict` (what is shown),
  `ledger` (the claims of notebooks again), `__main__` (the same from a shell).

A proof never refutes and a point never proves: only `check` sees both.
"""

try:
    import flint  # noqa: F401
    import sympy  # noqa: F401
    import z3  # noqa: F401
except ImportError as error:
    raise ImportError("lossutils.verify needs SymPy, python-flint and Z3: pip install 'lossutils[verify]'") from error

from .check import check
from .meaning.definitions import Definition, define
from .verdict import Controls, Counterexample, Link, Verdict

__all__ = ["Controls", "Counterexample", "Definition", "Link", "Verdict", "check", "define"]
