"""The formulas of the cheat sheet, written from what each loss says of itself: python -m tools.cheat_sheet

A row of its tables begins with a loss's name and a few words of its use, which stay; formula and gradient are replaced.
"""

from __future__ import annotations

import re
from pathlib import Path

import lossutils as lu

SHEET = Path(__file__).parents[1] / "appendix" / "cheat_sheet.md"
ROW = re.compile(r"^\| `(\w+)`<br>(.*?) \| .* \|$")


def written(sheet: str) -> str:
    """The sheet with every formula as the losses have it."""
    own = {type(loss).__name__: loss.description for loss in lu.losses()}
    wide, lines = True, []
    for line in sheet.splitlines():
        if line.startswith("| loss |"):
            wide = line.count("|") == 4
        if found := ROW.match(line):
            said = own[found[1]]
            notes = [f"${equation}$" for equation in said.defined if "e^{s_k}" not in equation]
            notes += [said.remark] if _used(said.remark, f"{said.loss} {said.gradient}") else []
            value, slope = f"${said.loss}$", f"${said.gradient}$"
            gradient = "<br>".join([slope if wide else f"gradient {slope}", *notes])
            cells = [value, gradient] if wide else [f"{value}<br>{gradient}"]
            escaped = " | ".join(re.sub(r"(?<!\\)\|", r"\\|", cell) for cell in cells)
            line = f"| `{found[1]}`<br>{found[2]} | {escaped} |"
        lines.append(line)
    return "\n".join(lines) + "\n"


def _used(remark: str, formulas: str) -> bool:
    """Whether a remark is on a letter of the formulas, and not of the curvature only."""
    letter = re.match(r"\$([a-z])", remark)
    return bool(letter and re.search(rf"(?<![\\a-zA-Z]){letter[1]}(?![a-zA-Z])", formulas))


def main() -> None:
    """Write it."""
    SHEET.write_text(written(SHEET.read_text()))


if __name__ == "__main__":
    main()
