"""For all, and there is: a claim that there is something shows which, and failing with one refutes nothing."""

import pytest

from lossutils.verify import check

SQUARE_IS_NOT_LIPSCHITZ = r"\forall L > 0\ \exists a, b: |a^2-b^2| > L|a-b|"
L = {"L": "positive"}


@pytest.mark.parametrize(
    ("latex", "given"),
    [
        (SQUARE_IS_NOT_LIPSCHITZ, L | {"a": "L+1", "b": "0"}),
        (r"\forall L > 0\ \exists a > L: a^2 > L^2", L | {"a": "L+1"}),
        (r"\exists a\ \forall b: a \le b^2", {"a": "-1"}),
        (r"\forall b\ \exists a: a < b", {"a": "b-1"}),
        (r"\forall x: x^2 \ge 0", {"x": "real"}),
        (r"\exists x, y \colon x+y = 1, ", {"x": "2", "y": "-1"}),
    ],
)
def test_what_is_shown_by_an_example_holds(latex, given):
    assert check(latex, controls=False, **given).status == "derived"


@pytest.mark.parametrize(
    ("latex", "given", "reason"),
    [
        (SQUARE_IS_NOT_LIPSCHITZ, L | {"a": "1", "b": "0"}, "with a = 1, b = 0 it fails at L ="),
        (r"\forall L > 0\ \exists a > L: a^2 > 0", L | {"a": "L"}, "it fails"),  # what it says of a is not so
        (SQUARE_IS_NOT_LIPSCHITZ, L, "there is a: say which"),
        (r"\exists a\ \forall b: a \le b", {"a": "b"}, "may not depend on b"),
        (r"\exists a, b: a < b", {"a": "b-1", "b": "a+1"}, "may not depend on"),
        (r"\forall x: x = 2", {"x": "2"}, "x stands for all values"),
        (r"\forall x\ \exists x: x = 2", {"x": "2"}, "quantified twice"),
    ],
)
def test_what_is_not_shown_is_not_refuted(latex, given, reason):
    found = check(latex, **given)
    assert found.status == "unknown" and reason in found.reason, str(found)
    assert found.counterexample is None


def test_what_fails_for_some_value_is_refuted():
    assert check(r"\forall x: x^2 > 0", x="real").status == "refuted"
    assert check(r"\forall x > 1: x^2 > x+1", x="real").status == "refuted"
    assert check(r"\forall x > 2: x^2 > x+1", x="real").status == "derived"


def test_witnesses_are_told():
    said = check(SQUARE_IS_NOT_LIPSCHITZ, a="L+1", b="0", L="positive").assumptions
    assert "there is a = L + 1" in said and "there is b = 0" in said
