"""Arrays of every odd kind: a right answer, or an error that says what is wrong."""

import numpy as np
import pytest

import lossutils as lu
from tests.reference.grid import LOG_COUNTS
from tests.reference.sampling import EXAMPLE

METHODS = ("__call__", "gradient", "hessian", "value_and_gradient")


def example(loss, framework, dtype="float64"):
    target, prediction = EXAMPLE[type(loss)]
    return framework.array(target), framework.array(prediction, dtype)


def both(loss, framework, y, f):
    return [framework.numpy(r) for r in loss.value_and_gradient(y, f)]


def same(loss, framework, y, f):
    """The results are those of the example in ordinary arrays."""
    for found, expected in zip(
        both(loss, framework, y, f), both(loss, framework, *example(loss, framework)), strict=True
    ):
        np.testing.assert_array_equal(found, expected)


def test_empty_batches(loss, framework):
    y, f = (x[:0] for x in example(loss, framework))
    assert tuple(loss(y, f).shape) == (0,)
    assert tuple(loss.gradient(y, f).shape) == tuple(loss.hessian_product(y, f, f).shape) == tuple(f.shape)
    assert tuple(loss.hessian(y, f).shape) == tuple(f.shape) + tuple(f.shape[1:])


def test_no_classes_at_all(loss, framework):
    if loss.row_axes:
        y, f = example(loss, framework)
        says = r"expected rows \(\.\.\., 2\)" if loss.columns else "expected at least one class, got none"
        with pytest.raises(ValueError, match=f"prediction: {says}"):
            loss(y[..., :0] if y.ndim > 1 else y, f[..., :0])


@pytest.mark.parametrize("dtype", ["int64", "uint8", "bool"])
def test_predictions_that_are_not_floating(loss, framework, dtype):
    y, f = example(loss, framework)
    f = framework.array(np.abs(framework.numpy(f)) > 1, dtype)
    for method in METHODS:
        with pytest.raises(TypeError, match=f"prediction: expected a floating dtype, got {dtype}; convert it first"):
            getattr(loss, method)(y, f)


def test_a_target_of_the_wrong_shape_is_never_broadcast(loss, framework):
    y, f = example(loss, framework)
    for method in METHODS:
        with pytest.raises(ValueError, match=r"target: expected shape .*nothing is broadcast"):
            getattr(loss, method)(y[..., None], f)
        with pytest.raises(ValueError, match=r"target: expected shape .*nothing is broadcast"):
            getattr(loss, method)(y[:1], f)


def test_values_outside_the_domain(loss, framework):
    """Just outside: -1 for counts, 2 for labels and probabilities, infinity for numbers."""
    y, f = example(loss, framework)
    bad = np.array(framework.numpy(y), float)
    outside = {"finite numbers": np.inf, "labels -1 or 1": 0.0, "values in [0, inf)": -1.0, "values in (0, inf)": 0.0}
    bad[1] = -np.inf if isinstance(loss, LOG_COUNTS) else outside.get(str(loss.domain), 2.5)
    for method in METHODS:
        with pytest.raises(ValueError, match=r"target: expected .*got .*at position \(1"):
            getattr(loss, method)(framework.array(bad), f)


def test_nan_targets_of_numbers_give_nan(loss, framework):
    if not loss.row_axes:
        y, f = example(loss, framework)
        y = np.array(framework.numpy(y))
        y[1] = np.nan
        value, gradient = both(loss, framework, framework.array(y), f)
        np.testing.assert_array_equal(np.isnan(value), [False, True, False, False])
        np.testing.assert_array_equal(np.isnan(gradient), [False, True, False, False])


def test_one_number(loss, framework):
    if not loss.row_axes:
        y, f = (x[1] for x in example(loss, framework))
        y, f = framework.array(framework.numpy(y)), framework.array(framework.numpy(f))
        value, gradient = loss.value_and_gradient(y, f)
        assert tuple(value.shape) == tuple(gradient.shape) == ()
        np.testing.assert_allclose(
            framework.numpy(value), framework.numpy(loss(*example(loss, framework)))[1], rtol=1e-15
        )


def test_validate_false_skips_only_the_values(loss, framework):
    y, f = example(loss, framework)
    for found, expected in zip(loss.value_and_gradient(y, f, validate=False), both(loss, framework, y, f), strict=True):
        np.testing.assert_array_equal(framework.numpy(found), expected)
    with pytest.raises(ValueError, match="target: expected shape"):
        loss(y[:1], f, validate=False)
    if not loss.row_axes:
        loss(framework.array(np.full(4, -7.0)), f, validate=False)


# NumPy's odd arrays.


def odd_arrays(x):
    """The same numbers in arrays that are strided, transposed, read-only, of the other byte order, of a subclass."""
    x = np.asarray(x)
    wide = np.zeros((*x.shape[:-1], 2 * x.shape[-1]), x.dtype)
    wide[..., ::2] = x
    read_only = x.copy()
    read_only.flags.writeable = False
    yield wide[..., ::2]
    yield x[::-1].copy()[::-1]
    yield np.asfortranarray(x)
    yield read_only
    yield x.astype(x.dtype.newbyteorder())
    yield x.view(type("Odd", (np.ndarray,), {}))


NUMPY = lu.SquaredError, lu.Focal, lu.SoftmaxCrossEntropy, lu.CrammerSinger, lu.AnyPositiveCrossEntropy


@pytest.mark.parametrize("kind", NUMPY)
def test_numpy_arrays_of_any_layout(kind):
    loss, (y, f) = kind(), EXAMPLE[kind]
    expected = loss.value_and_gradient(y, f)
    for odd_y, odd_f in zip(odd_arrays(y), odd_arrays(f), strict=True):
        before = odd_y.copy(), odd_f.copy()
        for found, true in zip(loss.value_and_gradient(odd_y, odd_f), expected, strict=True):
            np.testing.assert_array_equal(found, true)
        np.testing.assert_array_equal(odd_y, before[0])
        np.testing.assert_array_equal(odd_f, before[1])


def test_arrays_without_strides(framework):
    """One number, or one row, repeated without being copied."""
    if framework.name == "torch":
        import torch

        f, s = torch.tensor(0.5).expand(3), torch.tensor([1.0, 2.0, -1.0]).expand(2, 3)
    else:
        f, s = np.broadcast_to(0.5, 3), np.broadcast_to([1.0, 2.0, -1.0], (2, 3))
        f, s = (f, s) if framework.name == "numpy" else (framework.array(f), framework.array(s))
    value, gradient = lu.SquaredError().value_and_gradient(framework.array([0.0, 1.0, 2.0]), f)
    np.testing.assert_allclose(framework.numpy(value), [0.25, 0.25, 2.25])
    np.testing.assert_allclose(framework.numpy(gradient), [1.0, -1.0, -3.0])
    value = framework.numpy(lu.SoftmaxCrossEntropy()(framework.array([0, 1]), s))
    assert value[0] - value[1] == pytest.approx(1.0)


def test_other_byte_order_keeps_the_accuracy():
    f = np.array([[17.0, 0.0, 0.0]], ">f4")
    value = lu.SoftmaxCrossEntropy()(np.array([0], ">i4"), f)
    assert value == pytest.approx(np.log1p(2 * np.exp(-17.0)), rel=1e-7) and value.dtype == f.dtype


def test_longdouble():
    value = lu.Logistic()(np.array([1.0]), np.array([40.0], np.longdouble))
    assert value.dtype == np.longdouble and value == pytest.approx(np.exp(-40.0), rel=1e-15)


@pytest.mark.parametrize("position", ["target", "prediction", "ignore"])
@pytest.mark.parametrize(
    ("odd", "says"),
    [
        (np.array([0.5, None], object), "got .*object"),
        (np.array(["a", "b"]), "got .*<U1"),
        (np.ma.masked_array([0.5, 0.5], [True, False]), "got a masked array; drop or fill"),
        (np.array(["2020-01-01", "2020-01-02"], "datetime64[D]"), "got .*datetime64"),
        ([[1.0], [2.0, 3.0]], "expected an array of numbers, got list"),
        ("text", "expected an array of numbers, got str"),
        ({}, "expected an array of numbers, got dict"),
    ],
    ids=lambda x: None,
)
def test_what_is_no_array_of_numbers(position, odd, says):
    arguments = {"target": [0.0, 1.0], "prediction": np.array([0.5, 0.5])} | {position: odd}
    with pytest.raises(TypeError, match=f"{position}: .*{says}" if position != "ignore" else "ignore"):
        lu.SquaredError()(arguments.pop("target"), arguments.pop("prediction"), **arguments)


# PyTorch.


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


def tensors(loss, torch):
    target, prediction = EXAMPLE[type(loss)]
    return torch.tensor(target), torch.tensor(prediction, dtype=torch.float64)


def test_targets_that_require_grad(torch, loss):
    y, f = tensors(loss, torch)
    with pytest.raises(
        ValueError, match=r"target: expected a constant, got a tensor that requires grad; detach\(\) it"
    ):
        loss(y.double().requires_grad_(), f)


def test_other_devices(torch):
    y, f = torch.zeros(2, device="meta"), torch.zeros(2)
    with pytest.raises(ValueError, match="target: expected device cpu, that of the prediction, got meta"):
        lu.SquaredError()(y, f)
    with pytest.raises(ValueError, match=r"ignore: expected device cpu"):
        lu.SquaredError()(f, f, ignore=y.bool())


def test_tensors_without_values(torch, loss):
    """On PyTorch's meta device there is nothing to check; shapes and types are found without it."""
    y, f = (x.to("meta") for x in tensors(loss, torch))
    for method in METHODS:
        with pytest.raises(ValueError, match=r"target: expected .* meta device, which holds no values"):
            getattr(loss, method)(y, f)
    value, gradient = loss.value_and_gradient(y, f, validate=False)
    assert value.device.type == gradient.device.type == "meta"
    assert value.shape == (f.shape[:-1] if loss.row_axes else f.shape)
    assert gradient.shape == f.shape and gradient.dtype == value.dtype == f.dtype
    f.requires_grad_()
    loss(y, f, validate=False).sum().backward()
    assert f.grad.device.type == "meta" and f.grad.shape == f.shape


def test_sparse_quantized_and_complex_tensors(torch):
    f = torch.zeros(2, 2)
    with pytest.raises(TypeError, match=r"target: expected a dense real tensor, got layout torch\.sparse_coo"):
        lu.SquaredError()(f.to_sparse(), f)
    with pytest.raises(TypeError, match=r"prediction: expected a dense real tensor, got layout .* complex64"):
        lu.SquaredError()(f, f.to(torch.complex64))


def test_vmap_and_grad(torch, loss):
    """One example at a time, batched by PyTorch; differentiated; and both in either order."""
    y, f = tensors(loss, torch)
    value, gradient = loss.value_and_gradient(y, f)
    torch.testing.assert_close(torch.func.vmap(loss)(y, f), value, rtol=1e-13, atol=1e-15)
    each = torch.func.grad(lambda f, y: loss(y, f))
    torch.testing.assert_close(torch.func.vmap(each)(f, y), gradient, rtol=1e-13, atol=1e-15)
    total = torch.func.grad(lambda f: torch.func.vmap(loss)(y, f).sum())
    torch.testing.assert_close(total(f), gradient, rtol=1e-13, atol=1e-15)


def test_vmap_still_checks(torch):
    with pytest.raises(ValueError, match=r"target: expected values in \[0, 1\]"):
        torch.func.vmap(lu.Focal())(torch.tensor([0.0, 2.0]), torch.zeros(2))


@pytest.mark.parametrize("kind", [lu.SoftmaxCrossEntropy])
def test_compiled(torch, kind):
    """By the tracer alone, without a C++ compiler; what is wrong is still refused."""
    loss = kind()
    y, f = tensors(loss, torch)
    f.requires_grad_()
    compiled = torch.compile(lambda y, f: loss(y, f).sum(), backend="aot_eager")
    value = compiled(y, f)
    value.backward()
    torch.testing.assert_close(value, loss(y, f).sum(), rtol=1e-14, atol=0)
    torch.testing.assert_close(f.grad, loss.gradient(y, f.detach()), rtol=1e-13, atol=1e-16)
    with pytest.raises(ValueError, match="target: expected"):
        compiled(y + 7.5 if kind is not lu.Huber else y * float("inf"), f)


def test_parameters_and_subclasses(torch):
    weight = torch.nn.Parameter(torch.tensor([0.5, -0.5]))
    lu.SquaredError()(torch.zeros(2), weight).sum().backward()
    np.testing.assert_array_equal(weight.grad.numpy(), [1.0, -1.0])


# TensorFlow.


@pytest.fixture
def tf():
    return pytest.importorskip("tensorflow")


def test_variables(tf):
    weight = tf.Variable([0.5, -0.5])
    with tf.GradientTape() as tape:
        value = tf.reduce_sum(lu.SquaredError()(tf.zeros(2), weight))
    np.testing.assert_array_equal(tape.gradient(value, weight).numpy(), [1.0, -1.0])


def test_sparse_and_ragged_tensors(tf):
    f = tf.zeros([2, 2])
    with pytest.raises(TypeError, match="expected a dense tensor, got SparseTensor"):
        lu.SquaredError()(tf.sparse.from_dense(f), f)
    with pytest.raises(TypeError, match="expected a dense tensor, got RaggedTensor"):
        lu.SquaredError()(f, tf.ragged.constant([[1.0], [2.0, 3.0]]))


XLA = lu.Tweedie, lu.SoftmaxCrossEntropy, lu.MultiPositiveCrossEntropy


@pytest.mark.parametrize("kind", XLA)
def test_xla(tf, kind):
    """The same numbers; and where an assertion would have stopped a graph, which XLA leaves out, NaN."""
    loss = kind()
    y, f = tf.constant(EXAMPLE[kind][0]), tf.constant(EXAMPLE[kind][1], tf.float64)
    compiled = tf.function(loss.value_and_gradient, jit_compile=True)
    for found, expected in zip(compiled(y, f), loss.value_and_gradient(y, f), strict=True):
        np.testing.assert_allclose(found.numpy(), expected.numpy(), rtol=1e-13, atol=1e-300)
    bad = y - 20 if y.dtype.is_integer else y * float("nan")
    for found in compiled(bad, f):
        assert np.isnan(found.numpy()).all()


@pytest.mark.parametrize("loss", [lu.Poisson(), lu.SoftmaxCrossEntropy()], ids=repr)
def test_graphs_refuse_what_is_wrong(tf, loss):
    """A graph of unknown sizes raises TensorFlow's own error for a failed assertion."""
    y, f = tf.constant(EXAMPLE[type(loss)][0]), tf.constant(EXAMPLE[type(loss)][1], tf.float32)
    graph = tf.function(
        lambda y, f: loss(y, f), input_signature=[tf.TensorSpec([None] * x.ndim, x.dtype) for x in (y, f)]
    )
    with pytest.raises(tf.errors.InvalidArgumentError, match="target: expected"):
        graph(y - 20, f)


def test_unknown_rank_is_an_error(tf):
    graph = tf.function(lambda y, f: lu.Huber()(y, f), input_signature=[tf.TensorSpec(None, tf.float32)] * 2)
    with pytest.raises(ValueError, match="prediction: expected a tensor of known rank"):
        graph(tf.zeros(2), tf.zeros(2))
