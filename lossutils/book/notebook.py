"""What every chapter imports first: the book's settings, the frameworks, the look of figures, and claims.

Use: ``from lossutils.book.notebook import np, torch, tf, plt, lu, claim, define, show, table``.
"""

from __future__ import annotations

import os

# Outputs have to be the same on every machine. Libraries read these when they are loaded.
os.environ.update(
    CUDA_VISIBLE_DEVICES="-1",  # a graphics card rounds otherwise
    LOSSUTILS_COMPILED="large",  # no notebook waits for what its few small batches would gain
    MKL_NUM_THREADS="1",  # sums depend on how they are split among threads
    OMP_NUM_THREADS="1",
    OPENBLAS_NUM_THREADS="1",
    TF_CPP_MIN_LOG_LEVEL="3",  # log lines would be stored as outputs
    TF_ENABLE_ONEDNN_OPTS="0",  # it rounds as the processor suggests
)

import importlib
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
from threadpoolctl import threadpool_limits

import lossutils as lu

from ..frameworks import one_process  # noqa: F401
from . import figures
from .claims import claim, define
from .figures import show
from .tables import table

__all__ = ["claim", "define", "lu", "np", "plt", "show", "table"]  # and tf and torch, by __getattr__

threadpool_limits(1)  # NumPy was loaded before its settings were made: lossutils itself imports it
figures.use_look()
np.set_printoptions(precision=6, suppress=True, linewidth=100)


def __getattr__(name: str) -> ModuleType:
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
