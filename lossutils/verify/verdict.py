"""What a check found, in a form to show, to store and to compare."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field

# from the strongest to the weakest; a chain is as strong as its weakest link
SCALE = ("proved", "derived", "enclosed", "consistent", "unknown", "refuted")
HELD = ("proved", "derived", "enclosed", "consistent")


@dataclass(frozen=True)
class Counterexample:
    """An exact point at which a link fails, and what its sides are there."""

    link: int
    values: dict[str, str]
    left: str
    relation: str
    right: str

    def __str__(self) -> str:
        at = ", ".join(f"{k} = {v}" for k, v in self.values.items()) or "no letters"
        return f"at {at}: left {self.left}, right {self.right}"


@dataclass(frozen=True)
class Link:
    """One relation of a chain."""

    status: str
    means: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Controls:
    """Variants of the formula that ought to be wrong, and what became of them.

    Attributes
    ----------
    refuted : int
        How many were refuted.
    survivors : tuple of str
        Variants of an equality that were neither refuted nor shown to say the same.
    equivalent : tuple of str
        Variants shown to hold as well: the same in other words, or an inequality that claims less.
    standing : tuple of str
        Variants of an inequality that no point refutes and no proof decides: they may well be true.
    """

    refuted: int = 0
    survivors: tuple[str, ...] = ()
    equivalent: tuple[str, ...] = ()
    standing: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.refuted + len(self.survivors)

    def __str__(self) -> str:
        return f"{self.refuted}/{self.total}"


@dataclass(frozen=True)
class Verdict:
    """The result of a check.

    Attributes
    ----------
    status : str
        proved, derived, enclosed, consistent, refuted or unknown: see `SCALE`.
    latex : str
        The formula that was checked.
    links : tuple of Link
        Each relation of the chain with its own status, means and reason.
    points : int
        How many exact points satisfied every assumption and were decided.
    controls : Controls
        The wrong variants and what became of them.
    counterexample : Counterexample or None
        Where the formula fails.
    assumptions : tuple of str
        What was assumed, "(assumed)" where the caller said nothing.
    reason : str
        Why the status is unknown.
    """

    status: str
    latex: str
    links: tuple[Link, ...] = ()
    points: int = 0
    controls: Controls = field(default_factory=Controls)
    counterexample: Counterexample | None = None
    assumptions: tuple[str, ...] = ()
    reason: str = ""

    @property
    def held(self) -> bool:
        """Whether the formula stood, and every wrong variant of it fell."""
        return self.status in HELD and not self.controls.survivors

    @property
    def means(self) -> tuple[str, ...]:
        """By what it was decided."""
        return tuple(dict.fromkeys(m for link in self.links for m in link.means))

    def line(self) -> str:
        """One line: verdict, means, points, controls."""
        if self.status == "refuted":
            return f"refuted {self.counterexample}"
        if self.status == "unknown":
            return f"unknown: {self.reason}"
        parts = [self.status + (f" ({', '.join(self.means)})" if self.means else "")]
        if self.status == "consistent":
            parts.append(f"{self.points} points")
        if self.controls.total:
            parts.append(f"controls {self.controls}")
        if self.controls.survivors:
            parts.append(f"not told apart from: {'; '.join(self.controls.survivors)}")
        return ", ".join(parts)

    def __str__(self) -> str:
        return self.line()

    def as_dict(self) -> dict:
        """Plain data, the same on every machine."""
        data = asdict(self)
        data["means"] = list(self.means)
        data["held"] = self.held
        return data


def weakest(statuses: list[str]) -> str:
    """The status of a chain."""
    return max(statuses, key=SCALE.index)
