"""`claim` and `define` in a notebook: what they display, what they refuse, and how far an implementation is away."""

import pytest

import lossutils as lu
from lossutils.book import claims
from lossutils.book.page import CLAIM
from lossutils.verify.ledger import Session

SQUARE = "(y - f)^2 = y^2 - 2 y f + f^2"
SLOPE = r"\frac{\partial}{\partial f}(y - f)^2 = 2(f - y)"


@pytest.fixture
def shown(monkeypatch):
    """What was displayed, in a session of its own."""
    bundles = []
    monkeypatch.setattr("IPython.display.display", lambda bundle, raw: bundles.append(bundle))
    monkeypatch.setattr(claims, "SESSION", Session())
    return bundles


def test_a_claim_carries_its_verdict_and_reads_as_markdown(shown):
    claims.claim("eq-square", SQUARE, y="real", f="real")
    (bundle,) = shown
    assert bundle[CLAIM]["status"] == "derived" and bundle[CLAIM]["given"] == {"y": "real", "f": "real"}
    assert bundle["text/markdown"].startswith(rf"\begin{{equation}}{SQUARE}\tag{{square}}\end{{equation}}")
    assert bundle["text/plain"] == f"{SQUARE}\n    {bundle[CLAIM]['line']}"


def test_a_claim_that_does_not_stand_says_so(shown):
    claims.claim("eq-wrong", "y = f", y="real", f="real")
    assert "**This does not stand as the text has it.**" in shown[0]["text/markdown"]


def test_assumptions_are_kept_as_text_that_can_be_read_again(shown):
    claims.claim("eq-signs", "z^2 = 1", z={1, -1})
    assert shown[0][CLAIM]["given"] == {"z": "{-1, 1}"}


def test_a_definition_can_be_used_by_its_label(shown):
    claims.define("eq-v", r"v = \sigma(f)\,\sigma(-f)", f="real")
    claims.claim("eq-v-bound", r"v \le 1", v="eq-v")
    assert [b[CLAIM]["status"] for b in shown] == ["definition", "derived"]


@pytest.mark.parametrize("label", ["square", "eq-", "eq-Square", "eq_square"])
def test_a_label_of_another_form_is_refused(shown, label):
    with pytest.raises(ValueError, match="expected eq-words-with-hyphens"):
        claims.claim(label, SQUARE, y="real", f="real")


@pytest.mark.parametrize("implements", [(lu.SquaredError, "value"), (lu.SquaredError(), "value")])
def test_an_implementation_is_measured(shown, implements):
    claims.claim("eq-square", "(f - y)^2 = (y - f)^2", y="real", f="real", implements=implements)
    assert shown[0][CLAIM]["accuracy"] == "within 2 ulps at sampled points on NumPy, PyTorch and TensorFlow"
    assert shown[0][CLAIM]["line"].endswith("; within 2 ulps at sampled points on NumPy, PyTorch and TensorFlow")


def test_a_gradient_is_told_from_a_value(shown):
    for what in ("gradient", "value"):
        claims.claim("eq-slope", SLOPE, y="real", f="real", implements=(lu.SquaredError, what))
    gradient, value = (bundle[CLAIM]["accuracy"] for bundle in shown)
    assert gradient.startswith("within") and value.endswith("ulps from the implementation")
    assert "**This does not stand" in shown[1]["text/markdown"]


@pytest.mark.parametrize(
    ("loss", "letter", "formula"),
    [
        (lu.Pinball, "q", r"\max(q (y - f), (q - 1)(y - f))"),
        (lu.Pinball, "tau", r"\max(\tau (y - f), (\tau - 1)(y - f))"),
        (lu.EpsilonInsensitive, "epsilon", r"\max(|y - f| - \epsilon, 0)"),
    ],
)
def test_a_class_takes_its_parameters_from_the_formula_s_letters(shown, loss, letter, formula):
    given = {"y": "real", "f": "real", letter: "(0, 1)"}
    claims.claim("eq-p", f"{formula} = {formula}", implements=(loss, "value"), **given)
    assert shown[0][CLAIM]["accuracy"].startswith("within")


@pytest.mark.parametrize("implements", [lu.SquaredError, (lu.SquaredError, "hessian"), (lu.SquaredError,)])
def test_what_is_no_implementation_is_refused(shown, implements):
    with pytest.raises((ValueError, TypeError)):
        claims.claim("eq-square", SQUARE, y="real", f="real", implements=implements)


def test_a_formula_without_a_target_is_refused(shown):
    for function, letters in ((lu.SquaredError, "y"), (lu.InfoNCE, "t"), (lambda y, f: f * f, "y, z, q, t, P")):
        with pytest.raises(ValueError, match=f"none of the letters {letters}$"):
            claims.claim("eq-none", "f^2 = f f", f="real", implements=(function, "value"))


@pytest.mark.parametrize("loss", [lu.SampledSoftmax, lu.SampledSoftmax()])
def test_the_target_s_letter_is_the_one_of_the_loss_s_description(shown, loss):
    formula = lu.SampledSoftmax.description.loss.replace(r"\sum_k", r"\sum_{k=1}^K")
    claims.claim("eq-c", f"{formula} = {formula}", s="real^K", c="real^K", implements=(loss, "value"))
    assert shown[0][CLAIM]["accuracy"].startswith("within")


def test_a_letter_that_could_stand_for_a_target_of_another_loss_is_not_taken_for_this_one_s(shown):
    given = {"y": "real", "z": {-1, 1}, "f": "real"}
    claims.claim("eq-z", r"\max(-z f, 0) - y^2 \le \max(-z f, 0)", implements=(lu.Perceptron, "value"), **given)
    assert shown[0][CLAIM]["accuracy"].startswith("within")


def test_what_is_compared_nowhere_is_not_said_to_agree(shown):
    outside = {"y": "real", "f": "real", "q": "(2, 3)"}
    with pytest.raises(ValueError, match="there is no point"):
        claims.claim("eq-none", "q (y - f) = q y - q f", implements=(lu.Pinball, "value"), **outside)
