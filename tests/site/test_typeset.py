"""What the typesetter does besides Temml: signs between cells, and rows that wrap."""

import io
import re

from fontTools.ttLib import TTFont

from _ext.fonts import small_font, used
from _ext.mathml import typeset


def test_a_sign_that_goes_on_with_the_cell_before_has_its_space():
    cell = typeset(r"\begin{aligned} a&+(1-y) \\ &= -b \end{aligned}", True).split("<mtd")[2]
    assert re.search(r'<mo form="infix"[^>]*>\+', cell)


def test_a_sign_that_begins_a_line_is_a_sign():
    cell = typeset(r"\begin{aligned} &-a \\ &= b \end{aligned}", True).split("<mtd")[2]
    assert not re.search(r'<mo form="infix"[^>]*>−', cell)


def test_a_formula_breaks_before_a_bracket_does():
    said = re.sub(r"<(?!mrow|/mrow)[^>]*>| form=.infix.", "", typeset(r"a\bigl(b+c\bigr)+d", True))
    inner = '<mrow class="wraps"><mrow>a(b</mrow><mrow>+c)</mrow></mrow>'
    assert said == f'<mrow class="wraps">{inner}<mrow>+d</mrow></mrow>'


def test_a_prime_is_no_exponent():
    assert "<msup>" not in typeset(r"\ell'(r)") and "′" in typeset(r"\ell'(r)")
    assert "<msup>" not in typeset(r"\phi''(u)")
    assert "<msup>" in typeset(r"\ell^2(r)")


def test_the_font_has_the_sign_that_is_drawn_for_a_root():
    formula = typeset(r"\frac{1}{6\sqrt 3}", True)
    assert "msqrt" in formula and "√" not in formula
    assert ord("√") in TTFont(io.BytesIO(small_font(used([formula])))).getBestCmap()
