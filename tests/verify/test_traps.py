"""Traps: statements that are nearly true, or true in another reading, and true ones that are easily taken for false."""

import pytest

from lossutils.verify import check, define
from lossutils.verify.verdict import HELD

SOFTMAX = define(r"p_j = \frac{e^{s_j}}{\sum_{k=1}^K e^{s_k}}", {"s": "real^K"})
ROWS = define(r"g_j = \sum_{k=1}^K a_{jk}", {"a": "real[K, K]"})
TOTAL = define(r"L = \sum_{k=1}^K g_k^2", {}, (), [ROWS])
MARGIN = define(r"c(f) = -\log\sigma(f)", {"f": "real"})

R, A = {"x": "real"}, {"a": "real"}
SUBSET = {"P": "subset of 1..K", "m": "|P|"}
XY = {"x": "real", "y": "real"}
ZERO_LOG = {"conventions": ["0 log 0 = 0"]}

NEVER_HELD = {
    "sums": [
        (r"\sum_{i=1}^n\sum_{j=1}^r x_i = n\sum_{i=1}^n x_i", {}),
        (r"\sum_{i=1}^n x_i = \sum_{i=1}^m x_i", {}),
        (r"\sum_{i=1}^n\sum_{k=1}^r v_{ik} = \sum_{i=1}^r\sum_{k=1}^n v_{ik}", {"v": "real[n, r]"}),
        (r"\sum_{i=1}^{n-m} 1 = n-m", {"n": "integer >= 1", "m": "integer >= 1"}),
        (r"\sum_{i=m}^{n} 1 = n-m+1", {"n": "integer >= 1", "m": "integer >= 1"}),
        (r"\sum_{j=3}^K 1 = K-2", {}),
        (r"\sum_{j=1}^{K-1}e^{s_j} > 0", {"s": "real^K"}),
        (r"\sum_{j\ne t}e^{s_j} > 0", {"s": "real^K", "t": "index 1..K"}),
        (r"\sum_{j=1}^n p_j = 1", {"using": [SOFTMAX]}),
        (r"\sum_{j=1}^K p_j^2 = p_1^2 + (1-p_1)^2", {"using": [SOFTMAX]}),
        (r"\sum_{j=1}^K[i=j] = 1", {"i": "index 1..n"}),
        (r"\prod_{i=1,i\ne2}^{3}x_i = x_1x_2x_3", {"x": "real^3"}),
        (r"\prod_{i=1}^n\frac{1}{1-e^{x_i}} > 0", {"x": "nonzero^n"}),
        (r"-\frac1m\sum_{i\in P}\log p_i = -\frac1K\sum_{i\in P}\log p_i", SUBSET | {"using": [SOFTMAX]}),
        (r"\max_{j\ne t}s_j \le \max_j s_j", {"t": "index 1..K"}),
        (r"0 < p_j < 1", {"using": [SOFTMAX]}),
        (r"\sum_{j=1}^Kp_j^2 > \frac1K", {"using": [SOFTMAX]}),
        (r"\sum_{i\in P}p_i < 1", {"using": [SOFTMAX], "P": "subset of 1..K"}),
        (r"\sum_{k=1}^K\frac{\partial L}{\partial a_{kk}} = 2\sum_{k=1}^K a_{kk}", {"using": [TOTAL]}),
    ],
    "a case of a limit is not a neighbourhood": [
        (r"\frac{d}{da}\lim_{x\to\infty}e^{-a^2x} = 0", A),
        (r"\frac{d}{da}\lim_{x\to\infty}a(1-e^{-a^2x}) = \begin{cases}1 & a \ne 0\\ 0 & a = 0\end{cases}", A),
        (r"\frac{d}{da}\lim_{x\to\infty}(|a|+\frac1x) = \begin{cases}1 & a \ge 0\\ -1 & a < 0\end{cases}", A),
        (r"\frac{d}{da}\int_0^\infty a^3e^{-a^2x}\,dx = \begin{cases}1 & a \ne 0\\ 0 & a = 0\end{cases}", A),
        (r"\frac{d}{da}\lim_{x\to\infty}a(1-e^{-a^2x}) = 0", A | {"where": "a = 0"}),
        (r"\frac{d}{da}\lim_{x\to\infty}(|a|+\frac1x) = 1", A | {"where": r"a \ge 0"}),
        (r"\frac{d}{da}\lim_{x\to\infty}(|a|+\frac1x) = 1", {"a": "nonnegative"}),
    ],
    "a case of a limit is not one for all terms": [
        (r"\sum_{i=1}^n\lim_{x\to\infty}e^{-(i-1)^2x} \ne 1", {"n": "integer >= 2"}),
        (r"\Bigl|\sum_{i=1}^n\lim_{x\to\infty}e^{-(i-1)^2x}-\frac n2\Bigr| = \frac n2", {"n": "integer >= 3"}),
    ],
    "a slope needs values on both sides": [
        (r"\frac{d}{dx}x^{3/2} = \frac32x^{1/2}", {"x": "nonnegative"}),
        (r"\frac{d^2}{dx^2}x^{5/2} = \frac{15}4x^{1/2}", {"x": "nonnegative"}),
    ],
    "two limits that are infinite are not equal": [
        (r"\lim_{x\to\infty}x = \lim_{x\to\infty}x^2", {}),
        (r"\lim_{x\to\infty}(a+x) = \lim_{x\to\infty}x", A),
    ],
    "definedness": [
        (r"\frac0x = 0", R),
        (r"0\cdot\log x = 0", R),
        (r"\frac{101x-3}{101x-3} = 1", R),
        (r"\frac{101x-3}{101x-3} = 1", R | ZERO_LOG),
        (r"\log((101x-3)^2)-\log((101x-3)^2) = 0", R | ZERO_LOG),
        (r"x\log x-x\log x = 0", {"x": "[-1, 1]"} | ZERO_LOG),
        (r"y\log x-y\log x = 0", {"x": "[0, 1]", "y": "[0, 1]"} | ZERO_LOG),
        (r"\frac{d}{dx}\log(-\cosh x) = \tanh x", R),
        (r"\frac{d}{dx}\log(10^7-x) = -\frac{1}{10^7-x}", R | {"where": r"x\ne10^7"}),
        (r"(101x-3)^2 > 0", R),
        (r"|x| = x", {"x": "(-10^{-30}, 1)"}),
        (r"\sqrt{(x-y)^2} = x-y", XY | {"where": r"x\ge y-10^{-30}"}),
        (r"\log x^2 = 2\log x", {"x": "negative"}),
        (r"\frac{x}{y} = \frac{x}{y}", XY),
    ],
    "kinks and jumps": [
        (r"\frac{d}{dx}[x<0] = 0", R),
        (r"\frac{d}{dx}(x[x>0]) = [x>0]", R),
        (r"\frac{d^2}{dx^2}\frac{x^2}{2}[x>0] = [x>0]", R),
        (r"\frac{d}{dx}\sum_{i=1}^n[x<y_i] = 0", {"x": "real", "y": "real^n"}),
        (r"\frac{d}{dx}\sum_{i=1}^n(x-y_i)[x>y_i] = \sum_{i=1}^n[x>y_i]", {"x": "real", "y": "real^n"}),
        (r"\frac{d}{dx}\begin{cases}1 & x\ne\frac{3}{101}\\ 0 & \text{otherwise}\end{cases} = 0", R),
        (r"\frac{d}{dx}[x\in[0,1]] = 0", R),
        (r"\frac{d}{dx}\begin{cases}1+x & x>0\\x & \text{otherwise}\end{cases} = 1", R),
        (r"\frac{d}{dx}\max_i[x<y_i] = 0", {"x": "real", "y": "real^n"}),
        (r"\frac{dy}{dx} = 0", XY),
        (r"\begin{cases}1 & x<0\\ 2 & x>0\end{cases} \ge 1", R),
        (r"\begin{cases}1 & x<1\\ 2 & x>0\end{cases} = 1+[x>0]", R),
    ],
    "slopes across poles": [
        (r"\begin{cases}-\frac{1}{x-10^7} & x>10^7\\ 1 & \text{otherwise}\end{cases} \ge 0", R),
        (r"\frac{1}{10^7-x} > 0", {"x": "nonnegative", "where": r"x \ne 10^7"}),
        (r"(x-y)^2 \ge 10^{-30}y^2", {"x": "nonnegative", "y": "[0, x)"}),
        (r"x \ge 10^7\operatorname{sign}(x-10^6)", {"x": "nonnegative"}),
        (r"x^2 \ge 10^{-12}", R),
    ],
    "integrals and limits": [
        (r"\int_{-1}^1\frac{1}{x^2}\,dx = -2", {}),
        (r"\int_1^{-1}\frac{1}{x^2}\,dx = 2", {}),
        (r"\int_2^{-1}\frac{1}{x^2}\,dx = \frac32", {}),
        (r"\int_{\infty}^0\frac{1}{(x-1)^2}\,dx = 1", {}),
        (r"\int_{-1}^2\frac{1}{x}\,dx = \log 2", {}),
        (r"\int_{-1}^1\frac{1}{x}\,dx = 0", {}),
        (r"\int_a^b\frac{1}{x^2}\,dx = \frac1a-\frac1b", {"a": "nonzero", "b": "nonzero"}),
        (r"\int_{-1}^2\sqrt x\,dx \approx 2.1213", {}),
        (r"\int_{-1}^1\sqrt{1+x^2}\,dx = 2", {}),
        (r"\int_0^1\int_0^2 x\,dx\,dy = 1", {}),
        (r"\lim_{x\to\infty}\sin(\pi x) = 0", {}),
        (r"\lim_{x\to\infty}\cos(2\pi x) = 1", {}),
        (r"\lim_{x\to\infty}(x-\operatorname{floor}(x)) = 0", {}),
        (r"\lim_{x\to0}\sin(\pi/x) = 0", {}),
        (r"\lim_{x\to0}\frac1x = \infty", {}),
        (r"\lim_{x\to\infty}\log(-x) = \infty", {}),
        (r"\lim_{x\to-\infty}\frac{\log x}{x} = 0", {}),
        (r"\lim_{x\to\infty}\frac{x}{x+10^{60}} = 0", {}),
        (r"\lim_{x\to\infty}e^{-ax} = 0", {"a": "real"}),
        (r"\lim_{x\to0}[x=0] = 1", {}),
    ],
    "least values": [
        (r"\min_x e^x = 0", {}),
        (r"\max_x\sigma(x) = 1", {}),
        (r"\min_x x = 0", {"x": "positive"}),
        (r"\arg\min_p p = 0", {"p": "(0, 1)"}),
        (r"\arg\min_k(k-\frac13)^2 = \frac13", {"k": "integer"}),
        (r"\arg\min_y(y-\frac13)^2 = \frac13", {"y": {0, 1}}),
        (r"\arg\min_x x^2 = 0", {"x": "nonzero"}),
        (r"\min_{x\in\mathbb{Z}}(x-\frac12)^2 = 0", {}),
        (r"\min_{x\in\{0,1\}}(x-\frac12)^2 = 0", {}),
        (r"\arg\min_x\bigl(x^2+10[x<3]\bigr) = 0", {}),
        (r"\arg\min_x(x^2+100[x\ne\frac73]) = 0", {}),
        (r"\arg\min_x\begin{cases}x^2 & x<3\\ x^2-10 & \text{otherwise}\end{cases} = 0", {}),
        (r"\arg\min_c(|a-c|+|b-c|) = \frac{a+b}2", {"where": "a < b"}),
        (r"\arg\min_c(|a-c|+|b-c|) = (a,b)", {"where": "a < b"}),
        (r"\arg\min_x(x^2-1)^2 = [-1,1]", {}),
        (r"\arg\min_x(x^2-1)^2 = 1", {}),
        (r"\arg\min_{x\in[1,0]}x = 1", {}),
        (r"\arg\min_x\min_y\bigl((x-y)^2+y^2\bigr) = 1", {}),
    ],
    "sets": [
        (r"x \in (0,1)", {"x": "[0, 1]"}),
        (r"x \in \{0,1\}", {"x": "[0, 1]"}),
        (r"\frac12 \in \{0,1\}", {}),
        (r"0 \in (0,1)", {}),
        (r"\frac32 < [1,2]", {}),
        (r"x = [x,x+1]", R),
    ],
    "digits, the huge and the tiny": [
        (r"\log 2 \approx 0.70", {}),
        (r"0.54 \approx 0.50", {}),
        (r"0.03 \approx 4.9\times10^{-3}", {}),
        (r"\log\bigl(1+e^{-20.1}\bigr) \approx 1.865\cdot10^{-8}", {}),
        (r"6.7 \approx 2\pi", {}),
        (r"1 + e^{-1000} = 1", {}),
        (r"1 + e^{-1000} \le 1", {}),
        (r"\sigma(1000) \ge 1", {}),
        (r"1+e^{-1000-x^2} \le 1", R),
        (r"x = x + 10^{-60}", R),
        (r"\begin{cases}\frac{1}{50}-\sqrt xe^{-x} & 4.000001<x<4.000002\\ 1 & \text{otherwise}\end{cases} \ge 0",
         {"x": "[4, 5]"}),
    ],
    "integers, and chains": [
        (r"(-1)^{2k} = (-1)^k", {"k": "integer"}),
        (r"2x \ne 1", R),
        (r"p_1+p_2 = 1", {"using": [SOFTMAX], "K": "integer >= 2"}),
        (r"m^2 = m", {"P": "subset of 1..K", "m": "|P|"}),
        (r"x^2 \ge 0 \ge -x^2 \ge x", R),
        (r"0 \le x^2 \ge 1", R),
        (r"x \le y", XY | {"where": ["x < 0", "x > 1"]}),
    ],
    "readings": [
        (r"\begin{aligned}0&=0\\x&=0\end{aligned}", R),
        (r"0 = 0 \quad x = 0", R),
        (r"\left|x\left|y\right|-1\right| = |x|y", {}),
        (r"\mathcal{L}(f) = f\mathcal{L}(1)", {}),
        (r"\sum_{i\ne j}x_ix_j = 0", {"x": "real^n"}),
        (r"\sum_i x_i - x_i = 0", {"x": "real^n"}),
        (r"x^{(2)} = x\cdot x", R),
        (r"1e-3 = \frac{1}{1000}", {}),
        (r"\int_0^1 2 d x dx = d x", {"d": "real", "x": "real"}),
    ],
}  # fmt: skip

NEVER_REFUTED = [
    (r"x \ge \pi", {"x": r"[\pi, 4]"}),
    (r"x \le -\sqrt2", {"x": r"[-2, -\sqrt2]"}),
    (r"x > \log 2", {"x": r"> \log 2"}),
    (r"\int_{-1}^2\sqrt{x^2}\,dx = \frac52", {}),
    (r"\int_{-1}^1\sqrt{x^2+10^{-8}}\,dx \approx 1.000000104", {}),
    (r"\int_{-1}^1(1-x^2)^{1/2}\,dx \approx 1.570796327", {}),
    (r"\int_0^1\int_0^2 x\,dx\,dy = 2", {}),
    (r"\min_{x\in\{0,1\}}(x-\frac12)^2 = \frac14", {}),
    (r"\left|x\left|y\right|-1\right| \ge 0", {}),
    (r"2 \notin \{0,1\}", {}),
    (r"x \notin [2,3]", {"x": "[0, 1]"}),
    (r"\arg\min_x\bigl(x^2+10[x<3]\bigr) = 3", {}),
    (r"\min_x\bigl(x^2+10[x<3]\bigr) = 9", {}),
    (r"\arg\min_x(x^2-2x) = 1", {}),
    (r"\frac{d}{dx}\max(x,0)^3 = 3\max(x,0)^2", R),
    (r"\frac{d}{dx}x|x| = 2|x|", R),
    (r"\log 2 \approx 0.69", {}),
    (r"\log(1+e^{-20.1}) \approx 1.865\cdot10^{-9}", {}),
    (r"\int_a^h\frac{-1}{c'(f)}\,df = h-a+e^h-e^a", {"using": [MARGIN], "a": "[0, 1]", "h": "[0, 1]"}),
    (r"\lim_{p\to1^-}\log(1-p) = -\infty", {}),
    # a size is not moved without what has that size
    (r"\arctan(t) \le \arctan(K)", {"t": "index 1..K"}),
    (r"\arctan|P| \le \arctan K", {"P": "subset of 1..K"}),
    (r"\log(K)\max_jq_j \ge \frac{\log K}{K}\cdot\frac{99}{100}", {"q": "probability vector of length K"}),
    (r"\sum_{j=1}^Kq_j\cos q_j \ge \frac{K-1}{2K}", {"q": "probability vector of length K"}),
]

TRAPS = [
    pytest.param(latex, given, id=f"{topic}: {latex}") for topic, rows in NEVER_HELD.items() for latex, given in rows
]


@pytest.mark.parametrize(("latex", "given"), TRAPS)
def test_what_is_false_or_has_no_value_somewhere_does_not_hold(latex, given):
    found = check(latex, controls=False, **given)
    assert found.status in ("refuted", "unknown"), str(found)
    assert "the checker failed" not in found.reason, str(found)


@pytest.mark.parametrize(("latex", "given"), NEVER_REFUTED, ids=[s for s, _ in NEVER_REFUTED])
def test_what_is_true_is_not_refuted(latex, given):
    found = check(latex, controls=False, **given)
    assert found.status != "refuted", str(found)
    assert "the checker failed" not in found.reason, str(found)


def test_logarithms_are_not_expanded_where_an_argument_may_be_negative():
    assert check(r"\log x^2 = 2\log x", x="positive").status == "derived"
    assert check(r"\log x^2 = 2\log|x|", x="nonzero").status == "derived"
    assert check(r"\log x^2 = 2\log x", x="nonzero").status not in HELD


def test_the_index_of_a_derivative_is_not_caught_by_the_sum():
    """d/ds_j of log sum_j exp(s_j) is a share; with the index caught it would be 1."""
    given = {"s": "real^K", "K": "integer >= 2"}
    assert check(r"\frac{\partial}{\partial s_j}\log\sum_{j=1}^K e^{s_j} = 1", **given).status == "refuted"
    right = r"\frac{\partial}{\partial s_j}\log\sum_{j=1}^K e^{s_j} = \frac{e^{s_j}}{\sum_{k=1}^K e^{s_k}}"
    assert check(right, **given).status == "derived"


def test_a_difference_of_ten_to_the_minus_sixty_is_refuted():
    for shift in ("10^{-60}", "10^{-75}"):
        assert check(rf"\sigma(f)+\sigma(-f) = 1+{shift}", f="real").status == "refuted"


def test_division_by_zero_proves_nothing():
    """In Z3, x/0 is whatever suits."""
    for latex in (r"\frac{x^2}{x} = x", r"\frac{1}{x^2} \ge 0", r"\frac{x}{x-y}-\frac{y}{x-y} = 1"):
        assert check(latex, x="real", y="real").status not in HELD
    assert check(r"\frac{x}{x-y}-\frac{y}{x-y} = 1", x="real", y="real", where=r"x \ne y").status == "derived"


def test_wide_balls_decide_nothing():
    """(x - y) with x and y the same huge letter is zero only as far as it is seen to cancel."""
    assert check(r"e^{900}-e^{900}\cos(10^{-40}) = 0").status == "refuted"
    assert check(r"\cos(10^{-200}) = 1").status == "refuted"


def test_assumptions_that_contradict_each_other_give_no_verdict():
    for where in (["x < 0", "x > 1"], "x < x", r"x^2 < 0"):
        found = check(r"x = x+1", x="real", where=where)
        assert found.status == "unknown" and "no point" in found.reason


def test_a_definition_does_not_catch_the_letters_of_what_uses_it():
    """Sums over k, inside a sum over k, inside a definition: renamed one by one they could take each other's names."""
    assert check(r"\sum_{k=1}^K g_k = \sum_{j=1}^K\sum_{k=1}^K a_{jk}", using=[ROWS]).status == "derived"
    right = r"\sum_{k=1}^K\frac{\partial L}{\partial a_{kk}} = 2\sum_{k=1}^K\sum_{j=1}^K a_{kj}"
    assert check(right, using=[TOTAL]).status in HELD


@pytest.mark.parametrize("latex", [r"\begin{aligned}[u<0] &\le e^{-u}\end{aligned}", r"0 \le 1 \\ [u<0] \le e^{-u}"])
def test_a_bracket_that_a_typesetter_swallows_is_not_read(latex):
    found = check(latex, u="real")
    assert found.status == "unknown" and "option" in found.reason
