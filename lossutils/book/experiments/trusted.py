"""How large the checker is, file by file, and which verdicts trust which file."""

import ast
from collections.abc import Iterator
from pathlib import Path

from ... import verify

ROOT = Path(verify.__file__).parent
EVERY = "every verdict"
PROOFS = "derived"
VALUES = "refuted, consistent, computed, enclosed"
NOTHING = "nothing: it saves attempts, or counts them"
TRUSTED_BY = {  # the longest beginning of a file's path counts
    "": EVERY,
    "reading": EVERY,
    "meaning": EVERY,
    "points": VALUES,
    "points/draw.py": "consistent",
    "points/space.py": "consistent",
    "points/landmarks.py": "consistent",
    "points/floats.py": "consistent",
    "points/roots.py": "consistent",
    "points/places.py": "consistent",
    "points/hunt.py": "consistent",
    "points/minima.py": "verdicts on least values",
    "proof": PROOFS,
    "proof/guard.py": NOTHING,
    "proof/enclose.py": "enclosed, computed",
    "controls.py": "the count of controls",
    "variants.py": "the count of controls",
    "coq": "proved",
    "timing.py": NOTHING,
    "ledger.py": "the tests",
    "__main__.py": "the command",
}


def sizes() -> list[tuple[str, int, str]]:
    """Each file of the checker: its lines of code, and what trusts it."""
    files = sorted(p for p in ROOT.rglob("*.py") if code_lines(p))
    return [(p.relative_to(ROOT).as_posix(), code_lines(p), trusted_by(p)) for p in files]


def trusted_by(path: Path) -> str:
    """Which verdicts are wrong if a file is."""
    name = path.relative_to(ROOT).as_posix()
    return TRUSTED_BY[max((k for k in TRUSTED_BY if name.startswith(k)), key=len)]


def code_lines(path: Path) -> int:
    """The lines on which some code stands: no comments, no documentation, no empty lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    told = {line for node in _documentation(tree) for line in range(node.lineno, (node.end_lineno or 0) + 1)}
    code = {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.stmt | ast.expr | ast.arg | ast.alias)
        for line in ((node.lineno, node.end_lineno or node.lineno))
    }
    return len(code - told)


def _documentation(tree: ast.Module) -> Iterator[ast.stmt]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body:
            first = node.body[0]
            if (
                isinstance(first, ast.Expr)
                and isinstance(first.value, ast.Constant)
                and isinstance(first.value.value, str)
            ):
                yield first


def table_rows() -> list[list[str]]:
    """Files in one folder that the same verdicts trust, in one row: folder, files with their lines, sum, who trusts."""
    groups: dict[tuple[str, str], list[tuple[str, int]]] = {}
    for name, lines, trusted in sizes():
        folder, _, own = name.rpartition("/")
        groups.setdefault((folder or "verify", trusted), []).append((own.removesuffix(".py"), lines))
    rows = []
    for (folder, trusted), files in groups.items():
        said = ", ".join(f"{own} {lines}" for own, lines in files if own != "__init__")
        rows.append([folder, said, str(sum(lines for _, lines in files)), trusted])
    return rows
