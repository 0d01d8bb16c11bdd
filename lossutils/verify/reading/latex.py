"""LaTeX to tokens. What is only typography is dropped; what is not known is an error that shows the place."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST = 4000  # characters in a formula
DEEPEST = 60  # nested groups

GREEK = (
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho sigma tau "
    "upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega ell"
).split()
SPACING = (
    "left right big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr bigm Bigm middle , ; : ! "
    "displaystyle textstyle limits nolimits nonumber notag hfill thinspace enspace >"
).split()
RELATIONS = {
    "=": "=", "<": "<", ">": ">", "le": "<=", "leq": "<=", "leqslant": "<=", "ge": ">=", "geq": ">=", "geqslant": ">=",
    "ne": "!=", "neq": "!=", "lt": "<", "gt": ">", "approx": "~", "in": "in", "notin": "notin", "ni": "ni",
    "equiv": "=", "coloneqq": "=", "to": "to", "rightarrow": "to", "subset": "subset", "subseteq": "subset", ":=": "=",
}  # fmt: skip
STYLES = ("mathbf", "boldsymbol", "mathcal", "mathrm", "mathit", "mathsf", "bm", "vec")
ACCENTS = {"hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde", "widetilde": "tilde"}
ENVIRONMENTS = ("aligned", "align", "align*", "split", "gathered", "cases", "dcases", "equation", "equation*")

OPENING, CLOSING = ("left", "bigl", "Bigl", "biggl", "Biggl"), ("right", "bigr", "Bigr", "biggr", "Biggr")
# what may follow, and what may come before, the end of a line or a wide space within one formula
GOES_ON = (
    "relation",
    "+",
    "-",
    "*",
    "/",
    ")",
    "]",
    "}",
    "\\}",
    "|",
    "|>",
    "text",
    "end",
    ".",
    ",",
    ";",
    "&",
    "newline",
    "right.",
)
BEFORE = (
    "relation",
    "+",
    "-",
    "*",
    "/",
    "(",
    "[",
    "{",
    "\\{",
    "|<",
    "text",
    "begin",
    "&",
    "newline",
    ",",
    ";",
    "left.",
)

_TOKEN = re.compile(
    r"\s+|%[^\n]*|(?P<number>[0-9]+(?:\.[0-9]+)?|\.[0-9]+)|\\(?P<command>[A-Za-z]+\*?|.)|(?P<relation>:=)|(?P<char>[A-Za-z(){}\[\]|^_+\-*/!<>=,.;:&~'])",
    re.DOTALL,
)

_OPTION = re.compile(r"(\\begin\s*\{\w+\*?\}|(?<!\\)\\\\)\s*\[(?![0-9.]+[a-z]{2}\])")  # save a length, as in \\[4pt]


class LatexError(ValueError):
    """A formula that cannot be read, with the place where reading stopped."""

    def __init__(self, message: str, source: str, position: int) -> None:
        self.message, self.source, self.position = message, source, position
        start = max(0, position - 30)
        excerpt = source[start : position + 30].replace("\n", " ")
        super().__init__(f"{message}, at character {position}\n  {excerpt}\n  {' ' * (position - start)}^")


@dataclass(frozen=True)
class Token:
    """A kind (number, letter, command, text, or the character itself), its value, and where it stands."""

    kind: str
    value: str
    position: int


def tokens(source: str) -> list[Token]:
    """The tokens of a formula, spacing and delimiter sizes left out, ended by a token of kind "end"."""
    if len(source) > LONGEST:
        raise LatexError(f"the formula is longer than {LONGEST} characters", source, LONGEST)
    if option := _OPTION.search(source):
        raise LatexError("a typesetter takes this [ for an option and leaves it out: write {}[", source, option.end())
    found: list[Token] = []
    position = depth = cases = 0
    breaks: int | None = None  # where a line ended or a wide space stood, after the last token
    while position < len(source):
        match = _TOKEN.match(source, position)
        if match is None:
            raise LatexError(f"unknown character {source[position]!r}", source, position)
        token, end = _token(source, match, position)
        if token is not None and token.kind == "quad":
            breaks, token = breaks or position, None
        if token is not None:
            if token.value in ("cases", "dcases"):
                cases += {"begin": 1, "end": -1}.get(token.kind, 0)
            if token.kind in ("&", "newline") and not cases:
                breaks, token = (breaks or position) if token.kind == "newline" else breaks, None  # alignment
        if token is not None:
            if breaks is not None and not (token.kind in GOES_ON or (found and found[-1].kind in BEFORE)):
                raise LatexError("two formulas: state them one at a time", source, breaks)
            breaks = None
            if token.kind == "}" and [t.kind for t in found[-2:]] in (["{"], ["relation", "{"], ["begin", "{"]):
                found.pop()  # {} to the right of a sign is typography
                depth, position = depth - 1, end
                continue
            found.append(token)
            depth += (token.kind in "{([") - (token.kind in "})]")
            if depth > DEEPEST:
                raise LatexError(f"groups nest deeper than {DEEPEST}", source, position)
        position = end
    return [*found, Token("end", "", len(source))]


def _token(source: str, match: re.Match[str], at: int) -> tuple[Token | None, int]:
    end = match.end()
    if number := match.group("number"):
        if re.compile(r"e[+-]?[0-9]").match(source, end):
            raise LatexError("write 10^{...}: an e after a number is Euler's", source, end)
        return Token("number", number, at), end
    if match.group("relation"):
        return Token("relation", "=", at), end
    if char := match.group("char"):
        if char == "~":
            return None, end
        kind = "letter" if char.isalpha() else "relation" if char in RELATIONS else char
        return Token(kind, RELATIONS.get(char, char), at), end
    command = match.group("command")
    if command is None:  # white space or a comment
        return None, end
    return _command(source, command, at, end)


def _command(source: str, command: str, at: int, end: int) -> tuple[Token | None, int]:
    if command in ("left", "right") and source[end : end + 1] == ".":
        return Token(command + ".", command, at), end + 1
    if command in (*OPENING, *CLOSING) and (bar := re.compile(r"\s*(\||\\[lr]?vert(?![A-Za-z]))").match(source, end)):
        return Token("|<" if command in OPENING else "|>", "|", at), bar.end()
    if command in ("lvert", "rvert"):
        return Token("|<" if command == "lvert" else "|>", "|", at), end
    if command in ("forall", "exists"):
        return Token("quantifier", command, at), end
    if command in ("quad", "qquad"):
        return Token("quad", command, at), end
    if command in SPACING or command.isspace():
        return None, end
    if command in RELATIONS:
        return Token("relation", RELATIONS[command], at), end
    if command in GREEK:
        return Token("letter", command, at), end
    if command in ("text", "textrm", "textnormal", "operatorname", "operatorname*", "begin", "end", "mbox"):
        inside = re.compile(r"\s*\{((?:[^{}\\]|\\[,;: !])*)\}").match(source, end)
        if inside is None:
            raise LatexError(f"expected {{...}} after \\{command}", source, end)
        kind = {"operatorname*": "operatorname", "textrm": "text", "textnormal": "text", "mbox": "text"}
        return Token(kind.get(command, command), re.sub(r"\\.", " ", inside.group(1)).strip(), at), inside.end()
    spelled = {"{": "\\{", "}": "\\}", "|": "\\|", "\\": "newline", "cr": "newline", "lbrace": "\\{", "rbrace": "\\}"}
    spelled |= {"vert": "|", "lVert": "\\|", "rVert": "\\|", "Vert": "\\|"}
    spelled |= {
        "lbrack": "[",
        "rbrack": "]",
        "cdot": "*",
        "times": "*",
        "dots": "dots",
        "ldots": "dots",
        "cdots": "dots",
    }
    if command in spelled:
        if spelled[command] == "newline":  # its extra space, as in \\\\[4pt]
            space = re.compile(r"\s*\[[\d.]+[a-z]{2}\]").match(source, end)
            end = space.end() if space else end
        return Token(spelled[command], command, at), end
    return Token("command", command, at), end
