"""A figure of the margin losses whose score a slider moves: one piece of HTML, no kernel, no network, no library."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from math import exp, log2
from typing import NamedTuple

from ..figures import BLUE, GREEN, GREY, ORANGE, PURPLE, RED

LEFT, RIGHT, TOP, BOTTOM = 34, 410, 12, 250  # of the axes, in the drawing's units
SPAN, HIGHEST = 3.0, 6.0  # margins from -SPAN to SPAN, losses from 0 to HIGHEST
START = -0.5


class MarginLoss(NamedTuple):
    """A loss of the margin u."""

    name: str
    colour: str
    value: Callable[[float], float]
    value_script: str  # the same in JavaScript
    slope_script: str


LOSSES = [
    MarginLoss("0-1", "currentColor", lambda u: float(u <= 0), "u <= 0 ? 1 : 0", "0"),
    MarginLoss("perceptron", GREY, lambda u: max(0.0, -u), "Math.max(0, -u)", "u < 0 ? -1 : 0"),
    MarginLoss("hinge", BLUE, lambda u: max(0.0, 1 - u), "Math.max(0, 1 - u)", "u < 1 ? -1 : 0"),
    MarginLoss(
        "modified Huber",
        PURPLE,
        lambda u: -4 * u if u < -1 else max(0.0, 1 - u) ** 2,
        "u < -1 ? -4 * u : Math.max(0, 1 - u) ** 2",
        "-Math.min(4, 2 * Math.max(0, 1 - u))",
    ),
    MarginLoss(
        "squared hinge", ORANGE, lambda u: max(0.0, 1 - u) ** 2, "Math.max(0, 1 - u) ** 2", "-2 * Math.max(0, 1 - u)"
    ),
    MarginLoss("exponential", RED, lambda u: exp(-u), "Math.exp(-u)", "-Math.exp(-u)"),
    MarginLoss(
        "logistic, base 2",
        GREEN,
        lambda u: log2(1 + exp(-u)),
        "Math.log2(1 + Math.exp(-u))",
        "-1 / (1 + Math.exp(u)) / Math.LN2",
    ),
]

# The theme puts HTML outputs on a light ground in its dark mode; this figure takes the page's colours instead.
STYLE = """
html .text_html:has(#margin-explorer) { background: none !important; padding: 0 !important; }
.margin-explorer { display: flex; flex-wrap: wrap; gap: 0.4rem 1.6rem; align-items: flex-start; }
.margin-explorer { margin: 1.2rem 0 0.4rem; }
.margin-explorer, .margin-explorer * { color: var(--pst-color-text-base, currentColor); box-sizing: border-box; }
.margin-explorer svg { flex: 1 1 20rem; min-width: 0; max-width: 32rem; height: auto; }
.margin-explorer svg text { fill: currentColor; font-size: 12px; }
.margin-explorer .panel { flex: 1 1 15rem; max-width: 24rem; font-size: 0.86rem; }
.margin-explorer input[type="range"] { width: 100%; accent-color: var(--pst-color-primary, auto); }
.margin-explorer fieldset { border: 0; margin: 0 0 0.3rem; padding: 0; display: flex; gap: 1rem; align-items: center; }
.margin-explorer legend { float: left; padding: 0; margin: 0 0.6rem 0 0; font-size: inherit; width: auto; }
.margin-explorer table { border-collapse: collapse; width: 100%; margin: 0.3rem 0 0; display: table; }
.margin-explorer th, .margin-explorer td { padding: 0.12rem 0.3rem; text-align: right; }
.margin-explorer td, .margin-explorer output { font-variant-numeric: tabular-nums; }
.margin-explorer th:first-child { text-align: left; font-weight: normal; }
.margin-explorer thead th { font-weight: 600; border-bottom: 1px solid var(--pst-color-border, currentColor); }
.margin-explorer .swatch { display: inline-block; width: 0.9em; height: 0.25em; margin-right: 0.45em; }
.margin-explorer .swatch { vertical-align: middle; }
"""

SCRIPT = """
(function () {
  const root = document.getElementById("margin-explorer");
  const losses = [LOSSES];
  const slider = root.querySelector("input[type=range]");
  const place = (u) => LEFT + (u + SPAN) / (2 * SPAN) * WIDTH;
  const shown = (x, digits) => (Number(x.toFixed(digits)) + 0).toFixed(digits).replace("-", "−");
  function update() {
    const f = Number(slider.value), z = Number(root.querySelector("input[type=radio]:checked").value), u = z * f;
    root.querySelector(".score").textContent = shown(f, 2);
    root.querySelector(".margin").textContent = shown(u, 2);
    root.querySelector(".cursor").setAttribute("transform", "translate(" + place(u).toFixed(1) + " 0)");
    losses.forEach(function (loss, k) {
      const value = loss[0](u), slope = z * loss[1](u), dot = root.querySelectorAll("circle")[k];
      root.querySelectorAll(".value")[k].textContent = shown(value, 3);
      root.querySelectorAll(".slope")[k].textContent = shown(slope, 3);
      dot.setAttribute("cy", (BOTTOM - value / HIGHEST * HEIGHT).toFixed(1));
      dot.setAttribute("opacity", value > HIGHEST ? 0 : 1);
    });
  }
  root.addEventListener("input", update);
  update();
})();
"""


def _x(u: float) -> float:
    return LEFT + (u + SPAN) / (2 * SPAN) * (RIGHT - LEFT)


def _y(value: float) -> float:
    return BOTTOM - value / HIGHEST * (BOTTOM - TOP)


def _curve(loss: MarginLoss) -> str:
    jumps = loss.name == "0-1"
    margins = [-SPAN, 0, 0, SPAN] if jumps else [k / 20 for k in range(-60, 61)]
    heights = [1, 1, 0, 0] if jumps else [loss.value(u) for u in margins]
    points = " ".join(f"{_x(u):.1f},{_y(h):.1f}" for u, h in zip(margins, heights, strict=True) if h <= 1.02 * HIGHEST)
    dashes = ' stroke-dasharray="5 3"' if loss.name in ("0-1", "squared hinge") else ""
    return f'<polyline points="{points}" fill="none" stroke="{loss.colour}" stroke-width="1.9"{dashes}/>'


def _axes() -> str:
    parts = [f'<path d="M{LEFT} {TOP}V{BOTTOM}H{RIGHT}" fill="none" stroke="currentColor"/>']
    for u in range(-3, 4):
        parts.append(f'<text x="{_x(u):.1f}" y="{BOTTOM + 17}" text-anchor="middle">{u}</text>'.replace(">-", ">−"))
    for value in range(7):
        parts.append(f'<text x="{LEFT - 8}" y="{_y(value) + 4:.1f}" text-anchor="end">{value}</text>')
    middle = (LEFT + RIGHT) / 2
    return "".join(parts) + f'<text x="{middle:.0f}" y="{BOTTOM + 36}" text-anchor="middle">margin u = z f</text>'


def _row(loss: MarginLoss) -> str:
    swatch = f'<span class="swatch" style="background:{loss.colour}"></span>'
    return f'<tr><th scope="row">{swatch}{escape(loss.name)}</th><td class="value"></td><td class="slope"></td></tr>'


def _script() -> str:
    functions = ", ".join(f"[(u) => {loss.value_script}, (u) => {loss.slope_script}]" for loss in LOSSES)
    script = SCRIPT.replace("[LOSSES]", f"[{functions}]")
    numbers = {"WIDTH": RIGHT - LEFT, "HEIGHT": BOTTOM - TOP, "LEFT": LEFT, "BOTTOM": BOTTOM}
    for word, number in (numbers | {"SPAN": SPAN, "HIGHEST": HIGHEST}).items():
        script = script.replace(word, f"{number:g}")
    return script


def margin_explorer() -> str:
    """The figure as HTML, the same on every machine."""
    dots = "".join(f'<circle r="4" fill="{loss.colour}"/>' for loss in LOSSES)
    cursor = f'<path d="M0 {TOP}V{BOTTOM}" stroke="currentColor" stroke-width="0.8"/>{dots}'
    drawing = (
        f'<svg viewBox="0 0 420 294" role="img" aria-label="Seven losses against the margin, with a movable marker.">'
        f'{_axes()}{"".join(map(_curve, LOSSES))}<g class="cursor">{cursor}</g></svg>'
    )
    controls = (
        '<fieldset><legend>Label z</legend><label><input type="radio" name="margin-label" value="1" checked> +1</label>'
        '<label><input type="radio" name="margin-label" value="-1"> −1</label></fieldset>'
        '<label for="margin-score">Score f = <output class="score"></output>, margin u = '
        '<output class="margin"></output></label>'
        f'<input type="range" id="margin-score" min="-3" max="3" step="0.05" value="{START}">'
    )
    head = '<thead><tr><th scope="col">Loss</th><th scope="col">value</th><th scope="col">slope in f</th></tr></thead>'
    table = f"<table>{head}<tbody>{''.join(map(_row, LOSSES))}</tbody></table>"
    panel = f'<div class="panel">{controls}{table}</div>'
    opened = '<div class="margin-explorer" id="margin-explorer" role="group" aria-label="Margin losses">'
    body = f"{opened}{drawing}{panel}</div>"
    return f"<style>{STYLE}</style>{body}<script>{_script()}</script>"


def show_margin_explorer() -> None:
    """Display the figure."""
    from IPython.display import display

    words = "Interactive figure: seven losses of the margin, read off at a score that a slider moves."
    display({"text/html": margin_explorer(), "text/plain": words}, raw=True)
