"""What the errata say of the notes, row by row, beside the verdicts that the chapters' claims carry."""

from __future__ import annotations

from pathlib import Path

from ...verify.ledger import carried, notebooks
from ..page import verdict_parts

OWN = "errata"  # whose own outputs are being made while this is computed
ROWS = (  # what stands in the notes, what is to be said of it, and the claims that decide
    ("a softmax denominator without exponentials", "false", ("eq-notes-denominator",)),
    ("the factor $1/m$ may be dropped", "false across rows, right within one", ("eq-two-rows-same",)),
    ("cross-entropy without its minus sign", "false", ("eq-l-sign-equal",)),
    ("log of a sum of exponentials, evaluated as written", "overflows", ("eq-overflow",)),
    ("one row's formula, the batch's sum in code; an argument `pos_num`", "inconsistent", ("eq-e-pos-num",)),
    ("a test without an expected value", "a gap", ("eq-hand-test",)),
    ('"negative binomial log-likelihood"', "a misleading name", ("eq-l-negative-binomial",)),
    (
        r"$f(x)$ is $w\cdot x$, not $\hat y$",
        "right, but for a factorization machine",
        ("eq-l-probability-for-score",),
    ),
    ("the equivalence shown for values only", "right, and no gap", ("eq-l-equivalence",)),
    ("headings over nothing", "gaps", ()),
    ("cross-entropy is better than squared error", "more than is true", ("eq-v-always-slower", "eq-v-limit-b")),
    ("a parenthesis missing", "typographical", ("eq-e-parenthesis",)),
)


def rows(folder: Path) -> list[list[str]]:
    """A row for each erratum: its name, what stood there, what it is, and each deciding claim with its verdict."""
    claims = {entry["label"]: entry for path in notebooks(folder) if path.stem != OWN for entry in carried(path)}
    found = []
    for number, (said, judged, labels) in enumerate(ROWS, 1):
        verdicts = [f"{{eq}}`{label}` {_verdict(claims.get(label))}" for label in labels]
        found.append([f"N{number}", said, judged, "; ".join(verdicts) or "–"])
    return found


def _verdict(claim: dict[str, object] | None) -> str:
    """The word of the verdict; of a refuted claim with the point at which it fails."""
    if claim is None:
        return "below"
    if claim["status"] != "refuted":
        return str(claim["status"])
    (where,) = verdict_parts(claim)  # type: ignore[arg-type]
    return f"refuted {where}" if where.startswith("at ") else f"refuted: {where}"
