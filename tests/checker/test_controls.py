"""Controls: a check that cannot fail is named as such, and what says the same in other words is known to."""

import pytest

from lossutils.verify import check
from lossutils.verify.controls import variants
from lossutils.verify.ledger import fault
from lossutils.verify.reading.parser import parse


def judged(verdict):
    entry = {"asserted": True, "open": "", "line": verdict.line()}
    return fault(entry, verdict.as_dict() | {"line": verdict.line()})


def test_a_claim_that_cannot_be_told_from_wrong_ones_is_at_fault_by_name():
    """Sixty would do as well as thirty."""
    found = check(r"\operatorname{erf}(30) \approx 1.0")
    assert found.status == "enclosed" and not found.held
    assert "60 for 30" in found.controls.survivors
    assert "not told apart from" in found.line()
    assert all(name in judged(found) for name in found.controls.survivors)


def test_a_claim_without_any_control_is_at_fault():
    found = check("x = x", x="real")
    assert found.status == "derived" and found.controls.total == 0
    assert "no wrong variant" in judged(found)


def test_a_claim_whose_controls_fall_is_not():
    found = check(r"\sigma(f)+\sigma(-f) = 1", f="real")
    assert found.controls.refuted >= 5 and found.held and judged(found) == ""


@pytest.mark.parametrize(
    ("latex", "given", "equal"),
    [
        (r"\log\cosh x \ge 0", {"x": "real"}, "the argument of cosh(x) negated"),
        (r"|a-b| = |b-a|", {}, "the argument of abs(a - b) negated"),
        (r"y^2 = y", {"y": {0, 1}}, "the power 3 for 2"),
    ],
)
def test_what_says_the_same_is_recognised(latex, given, equal):
    found = check(latex, **given)
    assert equal in found.controls.equivalent, found.controls
    assert equal not in found.controls.survivors


def test_the_usual_slips_are_all_tried():
    kinds = {kind for kind, _, _ in variants(parse(r"-\log p_t \le \log\sum_{j=1}^K e^{s_jw_t} - 2s_t^2"))}
    slips = {"relation", "sign", "term dropped", "factor dropped", "factor", "power", "function dropped"}
    assert slips | {"argument's sign", "log of sum", "index", "bound", "operator"} <= kinds


def test_controls_are_not_tried_on_what_does_not_hold():
    assert check(r"x = x+1", x="real").controls.total == 0
