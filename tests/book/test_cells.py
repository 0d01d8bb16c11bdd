"""What the site's extensions make of a notebook's cells: claims, figures, tabs, solutions; and of their data."""

import json

import pytest
from docutils import nodes

from _ext.assumptions import assumption
from _ext.cells import ready
from _ext.directives import meaning, meanings, verdict_line
from _ext.pictures import picture
from lossutils.book.page import CLAIM, FIGURE

SVG = '<svg width="9pt" height="9pt" viewBox="0 0 9 9"><title>A "line"</title><path id="a" fill="#222222"/></svg>'
DEFINITION = {
    "kind": "definition", "label": "eq-v", "latex": "v = 1", "given": {}, "where": [], "assumptions": [],
    "status": "definition", "line": "definition",
}  # fmt: skip


def code(source, *outputs, tags=()):
    return {"cell_type": "code", "id": "c", "metadata": {"tags": list(tags)}, "source": source, "outputs": outputs}


def text(source):
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": source}


def shown(data):
    return {"output_type": "display_data", "data": data}


def printed(words):
    return {"output_type": "stream", "text": [words]}


@pytest.fixture
def found():
    """The claims that were met."""
    return {}


@pytest.fixture
def drawn(found):
    """The sources of the cells that are made of some."""
    return lambda *cells: [cell["source"] for cell in ready(list(cells), found)]


def test_an_ordinary_cell_stays_as_it_is(drawn, found):
    cells = [text("words"), code("1 + 1", printed("2\n"))]
    assert list(ready(cells, found)) == cells


def test_a_claim_s_cell_becomes_a_directive_and_its_data_are_kept(drawn, found):
    assert drawn(code("define(...)", shown({CLAIM: DEFINITION}))) == ["```{claim} eq-v\n```"]
    assert found["eq-v"].data == DEFINITION and found["eq-v"].code == "define(...)"


def test_a_figure_s_ink_follows_the_theme_and_its_caption_is_shown_once(drawn, tmp_path):
    about = {"label": "fig-a", "caption": "A caption.", "alt": 'A "line"', "narrow": SVG}
    (source,) = drawn(
        code("show(...)", shown({"image/svg+xml": SVG, FIGURE: about}), shown({"text/markdown": "*A caption.*"}))
    )
    opened, options, _, body, closed = source.split("\n")
    assert (opened, options, closed) == ("~~~~{book-figure}", ":name: fig-a", "~~~~")
    drawing = json.loads(body)
    assert drawing["caption"] == "A caption." and drawing["code"] == "show(...)"
    html = picture(tmp_path, "../", drawing["svg"], drawing["narrow"], drawing["alt"])
    assert html.count("<source ") == 2 and html.count('alt="A &quot;line&quot;"') == 2  # for phones; light and dark
    assert {p.name[-9:] for p in tmp_path.glob("_images/*")} == {"light.svg", "-dark.svg"}
    (dark,) = tmp_path.glob("_images/*-dark.svg")
    assert "#222222" not in dark.read_text() and "#ced6dd" in dark.read_text()


def test_a_folded_cell_shows_what_it_printed_above_its_code(drawn):
    (source,) = drawn(code("compute()", printed("7\n"), tags=["fold"]))
    assert source == "~~~~text\n7\n~~~~\n\n~~~~{folded-code}\ncompute()\n~~~~"


def test_neighbouring_tabs_stand_in_one_set(drawn):
    tabs = [code(f"{name}()", printed("1\n"), tags=[f"tab:{name}"]) for name in ("NumPy", "PyTorch")]
    first, between, last = drawn(*tabs, text("words"), tabs[0])
    assert first.count(":::{tab-item}") == 2 and ":sync: pytorch" in first and "~~~~text\n1\n~~~~" in first
    assert between == "words" and last.count(":::{tab-item}") == 1


def test_code_after_an_exercise_is_folded_until_the_next_section(drawn):
    made = drawn(text("## Exercises"), code("a = 1"), code("print(a)", printed("1\n")), text("## After"), code("b"))
    assert made[1].startswith("::::::{dropdown} The solution, checked\n~~~~python\na = 1\n~~~~")
    assert "print(a)\n~~~~\n\n~~~~text\n1\n~~~~" in made[1]
    assert made[2:] == ["## After", "b"]


def test_the_line_under_an_equation_is_safe_html():
    claim = DEFINITION | {"given": {"z": "2y-1"}, "assumptions": ["a < b"]}
    line = verdict_line(claim)
    assert [n.astext() for n in line if isinstance(n, nodes.math)] == ["a < b", "z = 2y-1"]
    assert 'popovertarget="means-definition"' in line[0].astext() and "introduces a symbol" in meanings()


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [("v", "[0, 1]", r"$v \in [0, 1]$"), ("v", "positive", "$v > 0$"), ("hat_y", "p < 1", r"$\hat y = p < 1$")],
)
def test_a_domain_is_told_from_an_expression(name, said, shown):
    assert meaning(name, said) == shown


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("f, y real vector of length n", r"$f, y \in \mathbb{R}^{n}$"),
        ("P proper nonempty subset of 1..K", r"nonempty $P \subsetneq \{1, \dots, K\}$"),
        ("epsilon - ((b - a)*2^(-1)) < abs(c)", r"$\epsilon - \tfrac{b - a}{2} < \left|c\right|$"),
        ("2*log(2) < lambda*w^2", r"$2 \log(2) < \lambda w^{2}$"),
        ("a*(b + c) < 1", "$a (b + c) < 1$"),
        ("a - (b - c) < 1", "$a - (b - c) < 1$"),
        ("whatever else it says", "whatever else it says"),
    ],
)
def test_an_assumption_is_typeset(plain, typeset):
    assert assumption(plain) == typeset
