"""What a letter may be: domains that points can be drawn from and facts be read off."""

from __future__ import annotations

from dataclasses import dataclass

from ..expr import ONE, ZERO, Expr, text


@dataclass(frozen=True)
class Scalar:
    """Real numbers between two ends (None: unbounded), or whole numbers among them."""

    low: Expr | None = None
    high: Expr | None = None
    low_closed: bool = True
    high_closed: bool = True
    integer: bool = False
    nonzero: bool = False

    def __str__(self) -> str:
        kind = "integer" if self.integer else "real"
        if self.nonzero:
            return f"nonzero {kind}"
        if self.low is None and self.high is None:
            return kind
        if self.low is not None and text(self.low) == "0" and self.high is None:
            return ("nonnegative " if self.low_closed else "positive ") + kind
        if self.integer:
            if self.high is None and self.low is not None:
                return f"integer >= {text(self.low)}"
            low, high = (text(e) if e is not None else "" for e in (self.low, self.high))
            return f"integer {low}..{high}"
        left = f"{'[' if self.low_closed else '('}{text(self.low)}" if self.low is not None else "(-inf"
        right = f"{text(self.high)}{']' if self.high_closed else ')'}" if self.high is not None else "inf)"
        return f"in {left}, {right}"


@dataclass(frozen=True)
class Finite:
    """A finite set of numbers."""

    values: tuple[Expr, ...]

    def __str__(self) -> str:
        return "in {" + ", ".join(map(text, self.values)) + "}"


@dataclass(frozen=True)
class Family:
    """Numbers with indices: each component in a domain, each axis as long as said (None: as the formula implies)."""

    component: Scalar | Finite
    lengths: tuple[Expr | None, ...] = ()

    def __str__(self) -> str:
        if not self.lengths or None in self.lengths:
            return f"{self.component} each"
        kind = "vector of length" if len(self.lengths) == 1 else "matrix"
        return f"{self.component} {kind} {' x '.join(text(n) for n in self.lengths if n is not None)}"


@dataclass(frozen=True)
class Simplex:
    """Nonnegative numbers that sum to 1: a probability vector. `inner`: none of them zero. `corner`: one of them 1."""

    length: Expr
    inner: bool = False
    corner: bool = False

    def __str__(self) -> str:
        kind = (
            "one-hot vector" if self.corner else "positive probability vector" if self.inner else "probability vector"
        )
        return f"{kind} of length {text(self.length)}"


@dataclass(frozen=True)
class Subset:
    """A nonempty set of indices among 1..length; `proper`: not all of them."""

    length: Expr
    proper: bool = False

    def __str__(self) -> str:
        return f"{'proper ' if self.proper else ''}nonempty subset of 1..{text(self.length)}"


@dataclass(frozen=True)
class Index:
    """An index from `low` to `high`, or a member of a set."""

    low: Expr = ONE
    high: Expr | None = None
    within: str | None = None
    outside: str | None = None

    def __str__(self) -> str:
        if self.within or self.outside:
            return f"in {self.within}" if self.within else f"not in {self.outside}"
        return f"in {text(self.low)}..{text(self.high) if self.high is not None else ''}"


Domain = Scalar | Finite | Family | Simplex | Subset | Index

REAL = Scalar()


def beside(domain: Domain, names: set[str], moves: bool) -> Domain:
    """What of a domain is true beside the values of some letters too: what is open, of a letter that `moves`."""
    if isinstance(domain, Family):
        component = beside(domain.component, names, moves)
        return Family(component, domain.lengths) if isinstance(component, Scalar) else domain
    if isinstance(domain, Simplex) and moves:
        return Family(Scalar(low=ZERO, low_closed=False) if domain.inner else REAL, (domain.length,))
    if isinstance(domain, Finite):
        return REAL if moves else domain
    if not isinstance(domain, Scalar):
        return domain

    def kept(end: Expr | None, closed: bool) -> Expr | None:
        return None if end is None or end.free & names or (moves and closed) else end

    low, high = kept(domain.low, domain.low_closed), kept(domain.high, domain.high_closed)
    integer = domain.integer and not moves
    return Scalar(low, high, domain.low_closed, domain.high_closed, integer, domain.nonzero)
