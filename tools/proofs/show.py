"""python -m tools.proofs.show eq-label ...: the statements of claims, to write proofs for."""

from __future__ import annotations

import sys

from .links import links


def main(labels: list[str]) -> int:
    """Print them."""
    for link in links():
        if link.label in labels:
            print(f"(** {link.key} *)\nTheorem {link.name} :\n{link.statement or link.refused}.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
