"""Each rule of proof by itself: what it proves, and that it does not where one of its side conditions fails.

The rules are asked alone here: no point is looked at, neither by the judge nor by the guard that spares attempts.
"""

import os

import pytest

from lossutils.verify import define
from lossutils.verify.expr import Expr
from lossutils.verify.judge import Judge, turned
from lossutils.verify.meaning.problem import pose
from lossutils.verify.numbers import use_precision
from lossutils.verify.proof.guard import Guard

X, XY, XN = {"x": "real"}, {"x": "real", "y": "real"}, {"x": "real^n"}
POSITIVE, PAIR = {"x": "positive"}, {"x": "positive", "y": "positive"}
SQUARES = define(r"g(f) = \frac{d}{df}\log(1+e^{-yf})", {"y": "real", "f": "real"})
PROBABILITIES = {"p": "probability vector of length K", "q": "probability vector of length K"}
INSIDE = {"p": "positive probability vector of length K", "q": "positive probability vector of length K"}

# A minute of the rules' own attempts, which end in nothing: with LOSSUTILS_ALL=1.
SLOW = [(r"\sum_{i=1}^n\sum_{j=1}^nc_ic_je^{-(x_i-x_j)^4} \ge 0", {"c": "real^n", "x": "real^n"})]
KERNELS = SLOW if os.environ.get("LOSSUTILS_ALL") else []

# rule: what it proves, and, by the side condition that fails, what it must not
RULES = {
    "normal form: a quotient's denominator is not zero": (
        [(r"\frac{x^2}{x} = x", {"x": "nonzero"}), (r"\frac{1}{a-b} = -\frac{1}{b-a}", {"a": "real", "b": "real", "where": r"a \ne b"})],
        {
            "it may be zero": [(r"\frac{x^2}{x} = x", X), (r"\frac{x^2-2}{x^2-2} = 1", X), (r"\frac{e^x-3}{e^x-3} = 1", X)],
            "its sign": [(r"\frac{1}{(a-b)^3} = \frac{1}{(b-a)^3}", {"a": "real", "b": "real", "where": r"a \ne b"})],
        },
    ),
    "normal form: logarithms of positive numbers": (
        [(r"\log(xy) = \log x+\log y", PAIR), (r"\log x^2 = 2\log|x|", {"x": "nonzero"})],
        {
            "an argument is negative": [(r"\log(xy) = \log x+\log y", {"x": "nonzero", "y": "nonzero"}), (r"\log x^2 = 2\log x", {"x": "nonzero"})],
            "an argument is zero": [(r"\log x^2 = 2\log|x|", X)],
        },
    ),
    "normal form: powers": (
        [(r"(x^2)^{1/2} = |x|", X), (r"x^ax^b = x^{a+b}", {"x": "positive", "a": "real", "b": "real"})],
        {
            "the base is negative": [(r"(x^2)^{1/2} = x", X), (r"x^a = e^{a\log x}", {"x": "real", "a": "real"}), (r"(1-x)^a = e^{a\log(x-1)}", {"x": "> 1", "a": "real"})],
            "zero to a power that may be zero": [(r"x^a\cdot x^{-a} = 1", {"x": "nonnegative", "a": "real"})],
        },
    ),
    "sums: splitting, exchanging, a range's length": (
        [
            (r"\sum_{i=1}^n 1 = n", {}),
            (r"\sum_{i=1}^n\sum_{j=1}^m a_ib_j = \sum_{i=1}^na_i\sum_{j=1}^mb_j", {"a": "real^n", "b": "real^m"}),
            (r"\sum_{j\ne t}x_j = \sum_{j=1}^nx_j-x_t", XN | {"t": "index 1..n"}),
        ],
        {
            "the range may be empty": [(r"\sum_{i=1}^{n-2}1 = n-2", {"n": "integer >= 1"}), (r"\sum_{i=2}^{n}1 = n-1", {"n": "integer >= 0"})],
            "one index excluded twice": [(r"\sum_{j=1}^n[j\ne t][j\ne u]x_j = \sum_{j=1}^nx_j-x_t-x_u", XN | {"t": "index 1..n", "u": "index 1..n"})],
            "the inner range depends on the outer index": [(r"\sum_{i=1}^n\sum_{j=i}^nx_i = \sum_{i=1}^n\sum_{j=i}^nx_j", XN)],
            "two bound letters are not one": [(r"\sum_{i=1}^n\sum_{j=1}^nx_ix_j = \sum_{i=1}^nx_i^2", XN)],
        },
    ),
    "extrema: attained at an index": (
        [(r"\max_jx_j \ge \frac1n\sum_{j=1}^nx_j", XN), (r"\max_jx_j \ge x_t", XN | {"t": "index 1..n"})],
        {
            "over something": [(r"\max_{j\ne t}x_j \le \max_jx_j", XN | {"t": "index 1..n"})],
            "over the same indices": [(r"\max_{j\ne t}x_j \ge \frac1n\sum_{j=1}^nx_j", XN | {"t": "index 1..n", "n": "integer >= 2"}), (r"\max_{j\ne t}x_j \ge x_t", XN | {"t": "index 1..n", "n": "integer >= 2"})],
            "the order of greatest and least": [(r"\max_i\min_ja_{ij} \ge \min_j\max_ia_{ij}", {"a": "real[n, n]"})],
        },
    ),
    "term by term": (
        [
            (r"\sum_{i=1}^n(x_i-y_i)^2 \ge 0", {"x": "real^n", "y": "real^n"}),
            (r"\sum_{j=1}^Kp_j\log\frac{p_j}{q_j} \ge 0", INSIDE),
            (r"\sum_{j=1}^n e^{x_j} \ge n+\sum_{j=1}^nx_j", XN),
        ],
        {
            "every term": [(r"\sum_{i=1}^n\sum_{j=1}^nx_ix_jy_i \ge 0", {"x": "real^n", "y": "positive^n"})],
            "one range": [(r"\sum_{i=1}^nx_i^2 \ge \sum_{i=1}^{m}x_i^2", {"x": "real^n", "m": "index 1..n"}), (r"\sum_{i=1}^{n}1 \ge \sum_{i=1}^{m}1", {})],
            "the multiplier sums to zero": [(r"\sum_{j=1}^Kp_j\log\frac{p_j}{q_j} \ge 0", {"p": "positive^K", "q": "positive^K"})],
            "a share of what stands beside needs a term": [(r"\sum_{j\ne t}x_j^2+1 > 1", XN | {"t": "index 1..n"}), (r"1+\sum_{j=1}^{n-1}(x_j^2-1) \ge 2-n+\frac{1}{n-1}-\frac{1}{n-1}", XN)],
            "strict only where a term is": [(r"\sum_{i=1}^nx_i^2 > 0", XN), (r"\sum_{i\in P}p_i > 0", {"P": "subset of 1..K", "p": "probability vector of length K"})],
        },
    ),
    "lemmas to Z3": (
        [(r"e^x \ge 1+x", X), (r"\log x \le x-1", POSITIVE), (r"\log y-\log x \le \frac{y-x}{x}", PAIR)],
        {
            "the tangent touches": [(r"e^x > 1+x", X), (r"\log x < x-1", POSITIVE)],
            "the argument is positive": [(r"\log|x| \ge 1-\frac1x", {"x": "nonzero"})],
            "the direction": [(r"e^x \le 1+x+x^2", X), (r"\log x \ge x-1", POSITIVE)],
        },
    ),
    "mean value theorem": (
        [(r"\log x \le \frac{x^2-1}{2}", POSITIVE), (r"e^x \ge ex", X)],
        {
            "no jump": [(r"x-2[x>1] \ge 0", {"x": "nonnegative"}), (r"\operatorname{floor}(x) \ge x", {"x": "nonnegative"})],
            "a value everywhere on the way": [(r"-\frac1x \ge -1", {"x": "nonzero", "where": r"x \ge -1"}), (r"\frac{1}{2-x} > 0", {"x": "nonnegative", "where": r"x \ne 2"})],
            "the place lies in the domain": [(r"x(x-1) \ge 0", {"x": "(0, 2)"}), (r"(x-y)^2 > 0", {"x": "nonnegative", "y": "[0, x]"})],
            "the letter's interval holds no other letter's bound": [(r"(x-y)^2 \ge \frac{y^2}{4}", {"x": "nonnegative", "y": "[0, x]"})],
            "the domain is an interval": [(r"x^2 \ge \frac14+[x=0]", {"x": "integer"}), (r"\frac1{x^2} \ge x", {"x": "nonzero"})],
            "strict where it touches": [(r"\log x < \frac{x^2-1}{2}", POSITIVE), (r"x\log x > -\frac1e", POSITIVE)],
        },
    ),
    "derivatives": (
        [(r"\frac{d}{dx}\max(x,0)^2 = 2\max(x,0)", X), (r"\frac{d}{dx}\log\cosh x = \tanh x", X), (r"\frac{\partial}{\partial x_k}\sum_{i=1}^nx_i^2 = 2x_k", XN | {"k": "index 1..n"})],
        {
            "pieces meet without a kink": [(r"\frac{d}{dx}\max(x,0) = [x>0]", X), (r"\frac{d}{dx}|x^2-2| = 2x\operatorname{sign}(x^2-2)", X)],
            "pieces meet without a jump": [(r"\frac{d}{dx}(x+[x>1]) = 1", X)],
            "one point is a piece": [(r"\frac{d}{dx}\begin{cases}0 & x=1\\ x & \text{otherwise}\end{cases} = 1", X)],
            "the index may be outside of the range": [(r"\frac{\partial}{\partial x_k}\sum_{i=1}^{n-1}x_i^2 = 2x_k", XN | {"k": "index 1..n"})],
            "index sets overlap": [(r"\frac{\partial}{\partial x_k}\sum_{i\in P}x_i = 1", XN | {"k": "index 1..n", "P": "subset of 1..n"})],
            "a function's letter is not caught": [(r"g(y) = -2y\sigma(-y^2)", {"y": "real", "using": [SQUARES]})],
            "the function has a value": [(r"\frac{d}{dx}\log x = \frac1x", {"x": "nonzero"})],
        },
    ),
    "the minimiser": (
        [(r"\arg\min_w\sum_{i=1}^n(y_i-w)^2 = \frac1n\sum_{i=1}^ny_i", {"y": "real^n"}), (r"\arg\min_f(e^f-yf) = \log y", {"y": "positive"})],
        {
            "attained": [(r"\arg\min_fe^f = \log 0", {}), (r"\arg\min_f(e^f-yf) = \log y", {"y": "nonnegative"})],
            "in the domain": [(r"\arg\min_x(x-a)^2 = a", {"a": "[0, 1]", "x": "(0, 1)"}), (r"\arg\min_f(e^f-yf) = \log(-y)", {"y": "positive"})],
            "the only one": [(r"\arg\min_w\sum_{i=1}^n(y_i-wx_i)^2 = \frac{\sum_{i=1}^nx_iy_i}{\sum_{i=1}^nx_i^2}", {"x": "real^n", "y": "real^n"}), (r"\arg\min_x(x-1)^2(x+1)^2 = 1", {}), (r"\arg\min_xa(x-1)^2 = 1", {"a": "nonnegative"})],
            "no jump": [(r"\arg\min_x(x^2-3[x>1]) = 0", {}), (r"\arg\min_x(|x|+2[x\ne1]) = 0", {})],
            "a least, not a greatest": [(r"\arg\min_x(2x-x^2) = 1", {}), (r"\arg\min_xx^3 = 0", {})],
        },
    ),
    "the least value": (
        [(r"\min_x(x^2-2x) = -1", {}), (r"\min_x\bigl(e^x-x\bigr) = 1", {})],
        {
            "taken, not only approached": [(r"\min_xe^x = 0", {}), (r"\min_x\frac{1}{1+x^2} = 0", {}), (r"\max_x\tanh x = 1", {})],
            "in the domain": [(r"\min_xx = 0", {"x": "positive"}), (r"\min_{x\in(0,1]}x = 0", {})],
            "differentiable where it is said": [(r"\min_x\Bigl(\frac{d}{dx}|x|\Bigr)^2 = 0", {})],
        },
    ),
    "limits by the terms that lead": (
        [(r"\lim_{x\to\infty}\frac{ax}{1+ax} = 1", {"a": "positive"}), (r"\lim_{x\to0}\frac{e^x-1}{x} = 1", {}), (r"\lim_{x\to0^+}x\log x = 0", {})],
        {
            "the leading coefficient may vanish": [(r"\lim_{x\to\infty}\frac{ax}{1+ax} = 1", {"a": "nonnegative"}), (r"\lim_{x\to\infty}e^{-ax} = 0", {"a": "nonnegative"})],
            "from both sides": [(r"\lim_{x\to0}\frac{|x|}{x} = 1", {}), (r"\lim_{x\to0}x\log x = 0", {}), (r"\lim_{x\to0}\sqrt x = 0", {}), (r"\lim_{x\to0}[x>0] = 1", {})],
            "it exists": [(r"\lim_{x\to\infty}\sin x = 0", {}), (r"\lim_{x\to0}\cos\frac1x = 0", {})],
            "the body has values near the place": [(r"\lim_{x\to\infty}\frac{\log(a-x)}{x} = 0", {"a": "real"}), (r"\lim_{x\to\infty}(-x)^{1/2}\cdot0 = 0", {})],
            "terms that cancel": [(r"\lim_{x\to0}\frac{\sin x-x}{x^3} = 0", {}), (r"\lim_{x\to\infty}(\sqrt{x^2+x}-x) = 0", {})],
        },
    ),
    "the fundamental theorem": (
        [(r"\int_0^1x^2\,dx = \frac13", {}), (r"\int_a^be^{-x}\,dx = e^{-a}-e^{-b}", {"a": "real", "b": "real"}), (r"\int_0^\infty e^{-x}\,dx = 1", {})],
        {
            "a value from end to end": [(r"\int_{-1}^1\frac{1}{x^2}\,dx = -2", {}), (r"\int_a^b\frac1x\,dx = \log\frac ba", {"a": "nonzero", "b": "nonzero", "where": r"\frac ba > 0"}), (r"\int_0^2\frac{1}{(x-1)^2}\,dx = -2", {})],
            "no jump of the antiderivative": [(r"\int_{-1}^1\operatorname{sign}(x)\,dx = 2", {}), (r"\int_{a}^{b}[x>0]\,dx = b-a", {"a": "real", "b": "real"})],
            "it converges": [(r"\int_1^\infty\frac1x\,dx = 0", {}), (r"\int_{-\infty}^\infty x\,dx = 0", {})],
            "orientation": [(r"\int_1^0x^2\,dx = \frac13", {})],
        },
    ),
    "enclosure": (
        [(r"x\cos x \le \frac35", {"x": "[0, 1.5]"}), (r"e^{-x}\sin(3x) \le \frac45", {"x": "nonnegative"})],
        {
            "the expression, not its normal form": [(r"\log(x-1) < \frac{x-1}{e}", {"x": "(1, 4)"}), (r"\log x \le 2", {"x": "[-3, -1]"})],
            "touching is not strict": [(r"\sin^2x-\sin^2x+x^2 > 0", {"x": "[-1, 1]"}), (r"x(1-x) < \frac14", {"x": "[0, 1]"})],
            "pieces inside of sums": [(r"\sum_{k=1}^2[x^2=k+1] \le \frac12", {"x": "[0, 2]"})],
        },
    ),
    "regions: every way the pieces fall": (
        [(r"\max(x,-x) = |x|", X), (r"|x|+|y| \ge |x+y|", XY)],
        {
            "the border belongs to a side": [(r"[x>0]+[x<0] = 1", X), (r"\operatorname{sign}(x)^2 = 1", X)],
            "cases that overlap": [(r"\begin{cases}1 & x\ge0\\ 2 & x\le0\end{cases} = 1+[x\le0]", X)],
            "cases that do not cover": [(r"\begin{cases}1 & x>0\\ 1 & x<0\end{cases} = 1", X)],
            "ends in the wrong order": [(r"\min(\max(x,a),b) \ge a", {"x": "real", "a": "real", "b": "real"})],
        },
    ),
    "signs by structure": (
        [(r"x^2e^y+|x|y^4 \ge 0", XY), (r"\prod_{i=1}^n e^{x_i} > 0", XN)],
        {
            "odd powers": [(r"x^2e^y+x^3y^4 \ge 0", XY)],
            "strict needs a factor that is not zero": [(r"x^2e^y > 0", XY), (r"\sum_{i=1}^{n-1}e^{x_i} > 0", XN)],
            "a quadratic form is not nonnegative by its shape": [*KERNELS, (r"x^2+3xy+y^2 \ge 0", XY)],
        },
    ),
    "finitely many values": (
        [(r"y^2 = 1", {"y": {-1, 1}}), (r"y^2 = y", {"y": {0, 1}})],
        {"every one": [(r"y^3 = y", {"y": {-1, 0, 1, 2}}), (r"y^2 = y", {"y": "[0, 1]"})]},
    ),
    "a statement is not proved from itself": (
        [(r"e^{x-1} \ge x", X)],
        {"contradictions prove nothing that is asked": [(r"x = x+1", X)]},
    ),
}  # fmt: skip

PROVED = [pytest.param(*s, id=f"{rule}: {s[0]}") for rule, (true, _) in RULES.items() for s in true]
NOT_PROVED = [
    pytest.param(*s, id=f"{rule}; {condition}: {s[0]}")
    for rule, (_, broken) in RULES.items()
    for condition, statements in broken.items()
    for s in statements
]


@pytest.fixture(autouse=True)
def rules_alone(monkeypatch):
    """The guard knows no place: every attempt is made, and no region is known to have a point."""
    monkeypatch.setattr(Guard, "plausible", lambda *_: True)
    monkeypatch.setattr(Guard, "possible", lambda *_: False)


def proved(latex, *, where=(), using=(), **given):
    """By which means the rules prove a statement, no point having been looked at; None if they do not."""
    use_precision(256)
    problem = pose(latex, given, [where] if isinstance(where, str) else list(where), list(using), ())
    judge = Judge(problem, [])
    found = None
    for n, relation in enumerate(problem.relations):
        a, relation, b = turned(problem.sides[n], relation, problem.sides[n + 1])
        assert isinstance(a, Expr)
        found = judge.proved(a, relation, b)
        if found is None:
            return None
    return found.means


@pytest.mark.parametrize(("latex", "given"), PROVED)
def test_a_rule_proves_what_it_is_for(latex, given):
    assert proved(latex, **given)


@pytest.mark.parametrize(("latex", "given"), NOT_PROVED)
def test_no_rule_proves_what_lacks_a_side_condition(latex, given):
    assert proved(latex, **given) is None
