"""What `make speed` measured, as ratios, tables and a figure: read from its file, not measured again."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TypedDict, cast

from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, NullLocator

from ..figures import COLOURS
from ..page import INK

WAYS = {  # how this package was run; what it is compared with: the least time among those whose names begin so
    "NumPy": ("numpy lossutils", "numpy"),
    "PyTorch": ("torch lossutils", "torch eager"),
    "torch.compile": ("torch lossutils", "torch compiled"),
    "TensorFlow": ("tensorflow eager lossutils", "tensorflow eager"),
    "tf.function": ("tensorflow graph lossutils", "tensorflow graph"),
    "XLA": ("tensorflow xla lossutils", "tensorflow xla"),
}
PANELS = {
    "NumPy": ["NumPy"],
    "PyTorch": ["PyTorch", "torch.compile"],
    "TensorFlow": ["TensorFlow", "tf.function", "XLA"],
}
_SHORT = {"torch.compile": "compiled", "tf.function": "graph"}
_RAISED = str.maketrans("5678", "⁵⁶⁷⁸")


class Run(TypedDict):
    """One run of one case."""

    seconds: float
    bytes: int  # beyond the inputs


Results = dict[str, dict[str, Run]]  # case, then who ran
GRADIENT, PLAIN = " with gradient", ", not compiled"


def load(path: str) -> Results:
    """Case, then who ran, then seconds and bytes: what benchmarks/speed.py wrote."""
    return cast(Results, json.loads(Path(path).read_text()))


def spoken(case: str) -> str:
    """A case as it is shown: 100000 as a power of ten."""
    return re.sub(r"1(0{5,})", lambda m: "10" + str(len(m[1])).translate(_RAISED), case).replace("x1", "×1")


def ratio(row: dict[str, Run], way: str, plain: bool = False) -> float | None:
    """This package's time over the least of the others', None where one of them is missing."""
    own, mark = WAYS[way]
    others = [r["seconds"] for name, r in row.items() if name.startswith(mark) and "lossutils" not in name]
    mine = row.get(own + PLAIN * plain)
    return mine["seconds"] / min(others) if mine and others else None


def shown(x: float | None) -> str:
    """A ratio to two digits."""
    return "" if x is None else f"{x:.2f}" if x < 9.95 else f"{x:.0f}"


def ratio_rows(results: Results) -> list[list[str]]:
    """A row for each case, and a second for a small one without the compiled core."""
    rows = []
    for case, row in results.items():
        rows.append([spoken(case), *(shown(ratio(row, way)) for way in WAYS)])
        if any(PLAIN in name for name in row):
            plain = [shown(ratio(row, way, plain=True)) for way in WAYS]
            rows.append([f"{spoken(case)}, not compiled", *plain])
    return rows


def spans(results: Results) -> list[list[str]]:
    """Of each way: in how many cases it is the faster; its least, middle and greatest ratio; small batches apart."""
    rows = []
    small = {case for case, row in results.items() if any(PLAIN in name for name in row)}
    groups = [("large arrays", False, False), ("small batches", True, False), ("small, not compiled", True, True)]
    for title, of_small, plain in groups:
        cases = [row for case, row in results.items() if (case in small) is of_small]
        for way in WAYS:
            found = sorted(x for row in cases if (x := ratio(row, way, plain)) is not None)
            if found:
                middle = shown(found[len(found) // 2])
                faster = f"{sum(x < 1 for x in found)} of {len(found)}"
                rows.append([f"{title}, {way}", faster, shown(found[0]), middle, shown(found[-1])])
    return rows


def worst_errors(path: str) -> list[list[str]]:
    """The largest error in ulps by framework and type, over all losses: what benchmarks/accuracy.py wrote."""
    table = json.loads(Path(path).read_text())
    rows = []
    for framework, title in (("numpy", "NumPy"), ("torch", "PyTorch"), ("tensorflow", "TensorFlow")):
        for dtype in ("float32", "float64"):
            found = [row["ours"][f"{framework} {dtype}"] for row in table.values()]
            wrong = sum(e["wrong"] for e in found)
            rows.append([f"{title}, {dtype}", *(str(max(e[k] for e in found)) for k in ("value", "terms")), str(wrong)])
    return rows


def time_rows(results: Results) -> list[list[str]]:
    """Milliseconds of this package, the same over a plain copy of the prediction, and the share of the checks."""
    rows = []
    for case, row in results.items():
        if any(PLAIN in name for name in row):  # a small one
            continue
        own, unchecked, copy = (row[n]["seconds"] for n in ("numpy lossutils", "numpy lossutils, unchecked", "copy"))
        milliseconds = [f"{1e3 * row[WAYS[w][0]]['seconds']:.3g}" for w in ("NumPy", "PyTorch", "TensorFlow", "XLA")]
        rows.append([spoken(case), *milliseconds, f"{own / copy:.1f}", f"{100 * (own / unchecked - 1):+.0f} %"])
    return rows


def memory_rows(results: Results) -> list[list[str]]:
    """Megabytes beyond the inputs, on the largest arrays."""
    names = ["numpy lossutils", "numpy, stable", "torch lossutils", "torch eager"]
    names += ["tensorflow graph lossutils", "tensorflow graph"]
    rows = []
    for case, row in results.items():
        if any(size in case for size in ("x1000000", "x100000", "10000000")):
            taken = [f"{row[name]['bytes'] / 1e6:.0f}" if name in row else "" for name in names]
            rows.append([spoken(case), *taken])
    return rows


def draw(results: Results) -> Figure:
    """The ratios on a logarithmic scale: forward a disc, with gradient a ring."""
    import matplotlib.pyplot as plt

    cases = [c for c in results if GRADIENT not in c]
    figure: Figure
    figure, panels = plt.subplots(1, len(PANELS), figsize=(7.4, 4.2), sharey=True)
    for axes, (title, ways) in zip(panels, PANELS.items(), strict=True):
        axes.axvline(1, color=INK, linewidth=1)
        for way, colour in zip(ways, COLOURS, strict=False):
            for k, case in enumerate(cases):
                for key, face in ((case, colour), (case + GRADIENT, "none")):
                    at = ratio(results[key], way)
                    axes.plot(at, len(cases) - k, "o", color=colour, markerfacecolor=face, markersize=5.5)
            axes.plot([], [], "o", color=colour, label=_SHORT.get(way, way if way != title else "eager"))
        axes.set(title=title, xscale="log", xlim=(0.1, 7.5), ylim=(-0.9, len(cases) + 0.6), xlabel="time, over theirs")
        axes.set_xticks([0.125, 0.25, 0.5, 1, 2, 4])
        axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: {0.125: "⅛", 0.25: "¼", 0.5: "½"}.get(x, f"{x:g}")))
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_yticks(range(len(cases), 0, -1), map(spoken, cases))
        if len(ways) > 1:
            axes.legend(loc="lower left", fontsize=8.5, ncols=3, handletextpad=0.1, columnspacing=0.6, borderaxespad=0)
    return figure
