"""What a check found, in a form to show, to store and to compare."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

# from the strongest to the weakest; a chain is as strong as its weakest link
SCALE = ("proved", "derived", "enclosed", "computed", "consistent", "unknown", "refuted")
HELD = ("proved", "derived", "enclosed", "computed", "consistent")


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
    """One relation of a chain.

    Attributes
    ----------
    status : str
        See `SCALE`.
    means : tuple of str
        By what it was decided.
    lemmas : tuple of str
        The inequalities that its proof rests on.
    reason : str
        Why the status is unknown.
    points : tuple of int
        At how many points it held, and at how many it was looked at; nothing where it was not looked at.
    tried : str
        What a hunt for a counterexample tried.
    """

    status: str
    means: tuple[str, ...] = ()
    lemmas: tuple[str, ...] = ()
    reason: str = ""
    points: tuple[int, int] | None = None
    tried: str = ""


@dataclass(frozen=True)
class Controls:
    """Variants of the formula that ought to be wrong, and what became of them.

    Attributes
    ----------
    made : int
        How many were made, and `possible` how many could have been: of each kind only some are.
    refuted : int
        How many a point refutes by value.
    undefined : int
        How many have no value at some point, and fail nowhere by value.
    true : tuple of str
        Variants shown to hold as well: the same in other words, or an inequality that claims less.
    undecided : tuple of str
        Variants of an inequality that no point refutes and no proof decides: they may well be true.
    survivors : tuple of str
        Variants of an equation that were neither refuted nor shown to hold.
    """

    made: int = 0
    possible: int = 0
    refuted: int = 0
    undefined: int = 0
    true: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    survivors: tuple[str, ...] = ()

    def __str__(self) -> str:
        parts = [f"{self.refuted} of {self.made} refuted"]
        parts += [f"{self.undefined} without a value"] if self.undefined else []
        parts += [f"{len(self.true)} true as well"] if self.true else []
        parts += [f"{len(self.undecided)} undecided"] if self.undecided else []
        return ", ".join(parts)


@dataclass(frozen=True)
class Verdict:
    """The result of a check.

    Attributes
    ----------
    status : str
        proved, derived, enclosed, computed, consistent, refuted or unknown: see `SCALE`.
    latex : str
        The formula that was checked.
    links : tuple of Link
        Each relation of the chain with its own status, means, lemmas and reason.
    points : int
        How many exact points satisfied every assumption and were decided at each link that was looked at.
    looked : int
        How many points there were.
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
    looked: int = 0
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

    @property
    def lemmas(self) -> tuple[str, ...]:
        """What its proofs rest on."""
        return tuple(dict.fromkeys(m for link in self.links for m in link.lemmas))

    def line(self) -> str:
        """One line: verdict, means, lemmas, points, controls."""
        if self.status == "refuted":
            return f"refuted {self.counterexample}"
        if self.status == "unknown":
            return f"unknown: {self.reason}"
        parts = [self.status + (f" ({', '.join(self.means)})" if self.means else "")]
        if self.lemmas:
            parts[0] += " from " + "; ".join(self.lemmas)
        if self.status == "consistent":
            parts.append(f"{self.points} of {self.looked} points")
            parts += [f"hunted: {link.tried}" for link in self.links if link.tried][:1]
        if self.controls.made:
            parts.append(f"controls {self.controls}")
        if self.controls.survivors:
            parts.append(f"not told apart from: {'; '.join(self.controls.survivors)}")
        return ", ".join(parts)

    def __str__(self) -> str:
        return self.line()

    def as_dict(self) -> dict[str, Any]:
        """Plain data, the same on every machine."""
        data = asdict(self)
        data["means"], data["lemmas"] = list(self.means), list(self.lemmas)
        data["held"] = self.held
        return data


def weakest(statuses: list[str]) -> str:
    """The status of a chain."""
    return max(statuses, key=SCALE.index)
