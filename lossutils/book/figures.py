"""One look for all the book's figures, and figures that come out the same, byte for byte, on every machine."""

from __future__ import annotations

import io
import re

import matplotlib
import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from .page import FAINT, FIGURE, INK, PAPER, FigureData

BLUE, ORANGE, GREEN, PURPLE, RED, GREY = "#3a7fc2", "#d9772e", "#2f9469", "#9264b8", "#cf4a55", "#858585"
COLOURS = (BLUE, ORANGE, GREEN, PURPLE, RED, GREY)

NARROW = 4.1  # inches: the width of a figure for a phone

LOOK = {
    "axes.axisbelow": True,
    "axes.edgecolor": INK,
    "axes.grid": True,
    "axes.labelcolor": INK,
    "axes.labelsize": 10.5,
    "axes.linewidth": 0.8,
    "axes.prop_cycle": plt.cycler(color=COLOURS),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 11,
    "axes.titlecolor": INK,
    "axes.facecolor": "none",
    "figure.constrained_layout.use": True,
    "figure.facecolor": PAPER,
    "figure.figsize": (7.4, 3.2),
    "font.size": 10,
    "grid.color": FAINT,
    "grid.linewidth": 0.6,
    "legend.frameon": False,
    "legend.labelcolor": INK,
    "lines.linewidth": 1.9,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "path",
    "svg.hashsalt": "lossutils",
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 9.5,
    "ytick.labelsize": 9.5,
}

_PLACED = re.compile(r' (?:d|x|y|x1|x2|y1|y2)="[^"]*"|translate\([^)]*\)')  # where SVG holds coordinates, not scales
_NUMBER = re.compile(r"-?\d+\.\d{3,}")


def _rounded(match: re.Match[str]) -> str:
    return _NUMBER.sub(lambda m: f"{float(m.group()):.2f}".rstrip("0").rstrip("."), match.group())


def use_look() -> None:
    """Set the book's look, over whatever a matplotlibrc says."""
    matplotlib.use("agg")
    plt.rcdefaults()
    plt.rcParams.update(LOOK)


def svg(figure: Figure, alt: str) -> str:
    """The figure as SVG with `alt` for its title, coordinates rounded to a hundredth of a point."""
    out = io.StringIO()
    figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None, "Title": alt})
    text = out.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>\s*", "", text, flags=re.DOTALL)
    text = _PLACED.sub(_rounded, text)
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def narrow(figure: Figure) -> bool:
    """Lay the figure out for a phone, its panels below one another; whether that could be done."""
    panels = figure.axes
    places = [axes.get_subplotspec() for axes in panels]
    if not panels or any(place is None or place.get_gridspec().nrows != 1 for place in places):
        return False
    height = figure.get_size_inches()[1]
    grid = figure.add_gridspec(len(panels), 1)
    for k, axes in enumerate(panels):
        axes.set_subplotspec(grid[k])
        axes.tick_params(labelleft=True, labelbottom=True)  # a panel no longer shares them with its neighbour
        if axes.get_shared_y_axes().joined(axes, panels[0]):
            axes.set_ylabel(panels[0].get_ylabel())
    figure.set_size_inches(NARROW, min(height, 3.4) * 0.88 * len(panels))
    return True


def show(figure: Figure, alt: str, label: str = "", caption: str = "") -> None:
    """Display a figure.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        What to show; it is closed.
    alt : str
        What it shows, in words, for those who cannot see it.
    label, caption : str
        A label to refer to it by, and the text under it.
    """
    from IPython.display import display

    wide, about = svg(figure, alt), FigureData(label=label, caption=caption, alt=alt)
    if narrow(figure):
        about["narrow"] = svg(figure, alt)
    plt.close(figure)
    display({"image/svg+xml": wide, "text/plain": f"Figure: {alt}", FIGURE: about}, raw=True)
    if caption:
        display({"text/markdown": f"*{caption}*", "text/plain": caption}, raw=True)
