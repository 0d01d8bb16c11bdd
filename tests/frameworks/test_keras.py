"""A loss in Keras: saved and loaded, trained by `fit`, weighted and masked, eager, in graphs, and under XLA."""

import os
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf

import lossutils as lu
from lossutils.tensorflow import keras_loss
from tests.reference.sampling import EXAMPLE

keras = tf.keras
OWN = {  # Keras's own functions of the same examples
    lu.SoftmaxCrossEntropy: keras.losses.SparseCategoricalCrossentropy(from_logits=True),
    lu.BinaryCrossEntropy: keras.losses.BinaryCrossentropy(from_logits=True),
    lu.SquaredError: keras.losses.MeanSquaredError(),
}


def example(loss):
    y, f = EXAMPLE[type(loss)]
    return tf.constant(y), tf.constant(f, tf.float32)


def test_config_and_back(loss):
    criterion = keras_loss(loss, "sum", "mine")
    again = keras.losses.deserialize(keras.losses.serialize(criterion))
    assert again.get_config() == criterion.get_config()
    assert (again.name, again.reduction, again._loss) == ("mine", "sum", loss)
    y, f = example(loss)
    assert float(again(y, f)) == float(criterion(y, f)) == pytest.approx(np.sum(loss(y, f)), rel=1e-6)


def test_parameters_come_back():
    for loss in (lu.Huber(delta=0.1), lu.MultiPositiveCrossEntropy(average=False), lu.Tweedie(np.float32(1.25))):
        assert keras_loss(loss).from_config(keras_loss(loss).get_config())._loss == loss
    with pytest.raises(ValueError, match="import what defines it first"):
        keras_loss(lu.Huber()).from_config({"loss": "elsewhere.Huber()", "reduction": "sum", "name": "x"})


@pytest.mark.parametrize("options", [{"run_eagerly": True}, {"jit_compile": False}, {"jit_compile": True}], ids=str)
def test_a_model_is_trained_saved_and_read(tmp_path, options):
    rng = np.random.default_rng(0)
    x, t = rng.normal(size=(64, 3)).astype("float32"), rng.integers(0, 4, 64)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, kernel_initializer="zeros")])
    model.compile(keras.optimizers.SGD(0.5), keras_loss(lu.SoftmaxCrossEntropy(0.1)), **options)
    history = model.fit(x, t, batch_size=32, epochs=3, verbose=0, sample_weight=np.linspace(0.5, 1.5, 64))
    assert history.history["loss"][-1] < history.history["loss"][0]
    model.save(tmp_path / "model.keras")
    again = keras.models.load_model(tmp_path / "model.keras")
    assert again.loss.get_config() == model.loss.get_config()
    assert again.evaluate(x, t, verbose=0) == pytest.approx(model.evaluate(x, t, verbose=0), rel=1e-6)
    again.fit(x, t[:, None], epochs=1, verbose=0)  # labels (N, 1), as from a table


def test_a_model_is_read_in_a_process_of_its_own(tmp_path):
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", keras_loss(lu.Huber(delta=2.0)))
    model.save(tmp_path / "model.keras")
    program = (
        "import sys, lossutils.tensorflow, tensorflow as tf\n"
        "model = tf.keras.models.load_model(sys.argv[1])\n"
        "print(model.loss.get_config()['loss'], model.evaluate([[9.0]], [[0.0]], verbose=0))"
    )
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    program = program.replace("[[9.0]], [[0.0]]", "tf.constant([[9.0]]), tf.constant([[0.0]])")
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "model.keras"], capture_output=True, text=True, env=quiet
    )
    assert done.stdout == "Huber(delta=2.0) 16.0\n", done.stderr


@pytest.mark.parametrize("kind", OWN)
@pytest.mark.parametrize("shape", ["(N)", "(N, 1)", "(N, D)"])
def test_reduced_and_weighted_as_keras_s_own(kind, shape):
    if kind is lu.SoftmaxCrossEntropy:
        f, y = np.random.default_rng(1).normal(size=(6, 3)).astype("f4"), np.array([0, 1, 2, 2, 1, 0])
        y = y if shape == "(N)" else y[:, None]
    else:
        f = np.random.default_rng(1).normal(size={"(N)": (6,), "(N, 1)": (6, 1), "(N, D)": (6, 3)}[shape]).astype("f4")
        y = (f > 0.1).astype("f4")
    weights = None if shape == "(N)" and kind is not lu.SoftmaxCrossEntropy else np.linspace(0, 2, 6).astype("f4")
    expected = OWN[kind](y, f, sample_weight=weights)
    for wrap in (lambda g: g, tf.function, tf.function(jit_compile=True)):
        found = wrap(keras_loss(kind()))(tf.constant(y), tf.constant(f), weights)
        np.testing.assert_allclose(found, expected, rtol=2e-6)


@pytest.mark.parametrize("graph", [False, True])
def test_what_is_masked_counts_nothing(graph):
    """Padding that holds NaN; Keras divides by what is left."""
    y, f = tf.constant([[0, 1], [2, -1]]), np.zeros((2, 2, 3), np.float32)
    f[1, 1] = np.nan

    def both(f):
        with tf.GradientTape() as tape:
            tape.watch(f)
            f._keras_mask = tf.constant([[True, True], [True, False]])
            value = keras_loss(lu.SoftmaxCrossEntropy())(y, f)
        return value, tape.gradient(value, f)

    value, gradient = (tf.function(both) if graph else both)(tf.constant(f))
    np.testing.assert_allclose(value, np.log(3), rtol=1e-6)
    assert np.isfinite(gradient).all() and (gradient[1, 1] == 0).numpy().all()


def test_a_layer_s_mask_is_heeded():
    """Of a sequence model: an embedding that leaves out zeros."""
    model = keras.Sequential([keras.Input((4,)), keras.layers.Embedding(5, 3, mask_zero=True), keras.layers.Dense(5)])
    model.compile("sgd", keras_loss(lu.SoftmaxCrossEntropy()))
    x = np.array([[1, 2, 0, 0], [3, 4, 1, 0]])
    expected = lu.SoftmaxCrossEntropy()(x, model.predict(x, verbose=0))[x > 0].mean()
    assert model.evaluate(x, x, verbose=0) == pytest.approx(expected, rel=1e-5)


def test_types_are_kept_and_errors_are_those_of_the_loss():
    y, f = tf.constant([2**24 + 1.0], tf.float64), tf.constant([2.0**24], tf.float64)
    assert keras_loss(lu.SquaredError())(y, f).numpy() == 1.0  # in float32 they are one number
    with pytest.raises(ValueError, match="whole numbers from 0 to 2"):
        keras_loss(lu.SoftmaxCrossEntropy())(tf.constant([3]), tf.zeros([1, 3]))
    with pytest.raises(ValueError, match="nothing is broadcast"):
        keras_loss(lu.SquaredError())(tf.zeros([2]), tf.zeros([3]))
    with pytest.raises(ValueError, match="reduction"):
        keras_loss(lu.SquaredError(), "median")
