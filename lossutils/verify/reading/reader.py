"""One formula being read: its tokens, what is known of its letters, and which are bound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..expr import Expr, Fresh, sym
from ..functions import SPELLED
from .latex import GOES_ON, STYLES, LatexError, Token, tokens

SWAPPED = {">": "<", ">=": "<="}
AUTO = Expr("auto")  # a range that the lengths of the vectors indexed decide
SEVERAL: dict[str, Sequence[int]] = {
    "max": range(1, 9),
    "min": range(1, 9),
    "clip": (3,),
    "relu": (1,),
}  # arguments of what takes not just one


def arity(name: str) -> Sequence[int]:
    """How many arguments a known function takes; none if it is not known."""
    return SEVERAL.get(name) or ((1,) if name in SPELLED.values() else ())


def function_named(spelling: str) -> str:
    """The function that a command or an operator's name stands for, or nothing."""
    return SPELLED.get(spelling) or (spelling if spelling in SEVERAL else "")


@dataclass
class Names:
    """What the assumptions and the definitions in use say of the letters."""

    declared: set[str] = field(default_factory=set)  # variables, families and sets
    functions: dict[str, int] = field(default_factory=dict)  # name -> how many subscripts come before its arguments
    sets: set[str] = field(default_factory=set)
    vectors: set[str] = field(default_factory=set)  # families of one index, which may stand bare in a product
    styles: dict[str, str] = field(default_factory=dict)  # letter -> the style that it was met in
    fresh: Fresh = field(default_factory=Fresh)


class Reader:
    """The state of reading, and the grammar's entry points, which `parser.Parser` has."""

    def __init__(self, source: str, names: Names | None = None) -> None:
        self.source, self.names = source, names or Names()
        self.tokens, self.at = tokens(source), 0
        self.bound: dict[str, str] = {}  # a letter in scope of a sum or an integral -> its own name
        self.bars = 0  # how many | are open
        self.ended: dict[str, str] = {}  # letters bound by operators of this sum of terms, whose reach has ended
        self._look_at_styles()

    def _look_at_styles(self) -> None:
        """One letter in two styles is two letters to a reader: refused, since a style is not part of a name."""
        kinds = [t.kind for t in self.tokens]
        for k, token in enumerate(self.tokens):
            style = ""
            if kinds[k : k + 1] == ["letter"] and k > 1 and kinds[k - 1] == "{" and kinds[k + 1] == "}":
                before = self.tokens[k - 2]
                style = before.value if before.kind == "command" and before.value in STYLES else ""
            if token.kind != "letter" or (token.value == "d" and style == "mathrm") or self._within_word(k):
                continue
            if self.names.styles.setdefault(token.value, style) != style:
                raise self.error(f"{token.value} stands here in two styles: are they one letter?", token)

    def _within_word(self, k: int) -> bool:
        """Whether a letter is one of several in one style, which make a name."""
        first = k
        while first and self.tokens[first - 1].kind == "letter":
            first -= 1
        before = self.tokens[max(0, first - 2) : first]
        several = first < k or self.tokens[k + 1].kind == "letter"
        return several and len(before) == 2 and before[0].value in STYLES and before[1].kind == "{"

    def expression(self) -> Expr:
        """Terms with + and - between them."""
        raise NotImplementedError

    def term(self) -> Expr:
        """Factors: juxtaposed, or with a sign of multiplication or division."""
        raise NotImplementedError

    def factor(self) -> Expr:
        """One factor with its superscripts."""
        raise NotImplementedError

    def atom(self) -> Expr:
        """A number, a symbol, something in delimiters, or a function applied."""
        raise NotImplementedError

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
        """A name of its own for a letter; `Parser.factor` ends its scope."""
        name = self.names.fresh.name(letter)
        self.bound = {**self.bound, letter: name}
        return sym(name)

    def closed(self, closer: str, why: str = "") -> Expr:
        """An expression up to a closing delimiter, inside which a bar opens anew."""
        bars, self.bars = self.bars, 0
        inside = self.expression()
        self.need(closer, why)
        self.bars = bars
        return inside

    # What comes next

    def starts_factor(self) -> bool:
        kind = self.token.kind
        if kind == "|":
            return self.bars == 0
        if kind == "begin":
            return "cases" in self.token.value
        if kind == "command":
            return self.token.value not in ("rangle", "rfloor", "mid")
        return kind not in GOES_ON and kind not in ("!", "^", "_", "'", ":", "\\|", "<", ">", "quantifier")

    def group(self) -> Expr:
        """{...} around an expression."""
        self.need("{")
        return self.closed("}")

    def single(self) -> Expr:
        """What TeX takes as an argument without braces: one digit, letter or command."""
        token = self.token
        if token.kind == "number" and len(token.value) > 1:
            raise self.error("TeX raises or lowers the first digit only: use braces")
        if token.kind == "letter":
            self.take("letter")
            name = self.bound.get(token.value, token.value)
            if name in self.names.functions or (name == "sigma" and name not in self.names.declared):
                raise self.error(f"{name} is a function: use braces", token)
            if name in ("e", "pi") and name not in self.names.declared:
                return Expr("const", name)
            return sym(name)
        if token.kind == "number" or (token.kind == "command" and token.value in ("frac", "infty")):
            return self.atom()
        raise self.error("expected a digit, a letter or {...}")

    def argument(self) -> Expr:
        """What TeX takes as an argument: a group or a single token."""
        return self.group() if self.token.kind == "{" else self.single()
