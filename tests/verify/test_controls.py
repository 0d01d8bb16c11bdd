"""Controls: a check that cannot fail is named as such, and what says the same in other words is known to."""

import pytest

from lossutils.verify import check
from lossutils.verify.ledger import fault
from lossutils.verify.reading.parser import parse
from lossutils.verify.variants import MOST, MOST_OF_A_KIND, variants


def judged(verdict):
    entry = {"asserted": True, "open": "", "line": verdict.line()}
    return fault(entry, verdict.as_dict() | {"line": verdict.line()})


def test_a_claim_that_cannot_be_told_from_wrong_ones_is_at_fault_by_name():
    """Sixty would do as well as thirty."""
    found = check(r"\operatorname{erf}(30) \approx 1.0")
    assert found.status == "computed" and not found.held
    assert "60 for 30" in found.controls.survivors
    assert "not told apart from" in found.line()
    assert all(name in judged(found) for name in found.controls.survivors)


def test_a_claim_without_any_control_is_at_fault():
    found = check("x = x", x="real")
    assert found.status == "derived" and found.controls.made == 0
    assert "no wrong variant" in judged(found)


def test_a_claim_whose_controls_fall_is_not():
    found = check(r"\sigma(f)+\sigma(-f) = 1", f="real")
    assert found.controls.refuted >= 5 and found.held and judged(found) == ""


def test_a_variant_that_only_lacks_a_value_somewhere_is_not_counted_as_refuted():
    """1/(x+3), 1/(3-e^x) and 1/(e^x-3) are never zero either, where they have a value."""
    found = check(r"\Bigl|\frac{1}{e^x+3}\Bigr| > 0", x="real").controls
    assert found.undefined == 3 and found.made == found.refuted + found.undefined + len(found.true)


@pytest.mark.parametrize(
    ("latex", "given", "same"),
    [
        (r"\log\cosh x \ge 0", {"x": "real"}, "the argument of cosh(x) negated"),
        (r"|a-b| = |b-a|", {}, "the argument of abs(a - b) negated"),
        (r"y^2 = y", {"y": {0, 1}}, "the power 3 for 2"),
    ],
)
def test_what_says_the_same_is_recognised(latex, given, same):
    found = check(latex, **given)
    assert same in found.controls.true, found.controls
    assert same not in found.controls.survivors


def test_the_usual_slips_are_all_tried():
    made, _ = variants(parse(r"-\log p_t \le \log\sum_{j=1}^K e^{s_jw_t} - 2s_t^2"))
    kinds = {kind for kind, _, _ in made}
    slips = {"relation", "sign", "term dropped", "factor dropped", "factor", "power", "function dropped"}
    assert slips | {"argument's sign", "log of sum", "index", "bound", "operator"} <= kinds


def test_controls_are_not_tried_on_what_does_not_hold():
    assert check(r"x = x+1", x="real").controls.made == 0


def test_every_variant_is_counted_and_comes_to_something():
    found = check(r"\log\frac{1+x}{1-x} = 2\operatorname{artanh}x", x="(-1, 1)")
    found = check(r"\frac{e^x-e^{-x}}{2} = \sinh x", x="real")
    c = found.controls
    fates = c.refuted + c.undefined + len(c.true) + len(c.undecided) + len(c.survivors)
    assert c.made == fates <= MOST and c.possible >= c.made
    assert f"{c.refuted} of {c.made} refuted" in found.line()


def test_a_variant_without_a_value_is_not_counted_as_refuted():
    found = check(r"\log|x| = \frac12\log x^2", x="nonzero real")
    assert found.status == "derived" and found.controls.undefined >= 1
    assert "without a value" in found.line()


def test_a_looser_bound_is_true_as_well_and_a_tighter_one_may_be():
    found = check(r"\log(1+x) \le x", x="nonnegative")
    assert found.status == "derived" and any("2 for 1" in t or "left out" in t for t in found.controls.true)
    assert found.held


def test_of_each_kind_some_are_tried_the_first_and_the_last_among_them():
    long = parse("+".join(f"a_{{{k}}}" for k in range(1, 9)) + " = 0")
    made, possible = variants(long)
    assert possible > len(made)
    signs = [name for kind, name, _ in made if kind == "sign"]
    assert len(signs) == MOST_OF_A_KIND and "a[1]" in signs[0] and "a[8]" in signs[-1]
