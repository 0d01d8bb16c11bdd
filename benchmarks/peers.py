"""What the frameworks themselves offer for each loss, and how to get value and gradient from it.

A peer is a function of (target, prediction) that returns the losses of the examples, times the factor that its
convention differs by from this package's.
"""

import importlib.util
import sys

import numpy as np


def installed(framework):
    """Whether a framework can be imported."""
    module = {"numpy": "numpy", "sklearn": "sklearn", "optax": "optax"}.get(framework, framework)
    return importlib.util.find_spec(module) is not None


def array(framework, x, dtype):
    """A NumPy array in a framework and a dtype."""
    if framework == "torch":
        import torch

        return torch.tensor(x) if dtype is None else torch.tensor(x).to(getattr(torch, dtype))
    if framework == "tensorflow":
        import tensorflow as tf

        # a cast by TensorFlow would set subnormal numbers to zero
        return tf.constant(x) if dtype is None else tf.constant(x.astype(tf.as_dtype(dtype).as_numpy_dtype))
    return np.asarray(x, dtype)


def read(x):
    """The reverse, in float64."""
    torch, tf = sys.modules.get("torch"), sys.modules.get("tensorflow")
    if torch is not None and isinstance(x, torch.Tensor):
        return x.detach().double().numpy()
    if tf is not None and tf.is_tensor(x):
        return x.numpy().astype(np.float64)  # a cast by TensorFlow would set subnormal numbers to zero
    return np.asarray(x, np.float64)


# From a peer to a function that gives value and gradient.


def of_torch(function):
    """By autograd."""
    import torch

    def compute(y, f):
        y = torch.tensor(y)
        y = y.to(f.dtype) if y.is_floating_point() else y
        f = f.clone().requires_grad_()
        value = function(torch.nn.functional, y, f)
        return value, torch.autograd.grad(value.sum(), f)[0]

    return compute


def of_tensorflow(function):
    """By a tape."""
    import tensorflow as tf

    def compute(y, f):
        y = tf.constant(y)
        y = tf.cast(y, f.dtype) if y.dtype.is_floating else y
        with tf.GradientTape() as tape:
            tape.watch(f)
            value = function(tf, y, f)
        return value, tape.gradient(value, f)

    return compute


def of_optax(function):
    """By JAX, in 64 bits where asked."""
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)

    def compute(y, f):
        y = y if y.dtype.kind == "i" else y.astype(f.dtype)
        value = function(optax, y, f)
        return value, jax.grad(lambda f: function(optax, y, f).sum())(f)

    return compute


def of_sklearn(function):
    """By scikit-learn's own loss classes."""
    from sklearn._loss import loss as module

    def compute(y, f):
        made, factor = function(module)
        y, raw = np.ascontiguousarray(y, f.dtype), np.ascontiguousarray(f)
        value, gradient = made.loss_gradient(y, raw)
        return factor * value, factor * gradient

    return compute


ADAPTERS = {"torch": of_torch, "tensorflow": of_tensorflow, "optax": of_optax, "sklearn": of_sklearn}


def _keras(name, **options):
    """One of Keras's functions; they average over the last axis, so each example gets an axis of its own."""

    def function(tf, y, f):
        return getattr(tf.keras.losses, name)(y[..., None], f[..., None], **options)

    return function


PEERS = {
    "SquaredError()": {
        "torch mse_loss": ("torch", lambda F, y, f: F.mse_loss(f, y, reduction="none")),
        "optax squared_error": ("optax", lambda o, y, f: o.squared_error(f, y)),
        "scikit-learn HalfSquaredError": ("sklearn", lambda m: (m.HalfSquaredError(), 2)),
    },
    "AbsoluteError()": {
        "torch l1_loss": ("torch", lambda F, y, f: F.l1_loss(f, y, reduction="none")),
        "scikit-learn AbsoluteError": ("sklearn", lambda m: (m.AbsoluteError(), 1)),
    },
    "Huber(delta=1.0)": {
        "torch huber_loss": ("torch", lambda F, y, f: F.huber_loss(f, y, reduction="none")),
        "keras huber": ("tensorflow", _keras("huber")),
        "optax huber_loss": ("optax", lambda o, y, f: o.huber_loss(f, y)),
    },
    "LogCosh()": {
        "keras log_cosh": ("tensorflow", _keras("logcosh")),
        "optax log_cosh": ("optax", lambda o, y, f: o.log_cosh(f, y)),
    },
    "Pinball(quantile=0.9)": {"scikit-learn PinballLoss": ("sklearn", lambda m: (m.PinballLoss(quantile=0.9), 1))},
    "Poisson()": {
        "torch poisson_nll_loss": ("torch", lambda F, y, f: F.poisson_nll_loss(f, y, reduction="none")),
        "tf.nn.log_poisson_loss": ("tensorflow", lambda tf, y, f: tf.nn.log_poisson_loss(y, f)),
        "scikit-learn HalfPoissonLoss": ("sklearn", lambda m: (m.HalfPoissonLoss(), 1)),
    },
    "Gamma()": {"scikit-learn HalfGammaLoss": ("sklearn", lambda m: (m.HalfGammaLoss(), 1))},
    "Hinge()": {"keras hinge": ("tensorflow", _keras("hinge"))},
    "SquaredHinge()": {"keras squared_hinge": ("tensorflow", _keras("squared_hinge"))},
    "Logistic()": {
        "torch soft_margin_loss": ("torch", lambda F, z, f: F.soft_margin_loss(f, z.to(f.dtype), reduction="none")),
        "torch softplus": ("torch", lambda F, z, f: F.softplus(-z * f)),
    },
    "BinaryCrossEntropy(positive_weight=1.0)": {
        "torch binary_cross_entropy_with_logits": (
            "torch",
            lambda F, y, f: F.binary_cross_entropy_with_logits(f, y, reduction="none"),
        ),
        "tf.nn.sigmoid_cross_entropy_with_logits": (
            "tensorflow",
            lambda tf, y, f: tf.nn.sigmoid_cross_entropy_with_logits(y, f),
        ),
        "optax sigmoid_binary_cross_entropy": ("optax", lambda o, y, f: o.sigmoid_binary_cross_entropy(f, y)),
        "scikit-learn HalfBinomialLoss": ("sklearn", lambda m: (m.HalfBinomialLoss(), 1)),
    },
    "Focal(gamma=2.0)": {
        "keras binary_focal_crossentropy": ("tensorflow", _keras("binary_focal_crossentropy", from_logits=True)),
    },
    "SoftmaxCrossEntropy(label_smoothing=0.0)": {
        "torch cross_entropy": ("torch", lambda F, y, s: F.cross_entropy(s, y, reduction="none")),
        "tf.nn.sparse_softmax_cross_entropy_with_logits": (
            "tensorflow",
            lambda tf, y, s: tf.nn.sparse_softmax_cross_entropy_with_logits(y, s),
        ),
        "optax softmax_cross_entropy_with_integer_labels": (
            "optax",
            lambda o, y, s: o.softmax_cross_entropy_with_integer_labels(s, y),
        ),
    },
    "SoftmaxCrossEntropy(label_smoothing=0.1)": {
        "torch cross_entropy": (
            "torch",
            lambda F, y, s: F.cross_entropy(s, y, reduction="none", label_smoothing=0.1),
        ),
    },
    "KullbackLeibler()": {
        "torch kl_div of log_softmax": (
            "torch",
            lambda F, q, s: F.kl_div(F.log_softmax(s, -1), q, reduction="none").sum(-1),
        ),
    },
    "MultiPositiveCrossEntropy(average=False)": {
        "torch cross_entropy": ("torch", lambda F, y, s: F.cross_entropy(s, y, reduction="none")),
        "tf.nn.softmax_cross_entropy_with_logits": (
            "tensorflow",
            lambda tf, y, s: tf.nn.softmax_cross_entropy_with_logits(y, s),
        ),
    },
}
