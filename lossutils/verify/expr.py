"""Expressions: what a formula says once it is read.

An `Expr` is a head and its arguments. Heads and arguments:

- ``num`` Fraction · ``sym`` name · ``idx`` name, indices... · ``const`` "pi", "e" or "inf"
- ``add``, ``mul`` terms... · ``pow`` base, exponent
- a function's name (``exp``, ``log``, ``sigma``, ``abs``, ``max``...) and its arguments
- ``sum``, ``prod``, ``maxover``, ``minover`` bound variable, range, body; a range is ``range`` low, high or ``in`` set,
  followed by conditions, or ``auto``, conditions, where the formula leaves it to the vectors' lengths
- ``deriv`` body, variables... · ``integral`` body, variable, low, high · ``limit`` body, variable, point, side
- ``at`` body, variable, value · ``cases`` value, condition, ..., value · ``bool`` condition (1 or 0)
- ``argmin``, ``argmax``, ``inf``, ``sup``, ``least``, ``most`` variable, body, the set it ranges over if one is said
- ``interval`` low, high, "[]" and its like · ``set`` elements... · ``card`` set
- ``rounded`` number, the power of ten that its last digit counts
- conditions: ``=``, ``<``, ``<=``, ``!=``, ``in``, ``notin``, ``and``, ``not``
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any, ClassVar, Generic, TypeVar

BINDERS = dict.fromkeys(("sum", "prod", "maxover", "minover", "inf", "sup", "least", "most", "argmin", "argmax"), 0)
BINDERS |= {"integral": 1, "limit": 1, "at": 1}  # where the bound variable stands among the arguments
OPTIMA = ("inf", "sup", "least", "most", "argmin", "argmax")  # least and most: a value that is taken somewhere
OVER_INDEX = ("sum", "prod", "maxover", "minover")


class Expr:
    """A head and its arguments; equal expressions are one object."""

    __slots__ = ("_free", "_key", "args", "head")
    _made: ClassVar[dict[tuple[Any, ...], Expr]] = {}

    _free: frozenset[str] | None
    _key: str
    head: str
    args: tuple[Any, ...]

    def __new__(cls, head: str, *args: Any) -> Expr:
        key = (head, args)
        made = cls._made.get(key)
        if made is None:
            made = object.__new__(cls)
            made.head, made.args, made._free, made._key = head, args, None, ""
            cls._made[key] = made
        return made

    def __repr__(self) -> str:
        return text(self)

    def __reduce__(self) -> tuple[Any, ...]:
        return Expr, (self.head, *self.args)

    @property
    def children(self) -> tuple[Expr, ...]:
        """The arguments that are expressions."""
        return tuple(a for a in self.args if isinstance(a, Expr))

    @property
    def free(self) -> frozenset[str]:
        """Names of the symbols and families that occur free."""
        if self._free is None:
            names: set[str] = {self.args[0]} if self.head in ("sym", "idx") else set()
            for child in self.children:
                names |= child.free
            if self.head in BINDERS and self.args[BINDERS[self.head]].head == "sym":
                names.discard(self.args[BINDERS[self.head]].args[0])
                if self.head == "integral":  # the bounds are outside the binder's scope
                    names |= self.args[2].free | self.args[3].free
                elif self.head in ("limit", "at"):
                    names |= self.args[2].free
            self._free = frozenset(names)
        return self._free

    @property
    def key(self) -> str:
        """A spelling of its own, to sort by: the same in every process, whatever was met before."""
        if not self._key:
            self._key = f"{self.head}({','.join(a.key if isinstance(a, Expr) else str(a) for a in self.args)})"
        return self._key

    def walk(self) -> Iterator[Expr]:
        """This expression and everything inside it, outermost first."""
        yield self
        for child in self.children:
            yield from child.walk()

    def has(self, *heads: str) -> bool:
        """Whether one of the heads occurs."""
        return any(e.head in heads for e in self.walk())

    def map(self, function: Callable[[Expr], Expr]) -> Expr:
        """The same head with `function` applied to the arguments that are expressions."""
        return Expr(self.head, *(function(a) if isinstance(a, Expr) else a for a in self.args))


Rule = TypeVar("Rule", bound=Callable[..., Any])


class ByHead(Generic[Rule]):
    """Functions by the head of the expression they are for: the one way in which the checker dispatches."""

    def __init__(self) -> None:
        self.table: dict[str, Rule] = {}

    def __call__(self, *heads: str) -> Callable[[Rule], Rule]:
        """Register a function for some heads."""

        def register(function: Rule) -> Rule:
            self.table |= dict.fromkeys(heads, function)
            return function

        return register

    def get(self, e: Expr) -> Rule | None:
        """What is registered for an expression's head."""
        return self.table.get(e.head)


def num(value: int | Fraction) -> Expr:
    """A rational number."""
    return Expr("num", Fraction(value))


def sym(name: str) -> Expr:
    """A symbol."""
    return Expr("sym", name)


ZERO, ONE, TWO, MINUS_ONE, HALF = num(0), num(1), num(2), num(-1), num(Fraction(1, 2))
INFINITY = Expr("const", "inf")


def add(*terms: Expr) -> Expr:
    """A sum."""
    terms = tuple(t for t in terms if t is not ZERO)
    return ZERO if not terms else terms[0] if len(terms) == 1 else Expr("add", *terms)


def mul(*factors: Expr) -> Expr:
    """A product."""
    factors = tuple(f for f in factors if f is not ONE)
    if ZERO in factors:
        return ZERO
    return ONE if not factors else factors[0] if len(factors) == 1 else Expr("mul", *factors)


def product(*factors: Expr) -> Expr:
    """A product as it was written: zero times what may have no value stays."""
    if ZERO in factors and not all(f.head in ("num", "sym", "idx") for f in factors):
        return Expr("mul", *(f for f in factors if f is not ONE))
    return mul(*factors)


def neg(e: Expr) -> Expr:
    """The negative."""
    if e.head == "num":
        return num(-e.args[0])
    return mul(*e.args[1:]) if e.head == "mul" and e.args[0] is MINUS_ONE else mul(MINUS_ONE, e)


def sub(a: Expr, b: Expr) -> Expr:
    """A difference."""
    return add(a, neg(b))


def div(a: Expr, b: Expr) -> Expr:
    """A quotient."""
    if a.head == b.head == "num" and b.args[0] != 0:
        return num(a.args[0] / b.args[0])
    return product(a, power(b, MINUS_ONE))


def power(base: Expr, exponent: Expr) -> Expr:
    """A power; a power of Euler's e is an exponential."""
    if base.head == "const" and base.args[0] == "e":
        return Expr("exp", exponent)
    return base if exponent is ONE else Expr("pow", base, exponent)


class Captured(ValueError):
    """A letter put in would be taken for another of the same name."""


def substitute(e: Expr, name: str, value: Expr) -> Expr:
    """`e` with a free letter, or the name of a family, replaced.

    Bound variables have names of their own, so none is captured. What is differentiated by the letter is the one place
    where a letter is free and yet varies: there it keeps a name of its own, and the value is put in after.
    """
    if name not in e.free:
        return e
    if e.head == "sym":
        return value
    if e.head == "idx":
        indices = [substitute(i, name, value) for i in e.args[1:]]
        if e.args[0] == name and value.head != "sym":
            raise Captured(f"{text(value)} stands for the family {name}")
        return Expr("idx", value.args[0] if e.args[0] == name else e.args[0], *indices)
    if e.head == "deriv" and any(v.args[0] == name for v in e.args[1:]):
        return _in_derivative(e, name, value)
    if e.head == "deriv" and any(v.args[0] in value.free for v in e.args[1:]):
        return substitute(_apart(e, value), name, value)
    return e.map(lambda a: substitute(a, name, value))


def meant(e: Expr, name: str, value: Expr) -> Expr:
    """`e` with what a letter stands for in its place, wherever it is: a derivative sees through it."""
    if name not in e.free:
        return e
    if e.head in ("sym", "idx") or (e.head == "deriv" and any(v.args[0] == name for v in e.args[1:])):
        return substitute(e, name, value)
    return e.map(lambda a: meant(a, name, value))


def _in_derivative(e: Expr, name: str, value: Expr) -> Expr:
    """A derivative by a letter, the letter replaced: renamed if that is all, else the derivative at the value."""
    if value.head == "sym" and value.args[0] not in e.args[0].free:
        return e.map(lambda a: substitute(a, name, value))
    if sym(name) not in e.args[1:]:
        raise Captured(f"{name} is differentiated by")
    inner = sym(name + "·at")
    while inner.args[0] in e.free | value.free:
        inner = sym(inner.args[0] + "·at")
    return Expr("at", substitute(e, name, inner), inner, value)


def _apart(e: Expr, value: Expr) -> Expr:
    """A derivative by a letter that a value holds, by another letter: d/dx (x y) at y = x is not d/dx (x x)."""
    v = next(v for v in e.args[1:] if v.args[0] in value.free)
    if v.head != "sym":
        raise Captured(f"{text(value)} is put in under a derivative by {text(v)}")
    inner = sym(v.args[0] + "·at")
    while inner.args[0] in e.free | value.free:
        inner = sym(inner.args[0] + "·at")
    return Expr("at", substitute(e, v.args[0], inner), inner, v)


class Fresh:
    """Names for bound variables that no formula can contain; the letter before the dot is what is shown."""

    def __init__(self) -> None:
        self.count = 0

    def name(self, letter: str) -> str:
        """A new name that is shown as `letter`."""
        self.count += 1
        return f"{letter.split('·')[0]}·{self.count}"

    def rename(self, e: Expr) -> Expr:
        """`e` with new names for all its bound variables: done each time a definition is used."""
        taken = [x.args[0].rsplit("·", 1)[1] for x in e.walk() if x.head == "sym" and "·" in x.args[0]]
        self.count = max([self.count, *(int(n) for n in taken if n.isdigit())])  # a new name is none of the old ones
        return self._renamed(e)

    def _renamed(self, e: Expr) -> Expr:
        if e.head in BINDERS and "·" in e.args[BINDERS[e.head]].args[0]:
            bound = e.args[BINDERS[e.head]]
            new = sym(self.name(bound.args[0]))
            e = Expr(e.head, *(_replace_bound(a, bound, new) if isinstance(a, Expr) else a for a in e.args))
        return e.map(self._renamed)


def _replace_bound(e: Expr, old: Expr, new: Expr) -> Expr:
    return new if e is old else e.map(lambda a: _replace_bound(a, old, new))


_INFIX = {"=": "=", "<": "<", "<=": "<=", "!=": "!=", "in": "in", "notin": "not in", "and": "and"}


def text(e: Expr, level: int = 0) -> str:
    """A plain rendering, for messages and evidence; `level` is how tightly what is around it binds."""
    rendered = _RENDERED.get(e)
    if rendered is not None:
        said, own = rendered(e, level)
    elif e.head in _INFIX and len(e.args) == 2:
        said, own = f"{text(e.args[0], 1)} {_INFIX[e.head]} {text(e.args[1], 1)}", 0
    else:
        said, own = f"{e.head}({', '.join(text(a) if isinstance(a, Expr) else str(a) for a in e.args)})", _TIGHT
    return f"({said})" if own < level else said


_TIGHT = 9  # binds more tightly than anything around it: no parentheses
_RENDERED: ByHead[Callable[[Expr, int], tuple[str, int]]] = ByHead()  # what is written, and how tightly it binds


@_RENDERED("num")
def _text_num(e: Expr, level: int) -> tuple[str, int]:
    return str(e.args[0]), 1 if e.args[0] < 0 or e.args[0].denominator > 1 else _TIGHT


@_RENDERED("sym", "const")
def _text_name(e: Expr, level: int) -> tuple[str, int]:
    return str(e.args[0]).split("·")[0], _TIGHT


@_RENDERED("rounded")
def _text_rounded(e: Expr, level: int) -> tuple[str, int]:
    return text(e.args[0], level), _TIGHT


@_RENDERED("idx")
def _text_idx(e: Expr, level: int) -> tuple[str, int]:
    return f"{e.args[0]}[{', '.join(text(i) for i in e.args[1:])}]", _TIGHT


@_RENDERED("add")
def _text_add(e: Expr, level: int) -> tuple[str, int]:
    return " + ".join(text(a, 1) for a in e.args).replace("+ -", "- "), 1


@_RENDERED("mul")
def _text_mul(e: Expr, level: int) -> tuple[str, int]:
    if e.args[0] is MINUS_ONE:
        return "-" + text(mul(*e.args[1:]), 3), 1
    return "*".join(text(a, 3) for a in e.args), 2


@_RENDERED("pow")
def _text_pow(e: Expr, level: int) -> tuple[str, int]:
    return f"{text(e.args[0], 5)}^{text(e.args[1], 5)}", 4


def limits_of(range_: Expr) -> Expr:
    """A range without its conditions."""
    return Expr(range_.head, *range_.args[: _FIXED[range_.head]])


def conditions_of(range_: Expr) -> tuple[Expr, ...]:
    """The conditions on an index, besides the limits or the set that it lies in."""
    return range_.args[_FIXED[range_.head] :]


_FIXED = {"range": 2, "in": 1, "auto": 0}  # how many arguments of a range are no conditions


def branches(e: Expr) -> list[tuple[Expr | None, Expr]]:
    """Conditions and values of a `cases`; the last condition may be None, for otherwise."""
    found = [(e.args[n + 1], e.args[n]) for n in range(0, len(e.args) - 1, 2)]
    return [*found, (None, e.args[-1])] if len(e.args) % 2 else found
