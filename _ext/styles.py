"""Style sheets cut down to the rules that some page of the site can use: the themes' own are for every site there is.

A browser reads all of them before it paints. The book's own sheet stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

OWN = ("book.css", "mathematics.css", "pygments.css")  # folded code is in no page yet
TOKEN = re.compile(r"""/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|url\((?!["'])[^)]*\)|[{};]""", re.DOTALL)
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
NAME = re.compile(r"[.#]((?:[\w-]|\\.)+)")


def words(texts: Iterable[str]) -> set[str]:
    """Everything in pages and scripts that could be the name of a class or of an element."""
    return {word for text in texts for word in re.findall(r"[A-Za-z_][\w-]*", text)}


def rules(css: str) -> Iterator[tuple[str, str | None]]:
    """The outermost rules: what stands before the braces, and in them; nothing in them for a bare statement."""
    start = inside = depth = 0
    head = ""
    for token in TOKEN.finditer(css):
        sign, at = token.group(), token.start()
        if sign == "{":
            if depth == 0:
                head, inside = css[start:at], at + 1
            depth += 1
        elif sign == "}":
            depth -= 1
            if depth == 0:
                yield head, css[inside:at]
                start = at + 1
        elif sign == ";" and depth == 0:
            yield css[start : at + 1], None
            start = at + 1


def selectors(head: str) -> list[str]:
    """What commas separate, but for those in brackets."""
    parts, depth = [""], 0
    for sign in head:
        depth += (sign in "([") - (sign in ")]")
        if sign == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += sign
    return parts


def can_match(selector: str, used: set[str]) -> bool:
    """Whether every class and element that it names is in use somewhere."""
    plain = re.sub(r":(?:not|is|where)\([^()]*\)", "", selector)
    return all(name.replace("\\", "") in used for name in NAME.findall(plain))


def pruned(css: str, used: set[str]) -> str:
    """The style sheet without the rules that match nothing."""
    kept = []
    for head, body in rules(css):
        head = COMMENT.sub("", head).strip()
        if body is None:
            kept.append(head)
        elif head.startswith(("@media", "@supports")):
            within = pruned(body, used)
            kept += [f"{head}{{{within}}}"] if within else []
        elif head.startswith("@"):
            kept.append(f"{head}{{{body}}}")
        elif matching := [s for s in selectors(head) if can_match(s, used)]:
            kept.append(f"{','.join(matching)}{{{COMMENT.sub('', body).strip()}}}")
    return "\n".join(kept)


def prune(static: Path, pages: Iterable[str]) -> None:
    """Every style sheet that was not written for this book; the scripts' texts count as uses."""
    scripts = [
        p.read_text(encoding="utf-8")
        for folder in (".", "scripts", "book", "move")
        for p in static.glob(f"{folder}/*.js")
    ]
    used = words([*pages, *scripts])
    for path in static.glob("**/*.css"):
        if path.name not in OWN:
            path.write_text(pruned(path.read_text(encoding="utf-8"), used), encoding="utf-8")
