"""What all parts of the parser share: the tokens, the names, and the functions there are."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ..expr import Expr, Fresh, sym
from .latex import LatexError, Token, tokens

# function -> numbers of arguments it takes
FUNCTIONS = {
    "exp": (1,), "log": (1,), "ln": (1,), "cosh": (1,), "sinh": (1,), "tanh": (1,), "sigma": (1,), "softplus": (1,),
    "sign": (1,), "sgn": (1,), "abs": (1,), "clip": (3,), "logit": (1,), "erf": (1,), "sin": (1,), "cos": (1,),
    "arctan": (1,), "artanh": (1,), "Gamma": (1,), "max": range(1, 9), "min": range(1, 9), "floor": (1,), "relu": (1,),
    "sech": (1,), "coth": (1,), "tan": (1,), "digamma": (1,),
}  # fmt: skip
SAME = {"ln": "log", "sgn": "sign", "atanh": "artanh", "sigmoid": "sigma", "arctanh": "artanh"}
SWAPPED = {">": "<", ">=": "<="}
AUTO = Expr("auto")  # a range that the lengths of the vectors indexed decide


@dataclass
class Names:
    """What the assumptions and the definitions in use say of the letters."""

    declared: set[str] = field(default_factory=set)  # variables, families and sets
    functions: dict[str, int] = field(default_factory=dict)  # name -> how many subscripts come before its arguments
    sets: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)  # families of one index, which may stand bare in a product
    fresh: Fresh = field(default_factory=Fresh)


class Reader:
    """One formula being read. `bound` maps a letter in scope of a sum or an integral to its own name."""

    expression: Any  # the parts call one another: see `parser.Parser`

    def __init__(self, source: str, names: Names | None = None) -> None:
        self.source, self.names = source, names or Names()
        self.tokens, self.at = tokens(source), 0
        self.bound: dict[str, str] = {}
        self.bars = 0  # how many | are open
        self.ended: dict[str, str] = {}  # letters bound by operators of this sum of terms, whose reach has ended

    # Tokens

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def error(self, message: str, token: Token | None = None) -> LatexError:
        return LatexError(message, self.source, (token or self.token).position)

    def take(self, *kinds: str) -> Token | None:
        """The next token if it is of one of the kinds."""
        found = self.token
        if found.kind not in kinds:
            return None
        self.at = min(self.at + 1, len(self.tokens) - 1)  # the end stays
        return found

    def need(self, kind: str, why: str = "") -> Token:
        found = self.take(kind)
        if found is None:
            shown = "the end" if self.token.kind == "end" else repr(self.token.value or self.token.kind)
            raise self.error(f"expected {kind!r}{why}, found {shown}")
        return found

    def command(self, *names: str) -> Token | None:
        if self.token.kind == "command" and self.token.value in names:
            return self.take("command")
        return None

    def bind(self, letter: str) -> Expr:
        """A name of its own for a letter; `prefix_operator` ends its scope."""
        name = self.names.fresh.name(letter)
        self.bound = {**self.bound, letter: name}
        return sym(name)
