"""The parser alone: one reading or none, errors that show the place, and no input that hurts."""

from string import ascii_letters

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lossutils.verify import check, define
from lossutils.verify.expr import Expr
from lossutils.verify.meaning.problem import pose
from lossutils.verify.reading.latex import LatexError, tokens
from lossutils.verify.reading.parser import parse
from lossutils.verify.reading.reader import Names
from tests.verify.statements import FALSE, TRUE

QUICK = settings(derandomize=True, max_examples=300, deadline=None, database=None)


def read(latex, *declared, sets=(), functions=None):
    names = Names(declared=set(declared), sets=set(sets), functions=functions or {})
    statement = parse(latex, names)
    shown = [str(s) for s in statement.sides]
    return " ? ".join(shown) if not statement.relations else _joined(shown, statement.relations)


def _joined(sides, relations):
    return sides[0] + "".join(f" {r} {s}" for r, s in zip(relations, sides[1:], strict=True))


# Spellings

SAME = [
    (r"\frac{a}{b}", r"\dfrac{a}{b}", r"\tfrac ab", r"\frac ab", r"a/b"),
    (r"\frac12x", r"\frac{1}{2}x", r"\frac{1}{2}\,x", r"\frac1{2} \cdot x"),
    (r"e^{-x}", r"\exp(-x)", r"\exp\left(-x\right)", r"\exp\{-x\}", r"e^{-{x}}"),
    (r"\log x", r"\ln x", r"\log(x)", r"\log{x}", r"\ln\bigl(x\bigr)", r"\log\left[x\right]"),
    (r"|x|", r"\left|x\right|", r"\lvert x\rvert", r"\bigl|x\bigr|", r"\left\lvert x\right\rvert", r"\vert x\vert"),
    (r"(1-u)_+", r"\left(1-u\right)_+", r"[1-u]_+"),
    (r"a \le b", r"a \leq b", r"a\leqslant b", r"a & \leq b"),
    (r"a \ne b", r"a \neq b"),
    (r"a = b", r"a := b", r"a \equiv b", r"a &= b \\", r"\begin{aligned} a &= b \end{aligned}", r"a = {}& b"),
    (r"a = b = c", r"\begin{aligned} a &= b \\ &= c \end{aligned}", r"a = b \\ = c", r"a = b \quad = c"),
    (r"\operatorname{sign}(x)", r"\operatorname{sgn}(x)"),
    (r"\mathbb{1}[a<b]", r"[a<b]", r"\mathbf{1}\{a<b\}", r"\mathbb{1}_{a<b}"),
    (r"\sum_{j=1}^K x_j", r"\sum\limits_{j=1}^{K} x_j", r"\sum^K_{j=1} x_j", r"\sum_{1\le j\le K}x_j"),
    (r"\sum_{i\in P} x_i", r"\sum_{ i \in P }\, x_i"),
    (r"\arg\min_x x^2", r"\operatorname{argmin}_x x^2", r"\operatorname*{arg\,min}_x x^2", r"\argmin_x x^2"),
    (r"\frac{d}{dx} x^2", r"\frac{\mathrm{d}}{\mathrm{d}x} x^2", r"\frac{\partial}{\partial x}x^2", r"\frac{dx^2}{dx}",
     r"\frac d{dx} x^2", r"\frac\partial{\partial x} x^2"),
    (r"\frac{d^2}{dx^2} x^2", r"\frac{\partial^{2}}{\partial x\,\partial x} x^2", r"\frac{d^2 x^2}{dx^2}"),
    (r"\int_0^1 x\,dx", r"\int_{0}^{1} x dx", r"\int_0^1{x}\,dx"),
    (r"\mathbf{w}_i x", r"w_i x", r"\boldsymbol{w}_{i}x", r"w_i\cdot x", r"w_i \times x"),
    (r"\hat y_i", r"\hat{y}_i", r"\widehat{y}_{i}"),
    (r"\sqrt x", r"\sqrt{x}", r"\sqrt[2]{x}", r"x^{\frac12}", r"x^{1/2}"),
    (r"\begin{cases}1&x<0\\2&\text{otherwise}\end{cases}",
     r"\begin{cases} 1, & \text{if } x<0, \\[4pt] 2 & \text{else.} \end{cases}"),
    (r"\sigma(f)^2", r"\sigma^2(f)", r"\bigl(\sigma(f)\bigr)^2"),
    (r"x\,y\;z", r"x y z", r"x~y\!z", "x y % a comment\n z"),
]  # fmt: skip


def same(latex):
    statement = parse(latex, Names(declared={"x", "a", "b", "c", "w", "u"}, sets={"P"}))
    return tuple(_plain(s, {}) for s in statement.sides), statement.relations


def _plain(e, names):
    """With bound letters numbered in the order they come, products and quotients of numbers as numbers."""
    if not isinstance(e, Expr):
        return e
    if e.head == "sym" and "·" in e.args[0]:
        return ("bound", names.setdefault(e.args[0], len(names)))
    return (e.head, *(_plain(a, names) for a in e.args))


@pytest.mark.parametrize("spellings", SAME, ids=[s[0] for s in SAME])
def test_spellings_of_one_formula_read_the_same(spellings):
    first = same(spellings[0])
    for other in spellings[1:]:
        assert same(other) == first, other


# What binds how far

READINGS = [
    (r"-x^2", "-x^2"),
    (r"2^3x", "2^3*x"),
    (r"a+bc^2", "a + b*c^2"),
    (r"a-b-c", "a - b - c"),
    (r"a/b/c", "(a*b^(-1))*c^(-1)"),
    (r"ab!", "a*Gamma(b + 1)"),
    (r"\log x^2", "log(x^2)"),
    (r"\log(x)^2", "log(x)^2"),
    (r"\log x\cdot y", "log(x)*y"),
    (r"\log(a+b)(c)", "log(a + b)*c"),
    (r"\log x\log y", "log(x)*log(y)"),
    (r"\log_2 8", "log(8)*log(2)^(-1)"),
    (r"\sigma(f)(1-\sigma(f))", "sigma(f)*(1 - sigma(f))"),
    (r"y\log p+(1-y)\log(1-p)", "y*log(p) + (1 - y)*log(1 - p)"),
    (r"\sum_{i=1}^n x_iy + z", "sum(i, range(1, n), x[i]*y) + z"),
    (r"\log\sum_{j=1}^K e^{s_j}-s_t", "log(sum(j, range(1, K), exp(s[j]))) - s[t]"),
    (r"\max_j s_j-t", "maxover(j, auto(), s[j]) - t"),
    (r"\max(a,b)c", "max(a, b)*c"),
    (r"\frac{d}{dx}x^2y+x", "deriv(x^2*y, x) + x"),
    (r"\min_x x^2+1", "least(x, x^2) + 1"),
    (r"\inf_{x\in[0,1]} x", "inf(x, x, interval(0, 1, []))"),
    (r"\int_0^1\int_0^2 x\,dx\,dy", "integral(integral(x, x, 0, 2), y, 0, 1)"),
    (r"|x||y|", "abs(x)*abs(y)"),
    (r"\left|x\left|y\right|-1\right|", "abs(x*abs(y) - 1)"),
    (r"x_{ij}+x_{i+1}+x_{2k}", "x[i, j] + x[i + 1] + x[2*k]"),
    (r"\left.\frac{d}{dx}x^2\right|_{x=1}", "at(deriv(x^2, x), x, 1)"),
    (r"a \approx 0.0310", "a ~ 31/1000"),
    (r"a \le b < c", "a <= b < c"),
]


@pytest.mark.parametrize(("latex", "reading"), READINGS, ids=[s for s, _ in READINGS])
def test_precedence(latex, reading):
    assert read(latex) == reading


@pytest.mark.parametrize(
    ("latex", "power"), [("0.031", -3), ("0.0310", -4), ("3", 0), (r"3.10\cdot10^{-3}", -5), (r"-2.5\times10^4", 3)]
)
def test_the_digits_of_an_approximation_are_counted_as_written(latex, power):
    assert parse(rf"a \approx {latex}").sides[1].args[1] == power


# Refusals

REFUSED = [
    (r"\frac{a}{", 9, "the end"),
    (r"a + ", 4, "the end"),
    (r"a = b)", 5, "did not expect ')'"),
    (r"\left(a\right]", 13, "expected ')'"),
    (r"\foo x", 0, r"\foo is not known"),
    (r"x ≤ y", 2, "unknown character"),
    (r"a/bc", 1, "two ways"),
    (r"1/2x", 1, "two ways"),
    (r"\log 2x", 0, "where does the argument of log end"),
    (r"\exp -x", 5, "argument with a sign"),
    (r"x^12", 2, "first digit only"),
    (r"f(x) = x", 0, "reads as a function"),
    (r"E[x]", 0, "a product or a function"),
    (r"\mathcal{L}(x)", 9, "reads as a function"),
    (r"x'", 1, "a prime"),
    (r"\sin^{-1}x", 0, "inverse function"),
    (r"\sum_i x_i - x_i", 11, "reach past this sign"),
    (r"\arg\min_x x^2-2x", 14, "reach past this sign"),
    (r"\sum_{i\ne j}x_ix_j", 0, "does j run as well"),
    (r"x = 1 \quad y = 2", 6, "two formulas"),
    (r"a &= b \\ c &= d", 7, "two formulas"),
    (r"x^{(2)}", 2, "a power or a label"),
    (r"2^3^2", 3, "double superscript"),
    (r"1e-3", 1, "Euler"),
    (r"\int x\,dx", 5, "only integrals with limits"),
    (r"\int_0^1 x", 9, "no differential"),
    (r"\min_{x\in\mathbb{Z}} x", 19, "only the real numbers"),
    (r"a \approx b", 10, "decimal number"),
    (r"a \to b", 2, "not one that can be checked"),
    (r"\begin{cases}1&x<0", 18, "cases"),
    (r"2 3", 2, "two numbers side by side"),
    (r"\frac{d^2}{dx}x", 14, "order 2"),
    (r"x_{e}", 4, "Euler"),
    (r"(a,b)", 2, "a pair"),
    ("", 0, "the end"),
    ("{" * 61 + "x" + "}" * 61, 60, "nest deeper"),
]


@pytest.mark.parametrize(("latex", "position", "message"), REFUSED, ids=[s[:40] for s, _, _ in REFUSED])
def test_a_refusal_shows_the_place(latex, position, message):
    with pytest.raises(LatexError) as caught:
        parse(latex)
    error = caught.value
    assert message in str(error)
    assert error.position == position
    excerpt, caret = str(error).splitlines()[-2:]
    shown = latex[max(0, position - 30) : position + 30]
    assert shown in excerpt and caret.index("^") - 2 == min(position, 30)


def test_what_is_declared_may_stand_before_a_parenthesis():
    assert read(r"a(b+c)", "a") == "a*(b + c)"
    assert read(r"f(b)", functions={"f": 0}).startswith("call(f")
    assert read(r"|P|", "P", sets=("P",)) == "card(P)"
    assert read(r"|P|") == "abs(P)"


def test_e_is_eulers_number_unless_declared():
    assert read(r"e^2") == "exp(2)"
    assert read(r"e^2", "e") == "e^2"
    with pytest.raises(LatexError, match="declared as a variable"):
        parse(r"e^{x}", Names(declared={"e"}))


# Any text at all

ALPHABET = [*r"{}()[]|^_+-*/=<>,.&'! xyzaeijKnP0129", "\\\\", r"\frac", r"\sum_{i=1}^n", r"\log", r"\left", r"\right",
            r"\begin{cases}", r"\end{cases}", r"\int_0^1", "dx", r"\lim_{x\to0}", r"\max_j", r"\arg\min_x", r"\sigma",
            r"\text{if}", r"\quad", r"\in", r"\le", r"\approx", r"\sqrt", r"\hat", r"\mathbb{1}", r"\|", r"\{", r"\}",
            r"\frac{d}{dx}", r"\infty", r"\operatorname{clip}", "\0", "é", "\n", "%", "$", "#"]  # fmt: skip


def survives(latex):
    try:
        parse(latex)
    except LatexError as error:
        assert 0 <= error.position <= len(latex) + 1


@QUICK
@given(st.lists(st.sampled_from(ALPHABET), max_size=30).map("".join))
def test_any_string_of_tokens_is_read_or_refused(latex):
    survives(latex)


@QUICK
@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(latex):
    survives(latex)


@QUICK
@given(st.sampled_from([s for s, _ in TRUE + FALSE]), st.data())
def test_a_formula_with_a_piece_lost_or_moved_is_read_or_refused(latex, data):
    start = data.draw(st.integers(0, len(latex)))
    end = data.draw(st.integers(start, min(len(latex), start + 12)))
    at = data.draw(st.integers(0, len(latex)))
    survives(latex[:start] + latex[end:])
    survives(latex[:at] + latex[start:end] + latex[at:])


HOSTILE = [
    "(" * 100_000,
    "{" * 50 + "x",
    "|" * 3000 + "x",
    "x" + "^{x" * 59,
    r"\frac" * 700,
    r"\sqrt" * 790 + "x",
    "9" * 1_000_000,
    "0." + "1" * 3000,
    "x=" * 1500 + "x",
    "+".join("x" * 1900),
    r"\sum_i" * 600 + "x_i",
    r"\log" * 900 + " x",
    r"\def\x{\x\x}\x",
    r"\input{/etc/passwd}",
    r"\catcode`\%=12",
    "__import__('os').system('true')",
    "lambda: x",
    "\\" * 3000,
    "&" * 3000,
    "x_" * 1500,
    "x'" * 1500,
    r"\begin{cases}" * 200,
    r"\left." * 500,
]


@pytest.mark.parametrize("latex", HOSTILE, ids=[s[:24] for s in HOSTILE])
def test_hostile_text_is_read_or_refused(latex):
    survives(latex)


@pytest.mark.parametrize(
    "latex",
    [r"9^{9^{9}} = 1", r"9^{9^{9^9}} = 1", r"2^{-10^{30}} \ge 0", r"(x^{999})^{999} = x", r"(10^{10})! = 1",
     r"\sum_{i=1}^{10^9} i = 1", r"\prod_{i=1}^{400} x_i^{400} = 1", r"e^{e^{e^{e^9}}} = 1", r"x_{10^{10}} = 1"],
)  # fmt: skip
def test_huge_numbers_end_within_limits(latex):
    found = check(latex, controls=False, x="positive")
    assert found.status in ("unknown", "refuted", "derived", "computed", "consistent")
    assert "the checker failed" not in found.reason and "not decided within" not in found.reason
    assert len(str(found)) < 2000


def test_nothing_is_executed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for latex in (r"\write18{touch x}", "open('x','w')", r"\immediate\openout1=x", "exec('import os')"):
        assert check(latex, x="real").status == "unknown"
    assert list(tmp_path.iterdir()) == []


# Assumptions

BAD = [
    ({"f": "foo"}, "f", "'foo' is not understood"),
    ({"f": "compelx number"}, "compelx", "not understood"),
    ({"f": set()}, "f", "empty set"),
    ({"f": [1, "a"]}, "f", "'a'"),
    ({"f": float("nan")}, "f", "nan"),
    ({"f": float("inf")}, "f", "inf"),
    ({"f": None}, "f", "None"),
    ({"f": True}, "f", "True"),
    ({"f": "[0, 1"}, "f", "[0, 1"),
    ({"f": "[f, 1]"}, "f", "in a circle"),
    ({"f": "2f"}, "definitions", "in a circle"),
    ({"f": "in P"}, "P", "not declared as a set"),
    ({"f": "(0, 0)"}, "point", "no point"),
    ({"f": "integer in [0.2, 0.7]"}, "point", "no point"),
    ({"f^2": "real"}, "f^2", "not a letter"),
]


@pytest.mark.parametrize(("said", "name", "message"), BAD, ids=[str(s) for s, _, _ in BAD])
def test_an_assumption_that_is_not_understood_is_named(said, name, message):
    found = check(r"f = f+1", **said)
    assert found.status == "unknown"
    assert name in found.reason and message in found.reason, found.reason
    assert "the checker failed" not in found.reason


def test_relations_and_conventions_that_are_not_understood_are_named():
    assert "expected a condition" in check("x=x+1", where="x").reason
    assert "not understood" in check("x=x+1", where=r"x \approx 1").reason
    assert "unknown convention" in check("x=x+1", conventions=["0^0 = 1"]).reason


def test_interval_ends_are_read_in_any_spelling():
    for spec in ("[0, inf)", r"[0, \infty)", "[0, infty)", ">= 0", "nonnegative"):
        assert pose("f = f", {"f": spec}).describe() == ["f nonnegative real"], spec


@pytest.mark.parametrize("latex", ["f", "f=", "f(x)", "f(x)<1", "f(1)=1", "f(x)=x=1", r"\log(x)=x", "=1"])
def test_a_definition_that_is_none_is_refused(latex):
    with pytest.raises(LatexError):
        define(latex, {"x": "real"})


def test_tokens_know_where_they_stand():
    source = r"\frac{a}{b} + \sigma(f)"
    for token in tokens(source)[:-1]:
        assert source[token.position] in "\\" + ascii_letters + "{}()+"
