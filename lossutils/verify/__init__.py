"""The checker: LaTeX to expression to verdict. It knows no loss."""

try:
    import flint  # noqa: F401
    import sympy  # noqa: F401
    import z3  # noqa: F401
except ImportError as error:
    raise ImportError("lossutils.verify needs SymPy, python-flint and Z3: pip install 'lossutils[verify]'") from error

from .check import check
from .problem import Definition, define
from .verdict import Controls, Counterexample, Link, Verdict

__all__ = ["Controls", "Counterexample", "Definition", "Link", "Verdict", "check", "define"]
