"""Who runs in `speed`: this package and, for each case, what NumPy's libraries, PyTorch and TensorFlow offer."""

import os
import shutil

import numpy as np

import lossutils as lu
from lossutils.frameworks import settings

CASES = [
    ("softmax", (32, 10)),
    ("softmax", (4096, 1000)),
    ("softmax", (256, 100_000)),
    ("softmax", (65_536, 10)),
    ("softmax", (16, 1_000_000)),
    ("binary", (320,)),
    ("binary", (10_000_000,)),
    ("huber", (320,)),
    ("huber", (10_000_000,)),
    ("several", (32, 10)),
    ("several", (4096, 1000)),
]
LOSSES = {
    "softmax": lu.SoftmaxCrossEntropy(),
    "binary": lu.BinaryCrossEntropy(),
    "huber": lu.Huber(),
    "several": lu.MultiPositiveCrossEntropy(),
}


def data(case, shape):
    """Targets and float32 predictions."""
    rng = np.random.default_rng(0)
    f = rng.normal(0, 3, shape).astype(np.float32)
    if case == "softmax":
        return rng.integers(0, shape[-1], shape[:-1]), f
    if case == "several":
        y = (rng.random(shape) < 4 / shape[-1]).astype(np.float32)
        y[:, 0] = 1
        return y, f
    return (rng.random(shape) < 0.5).astype(np.float32) if case == "binary" else rng.normal(size=shape).astype("f4"), f


def of(framework, case, y, f, gradient):
    """The contenders of one framework, as functions of no argument."""
    found = {"numpy": _numpy, "torch": _torch, "tensorflow": _tensorflow}[framework](case, y, f, gradient)
    if f.size < settings.LARGE and framework != "tensorflow" and settings.core() is not None:
        found[f"{framework} lossutils, not compiled"] = _not_compiled(found[f"{framework} lossutils"])
    return found


def _not_compiled(function):
    """The same under LOSSUTILS_COMPILED=large."""
    large = settings.use_core("large")

    def call():
        with large:
            function()

    return call


# NumPy, SciPy and scikit-learn.


def _numpy(case, y, f, gradient):
    from sklearn._loss import loss as sk

    loss = LOSSES[case]
    found = {
        "numpy lossutils": lambda: (loss.value_and_gradient if gradient else loss)(y, f),
        "numpy lossutils, unchecked": lambda: (loss.value_and_gradient if gradient else loss)(y, f, validate=False),
        "numpy, stable": lambda: _PLAIN[case](y, f, gradient),
    }
    theirs = None
    if case == "softmax" and f.shape[1] > 2:
        theirs, target = sk.HalfMultinomialLoss(n_classes=f.shape[1]), y.astype(np.float32)
    elif case == "binary":
        theirs, target = sk.HalfBinomialLoss(), y
    elif case == "huber":
        theirs, target = sk.HuberLoss(quantile=0.9, delta=1.0), y
    if theirs is not None:
        call = theirs.loss_gradient if gradient else theirs.loss
        found["numpy scikit-learn"] = lambda: call(target, f, n_threads=len(os.sched_getaffinity(0)))
    return found


def _softmax(y, s, gradient):
    shifted = s - s.max(-1, keepdims=True)
    e = np.exp(shifted)
    total = e.sum(-1, keepdims=True)
    value = np.log(total[:, 0]) - np.take_along_axis(shifted, y[:, None], -1)[:, 0]
    if gradient:
        e /= total
        e[np.arange(len(y)), y] -= 1
    return value, e


def _several(y, s, gradient):
    from scipy.special import log_softmax

    logp, m = log_softmax(s, axis=-1), y.sum(-1, keepdims=True)
    return -(y * logp).sum(-1) / m[:, 0], np.exp(logp) - y / m if gradient else None


def _binary(y, f, gradient):
    value = np.maximum(f, 0) - y * f + np.log1p(np.exp(-np.abs(f)))
    from scipy.special import expit

    return value, expit(f) - y if gradient else None


def _huber(y, f, gradient):
    r = f - y
    a = np.abs(r)
    return np.where(a <= 1, 0.5 * r * r, a - 0.5), np.clip(r, -1, 1) if gradient else None


_PLAIN = {"softmax": _softmax, "several": _several, "binary": _binary, "huber": _huber}


# PyTorch.


def _torch(case, y, f, gradient):
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(len(os.sched_getaffinity(0)))
    loss, y = LOSSES[case], torch.tensor(y)

    def theirs(y, f):
        if case == "softmax":
            return F.cross_entropy(f, y, reduction="none")
        if case == "binary":
            return F.binary_cross_entropy_with_logits(f, y, reduction="none")
        if case == "huber":
            return F.huber_loss(f, y, reduction="none")
        return F.cross_entropy(f, y / y.sum(-1, keepdim=True), reduction="none")

    def notes(y, f):
        """The notes' formulation, mended: m log sum exp less the sum of the positives' scores."""
        return torch.logsumexp(f, -1) - (y * f).sum(-1) / y.sum(-1)

    def run(function):
        x = torch.tensor(f, requires_grad=gradient)

        def step():
            value = function(y, x)
            if gradient:
                x.grad = None
                value.sum().backward()

        return step

    found = {"torch lossutils": run(loss), "torch eager": run(theirs)}
    if case == "several":
        found["torch eager, notes"] = run(notes)
    if shutil.which("g++") or shutil.which("clang++"):
        torch.compiler.reset()
        found["torch compiled"] = run(torch.compile(theirs, dynamic=False))
    return found


# TensorFlow.


def _tensorflow(case, y, f, gradient):
    import tensorflow as tf

    loss, y, f = LOSSES[case], tf.constant(y), tf.constant(f)

    def theirs(y, f):
        if case == "softmax":
            return tf.nn.sparse_softmax_cross_entropy_with_logits(y, f)
        if case == "binary":
            return tf.nn.sigmoid_cross_entropy_with_logits(y, f)
        if case == "huber":
            e = tf.abs(y - f)
            return tf.where(e <= 1, 0.5 * e * e, e - 0.5)
        return tf.nn.softmax_cross_entropy_with_logits(y / tf.reduce_sum(y, -1, keepdims=True), f)

    def run(function, wrap):
        def step(y, f):
            if not gradient:
                return function(y, f)
            with tf.GradientTape() as tape:
                tape.watch(f)
                value = function(y, f)
            return value, tape.gradient(value, f)

        step = wrap(step)
        return lambda: step(y, f)

    ways = {"eager": lambda step: step, "graph": tf.function, "xla": tf.function(jit_compile=True)}
    found = {}
    for name, wrap in ways.items():
        found[f"tensorflow {name} lossutils"] = run(loss, wrap)
        found[f"tensorflow {name}"] = run(theirs, wrap)
    return found
