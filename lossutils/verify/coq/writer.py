"""Letters and their Coq names, and the tables in which the translation of each head stands.

The translation is the one step between the page and the kernel that the kernel does not check. So it is small, goes
head by head, and refuses (`Untranslated`) what Coq's total functions would say differently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from fractions import Fraction

from ..expr import ByHead, Expr, text
from ..meaning.domains import Domain, Family, Index, Scalar, Simplex, Subset

RESERVED = frozenset("R O S I in fun if then else exists forall let at end as return where match with Set Prop".split())
REAL, WHOLE, INTEGER, FAMILY, SET = "real", "whole", "integer", "family", "set"


class Untranslated(Exception):
    """What is not said in Coq, and why."""


Head = Callable[["Writer", Expr, int], str]
reals: ByHead[Head] = ByHead()  # terms of type R, wrapped for the level of what is around them
booleans: ByHead[Callable[[Writer, Expr], str]] = ByHead()  # conditions on indices, of type bool

# Levels: what stands inside brackets 0, an operand of + 1, of * 2, of unary minus 3, of ^ 4, an argument 5.
SUM, PRODUCT, NEGATIVE, POWER, ARGUMENT = 1, 2, 3, 4, 5


def wrap(said: str, own: int, level: int) -> str:
    """In brackets, if what is around binds more tightly."""
    return f"({said})" if own < level else said


def kind_of(domain: Domain | None) -> str:
    """How a letter is typed: an index or a size as nat, a set of indices as nat -> bool, the rest over R and Z."""
    if isinstance(domain, Subset):
        return SET
    if isinstance(domain, Family | Simplex):
        return FAMILY
    if isinstance(domain, Index):
        return WHOLE
    if isinstance(domain, Scalar) and domain.integer:
        low = domain.low
        return WHOLE if low is not None and low.head == "num" and low.args[0] >= 0 else INTEGER
    return REAL


@dataclass(frozen=True)
class Writer:
    """Writes expressions; what each letter is called here, and how far each index runs, goes with it."""

    domains: dict[str, Domain] = field(default_factory=dict)
    declared: dict[str, Domain] = field(default_factory=dict)  # also of letters that only sums or extrema bind
    texts: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    upto: dict[str, Expr] = field(default_factory=dict)  # index -> the last of those that it runs over
    convention: bool = False  # 0 log 0 = 0

    def real(self, e: Expr, level: int = 0) -> str:
        """A term of type R."""
        own = reals.get(e)
        if own is None:
            raise Untranslated(f"no function for {e.head}")
        return own(self, e, level)

    def boolean(self, condition: Expr) -> str:
        """A condition on indices as a term of type bool, which needs no brackets."""
        own = booleans.get(condition)
        if own is None:
            raise Untranslated(f"no function for the condition {condition.head}")
        return own(self, condition)

    def whole(self, e: Expr) -> str:
        """An index or a size, of type nat; nothing is subtracted, because subtraction stops at 0 there."""
        if e.head == "num" and e.args[0].denominator == 1 and e.args[0] >= 0:
            return str(e.args[0])
        if e.head == "sym" and self.kinds.get(e.args[0]) == WHOLE:
            return self.texts[e.args[0]]
        if e.head == "add" and all(self.is_whole(a) for a in e.args):
            return f"({' + '.join(self.whole(a) for a in e.args)})"
        raise Untranslated(f"{text(e)} as an index")

    def index(self, e: Expr) -> str:
        """The same among terms of type R, where numerals are real unless it is said."""
        said = self.whole(e)
        return said if said.isidentifier() else f"{said}%nat"

    def is_whole(self, e: Expr) -> bool:
        """Whether `whole` can write it."""
        try:
            self.whole(e)
        except Untranslated:
            return False
        return True

    def fresh(self, letter: str) -> str:
        """A name that nothing has here; the letter of the formula, if it is free."""
        name = identifier(letter)
        taken = {word for said in self.texts.values() for word in said.replace("(", " ").replace(")", " ").split()}
        if name not in taken:
            return name
        return next(f"{name}{n}" for n in range(len(taken) + 1) if f"{name}{n}" not in taken)

    def bind(self, letter: str, kind: str, upto: Expr | None = None) -> tuple[str, Writer]:
        """A name for a bound letter, and the writer of what is in its scope."""
        name = self.fresh(letter)
        return name, self.naming(letter, name, kind, upto)

    def naming(self, letter: str, name: str, kind: str, upto: Expr | None = None) -> Writer:
        """With a letter called so."""
        return replace(
            self,
            texts={**self.texts, letter: name},
            kinds={**self.kinds, letter: kind},
            upto=self.upto if upto is None else {**self.upto, letter: upto},
        )


def identifier(letter: str) -> str:
    """A letter of a formula as an identifier of Coq."""
    base = letter.split("·")[0].replace("'", "_prime")
    plain = "".join(c if c.isascii() and (c.isalnum() or c == "_") else "_" for c in base).strip("_")
    if not plain or not plain[0].isalpha():
        raise Untranslated(f"the letter {letter}")
    return plain + "_" if plain in RESERVED else plain


def number(value: Fraction, level: int = 0) -> str:
    """A rational number."""
    top, bottom = abs(value.numerator), value.denominator
    said, own = (str(top), ARGUMENT) if bottom == 1 else (f"{top} / {bottom}", PRODUCT)
    return wrap(said, own, level) if value >= 0 else wrap(f"- {wrap(said, own, NEGATIVE)}", NEGATIVE, level)
