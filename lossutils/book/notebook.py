"""What every chapter imports first: the frameworks on one thread and without their log lines, the look, and claims.

Use: ``from lossutils.notebook import np, torch, tf, plt, lu, claim, define, show``.
"""

from __future__ import annotations

import os

# Read at import; one thread, because sums at full precision depend on how they are split; no log lines, no GPU.
os.environ.update(OMP_NUM_THREADS="1", MKL_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", TF_ENABLE_ONEDNN_OPTS="0", CUDA_VISIBLE_DEVICES="-1")

import importlib
from typing import Any

import matplotlib.pyplot as plt
import numpy as np

import lossutils as lu

from ..frameworks import one_process
from . import figures
from .claims import claim, define
from .figures import show


def table(headers: list[str], rows: list[list[Any]]) -> None:
    """Display a table."""
    from IPython.display import display

    cells = [[str(c) for c in row] for row in rows]
    widths = [max(len(r[k]) for r in [headers, *cells]) for k in range(len(headers))]
    plain = "\n".join("  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in [headers, *cells])
    lines = [headers, ["---"] * len(headers), *cells]
    markdown = "\n".join("| " + " | ".join(c.replace("|", "\\|") for c in row) + " |" for row in lines)
    display({"text/markdown": markdown, "text/plain": plain}, raw=True)


figures.use_look()
np.set_printoptions(precision=6, suppress=True, linewidth=100)


def __getattr__(name: str) -> Any:
    """Load PyTorch and TensorFlow when a chapter asks for them."""
    if name == "torch":
        torch = importlib.import_module("torch")
        torch.set_num_threads(1)
        torch.manual_seed(0)
        torch.set_printoptions(precision=6, linewidth=100)
        return torch
    if name == "tf":
        tf = importlib.import_module("tensorflow")
        tf.config.threading.set_intra_op_parallelism_threads(1)
        tf.config.threading.set_inter_op_parallelism_threads(1)
        tf.keras.utils.set_random_seed(0)
        return tf
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
