"""Assumptions as a reader writes them: the checker's plain text as words and LaTeX."""

from __future__ import annotations

import ast
import re

from lossutils.book.page import latex_letter

FUNCTIONS = {"log": r"\log", "exp": r"\exp", "sigma": r"\sigma", "max": r"\max", "min": r"\min", "tanh": r"\tanh"}
COMPARED = {ast.Lt: "<", ast.LtE: r"\le", ast.Gt: ">", ast.GtE: r"\ge", ast.NotEq: r"\ne", ast.Eq: "="}
TIGHT = {ast.Add: 1, ast.Sub: 1, ast.Mult: 2, ast.Div: 2, ast.Pow: 4}  # how strongly an operator binds
OF_SIZE = re.compile(
    r"(?P<names>\w+(?:, \w+)*) (?P<kind>.*?)(?P<shape>vector of length|matrix) (?P<size>\w+(?: x \w+)?)"
)
NUMBERS = {"real": r"\mathbb{R}", "positive real": r"\mathbb{R}_{>0}", "nonnegative real": r"\mathbb{R}_{\ge 0}"}
SIGNS = {"positive real": "> 0", "nonnegative real": r"\ge 0", "nonzero real": r"\ne 0", "real": r"\in \mathbb{R}"}


def assumption(said: str) -> str:
    """One assumption: text, with LaTeX between dollars."""
    said, note = (said.removesuffix(" (assumed)"), " (assumed)") if said.endswith(" (assumed)") else (said, "")
    return (_domain(said) or _relation(said) or said) + note


def formula(plain: str) -> str:
    """An expression or a relation of the checker's notation as LaTeX; ValueError if it is none."""
    try:
        return _latex(ast.parse(re.sub(r"\blambda\b", "lambda_", plain.replace("^", "**")), mode="eval").body)
    except (SyntaxError, KeyError, AttributeError):
        raise ValueError(f"not an expression: {plain!r}") from None


def _relation(said: str) -> str:
    if said == "0 log 0 = 0":  # a convention, and no expression
        return r"$0 \log 0 = 0$"
    start = "there is " if said.startswith("there is ") else ""
    try:
        return f"{start}${formula(said.removeprefix(start).replace(' = ', ' == '))}$"
    except ValueError:
        return ""


def _domain(said: str) -> str:
    if match := re.fullmatch(
        r"(?P<names>\w+(?:, \w+)*) in (?P<left>[\[({])(?P<items>.*)(?P<right>[\])}])(?P<rest>.*)", said
    ):
        items = ", ".join(_number(item) for item in match["items"].split(","))
        left, right = match["left"].replace("{", r"\{"), match["right"].replace("}", r"\}")
        length = re.fullmatch(r" vector of length (\w+)", match["rest"])
        power = f"^{{{length[1]}}}" if length else ""
        return rf"${_names(match['names'])} \in {left}{items}{right}{power}$"
    if match := re.fullmatch(r"(?P<names>\w+(?:, \w+)*) in (?P<low>\w+)\.\.(?P<high>\w+)", said):
        return rf"${_names(match['names'])} \in \{{{match['low']}, \dots, {match['high']}\}}$"
    if match := re.fullmatch(r"(?P<names>\w+(?:, \w+)*) in (?P<set>[A-Z])", said):
        return rf"${_names(match['names'])} \in {match['set']}$"
    if match := re.fullmatch(r"(?P<name>\w+) (?P<kind>(?:proper )?nonempty) subset of 1\.\.(?P<high>\w+)", said):
        sign = r"\subsetneq" if "proper" in match["kind"] else r"\subseteq"
        return rf"nonempty ${match['name']} {sign} \{{1, \dots, {match['high']}\}}$"
    if match := OF_SIZE.fullmatch(said):
        return _of_size(_names(match["names"]), match["kind"].strip(), match["size"])
    if match := re.fullmatch(
        r"(?P<names>\w+(?:, \w+)*) (?P<kind>(?:positive |nonnegative |nonzero )?real)( each)?", said
    ):
        return f"${_names(match['names'])} {SIGNS[match['kind']]}$"
    if match := re.fullmatch(r"(?P<names>\w+(?:, \w+)*) any size", said):
        return f"any ${_names(match['names'])}$"
    if match := re.fullmatch(r"(?P<names>\w+(?:, \w+)*) integer >= (?P<low>\d+)", said):
        return rf"integer ${_names(match['names'])} \ge {match['low']}$"
    if match := re.fullmatch(r"(?P<names>\w+(?:, \w+)*) nonnegative integer", said):
        return rf"integer ${_names(match['names'])} \ge 0$"
    return ""


def _of_size(names: str, kind: str, size: str) -> str:
    if kind.endswith("probability"):
        vectors = f"{kind} vectors" if "," in names else f"a {kind} vector"
        return f"${names}$ {vectors} of length ${size}$"
    if kind in NUMBERS:
        power = size.replace(" x ", r" \times ")
        return rf"${names} \in {NUMBERS[kind]}^{{{power}}}$"
    return f"${names}$ {kind} of length ${size}$".replace(" >= ", " ≥ ")


def _names(names: str) -> str:
    return ", ".join(latex_letter(name.strip()) for name in names.split(","))


def _number(item: str) -> str:
    item = item.strip()
    if item in ("inf", "-inf"):
        return item.replace("inf", r"\infty")
    return formula(item)


def _latex(node: ast.expr, outside: int = 0) -> str:
    """LaTeX, in brackets where what stands outside binds more strongly."""
    match node:
        case ast.Constant(value=value):
            return str(value)
        case ast.Name(id=name):
            return latex_letter(name.rstrip("_"))
        case ast.Compare(left=left, ops=ops, comparators=others):
            pairs = zip(ops, others, strict=True)
            return _latex(left) + "".join(f" {COMPARED[type(op)]} {_latex(other)}" for op, other in pairs)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _bracketed("-" + _latex(operand, 2), outside > 1)
        case ast.Call(func=ast.Name(id="abs"), args=[inner]):
            return rf"\left|{_latex(inner)}\right|"
        case ast.Call(func=ast.Name(id=name), args=inner):
            return rf"{FUNCTIONS[name]}({', '.join(map(_latex, inner))})"
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(left, op, right, outside)
    raise ValueError(ast.dump(node))


def _operation(left: ast.expr, op: ast.operator, right: ast.expr, outside: int) -> str:
    strength = TIGHT[type(op)]
    match op, right:
        case ast.Div(), _:
            return rf"\tfrac{{{_latex(left)}}}{{{_latex(right)}}}"
        case ast.Mult(), ast.BinOp(left=below, op=ast.Pow(), right=ast.UnaryOp(operand=ast.Constant(value=1))):
            return rf"\tfrac{{{_latex(left)}}}{{{_latex(below)}}}"
        case ast.Pow(), ast.UnaryOp(operand=ast.Constant(value=1)):
            return rf"\tfrac{{1}}{{{_latex(left)}}}"
        case ast.Pow(), _:
            return f"{_latex(left, 4)}^{{{_latex(right)}}}"
        case ast.Mult(), _:
            between = r" \cdot " if isinstance(right, ast.Constant) else " "
            return _bracketed(_latex(left, 2) + between + _latex(right, 2), outside > 2)
        case _:
            sign = "+" if isinstance(op, ast.Add) else "-"
            beyond = strength + isinstance(op, ast.Sub)
            return _bracketed(f"{_latex(left, strength)} {sign} {_latex(right, beyond)}", outside > 1)


def _bracketed(latex: str, needed: bool) -> str:
    return f"({latex})" if needed else latex
