"""Differentiating a loss in PyTorch and TensorFlow gives its closed form: first derivative and second."""

import os
import subprocess
import sys

import numpy as np
import pytest

import lossutils as lu
from tests.reference.frameworks import FRAMEWORKS
from tests.reference.sampling import EXAMPLE


@pytest.fixture(params=["torch", "tensorflow"])
def framework(request):
    return FRAMEWORKS[request.param]


def test_first_derivative_is_the_closed_form_to_the_bit(loss, framework, dtype):
    target, prediction = EXAMPLE[type(loss)]
    y, f = framework.array(target), framework.array(prediction, dtype)
    found = framework.derivative(lambda f: loss(y, f), f)
    np.testing.assert_array_equal(framework.numpy(found), framework.numpy(loss.gradient(y, f)))


def test_second_derivative_is_the_closed_form(loss, framework):
    target, prediction = EXAMPLE[type(loss)]
    y, f = framework.array(target), framework.array(prediction, "float64")
    weights = framework.numpy(framework._weights(f))
    hessian = loss.hessian(target, np.array(prediction))
    expected = np.einsum("...jk,...k", hessian, weights) if loss.row_axes else hessian * weights
    for function in (lambda f: loss(y, f), lambda f: loss(y, f) * 1.0):
        found = framework.numpy(framework.derivative(function, f, order=2))
        np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14 * max(1, np.abs(hessian).max()))


def test_derivative_of_the_gradient_itself(loss, framework):
    target, prediction = EXAMPLE[type(loss)]
    y, f = framework.array(target), framework.array(prediction, "float64")
    found = framework.numpy(framework.derivative(lambda f: loss.gradient(y, f), f))
    hessian = loss.hessian(target, np.array(prediction))
    expected = hessian.sum(-1) if loss.row_axes else hessian
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14 * max(1, np.abs(hessian).max()))


def test_value_and_gradient_taken_together_are_differentiable(loss, framework):
    target, prediction = EXAMPLE[type(loss)]
    y, f = framework.array(target), framework.array(prediction, "float64")
    classes = np.shape(prediction)[-1] if loss.row_axes else 1

    def both(f):
        value, gradient = loss.value_and_gradient(y, f)
        return (value[..., None] if loss.row_axes else value) + gradient  # each value once for each class

    found = framework.numpy(framework.derivative(both, f))
    gradient, hessian = loss.gradient(target, np.array(prediction)), loss.hessian(target, np.array(prediction))
    expected = classes * gradient + (hessian.sum(-1) if loss.row_axes else hessian)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-14 * max(1, np.abs(expected).max()))


def test_torch_gradgradcheck(loss):
    import torch

    target, prediction = EXAMPLE[type(loss)]
    y, f = torch.tensor(target), torch.tensor(prediction, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda f: loss(y, f), f, fast_mode=True)
    assert torch.autograd.gradgradcheck(lambda f: loss(y, f), f, fast_mode=True)


def test_tensorflow_graph_of_unknown_shape(loss):
    """Value and gradient are those of eager execution, whether or not the sizes are known when the graph is made."""
    import tensorflow as tf

    target, prediction = EXAMPLE[type(loss)]
    y, f = tf.constant(target), tf.constant(prediction, tf.float64)

    @tf.function(input_signature=[tf.TensorSpec([None] * x.ndim, x.dtype) for x in (y, f)])
    def both(y, f):
        with tf.GradientTape() as tape:
            tape.watch(f)
            value = loss(y, f)
        return value, tape.gradient(value, f)

    for graph, eager in zip(both(y, f), loss.value_and_gradient(y, f), strict=True):
        np.testing.assert_allclose(graph.numpy(), eager.numpy(), rtol=1e-15)


def test_a_target_gets_no_gradient(framework):
    y, f = framework.array([0.25], "float64"), framework.array([1.0], "float64")
    if framework.name == "torch":
        with pytest.raises(ValueError, match=r"target.*requires grad.*detach"):
            lu.BinaryCrossEntropy()(y.requires_grad_(), f)
    else:
        import tensorflow as tf

        with tf.GradientTape() as tape:
            tape.watch(y)
            value = lu.BinaryCrossEntropy()(y, f)
        assert tape.gradient(value, y) is None


def test_training_step_through_the_wrappers():
    """An `nn.Module` and a Keras loss train the same linear model to the same weights."""
    import tensorflow as tf
    import torch

    from lossutils.tensorflow import keras_loss
    from lossutils.torch import LossModule

    rng = np.random.default_rng(1)
    x, t = rng.normal(size=(30, 3)).astype("float32"), rng.integers(0, 4, 30)
    linear = torch.nn.Linear(3, 4, bias=False)
    torch.nn.init.zeros_(linear.weight)
    criterion, optimiser = LossModule(lu.SoftmaxCrossEntropy()), torch.optim.SGD(linear.parameters(), lr=0.5)
    for _ in range(20):
        optimiser.zero_grad()
        criterion(linear(torch.tensor(x)), torch.tensor(t)).backward()
        optimiser.step()

    model = tf.keras.Sequential([tf.keras.layers.Dense(4, use_bias=False, kernel_initializer="zeros")])
    model.compile(tf.keras.optimizers.SGD(0.5), keras_loss(lu.SoftmaxCrossEntropy()))
    model.fit(x, t, batch_size=30, epochs=20, verbose=0, shuffle=False)
    np.testing.assert_allclose(model.get_weights()[0], linear.weight.detach().numpy().T, atol=1e-5)
    assert np.abs(linear.weight.detach().numpy()).max() > 0.1


def test_a_plain_tf_function_writes_no_warning():
    """AutoGraph leaves the losses alone: it cannot read what imports a framework when it is first needed."""
    program = (
        "import tensorflow as tf, lossutils as lu\n"
        "f = tf.function(lambda y, s: lu.SoftmaxCrossEntropy()(y, s))\n"
        "print(f(tf.constant([0]), tf.constant([[1.0, 2.0]])).numpy())"
    )
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0", "CUDA_VISIBLE_DEVICES": "-1"}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=quiet)
    assert done.stdout.startswith("[1.313") and "AutoGraph" not in done.stderr


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_a_label_out_of_range_where_a_graph_does_not_know_the_number_of_classes(smoothing):
    import tensorflow as tf

    loss = lu.SoftmaxCrossEntropy(smoothing)
    signature = [tf.TensorSpec([None], tf.int64), tf.TensorSpec([None, None], tf.float32)]
    function = tf.function(loss, input_signature=signature)
    np.testing.assert_allclose(function(tf.constant([4, 1], tf.int64), tf.zeros([2, 5])), np.log(5), rtol=1e-6)
    with pytest.raises(tf.errors.InvalidArgumentError, match="below the number of classes"):
        function(tf.constant([5, 1], tf.int64), tf.zeros([2, 5]))


@pytest.mark.parametrize("loss", lu.losses(), ids=repr)
def test_forward_mode_of_pytorch(loss):
    import torch
    from torch.autograd import forward_ad

    y, f = (torch.tensor(np.array(x)) for x in EXAMPLE[type(loss)])
    f = f.double()
    along = torch.linspace(-1, 1, f.numel(), dtype=torch.float64).reshape(f.shape)
    slope = loss.gradient(y, f) * along
    slope = slope.sum(-1) if loss.row_axes else slope
    torch.testing.assert_close(torch.func.jvp(lambda x: loss(y, x), (f,), (along,))[1], slope)
    with forward_ad.dual_level():
        torch.testing.assert_close(forward_ad.unpack_dual(loss(y, forward_ad.make_dual(f, along))).tangent, slope)
    hessian = torch.func.hessian(lambda x: loss(y, x).sum())(f).reshape(f.numel(), f.numel())
    torch.testing.assert_close((hessian @ along.reshape(-1)).reshape(f.shape), loss.hessian_product(y, f, along))
