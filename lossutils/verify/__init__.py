"""The checker: LaTeX to expression to verdict. It knows no loss.

The rooms in the order in which a claim passes through them; each imports only those above it:

- `expr`, `functions`, `numbers`, `conditions`, `differentiate`: what all share. Expressions; what is known of each
  elementary function; rationals, balls, intervals and jets; pieces; derivatives by rules.
- `reading`: LaTeX to tokens to an expression. What can be read in two ways is refused, with the place.
- `meaning`: domains of letters, definitions put in by name, ranges settled: a `Problem`, nothing left implied.
- `points`: exact points that satisfy the assumptions, the values there in balls, and the hunt for one that refutes.
- `proof`: for all values at once. Normal forms, signs and Z3, sums term by term, calculus, minimisers, limits,
  integrals, enclosures. Every derivation also shows that each side has a value everywhere. `proof.guard` looks at some
  points, to spare attempts that would come to nothing; no proof rests on it.
- `judge`: one link of a chain, by points and by proofs. A point never proves, and a proof never refutes.
- `variants`, `controls`: wrong variants of what stood, and what becomes of them.
- `check`: all of it, to a `verdict`. `ledger`: the claims of notebooks again. `__main__`: the same from a shell.
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
