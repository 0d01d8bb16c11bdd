"""Every loss in the graphs of PyTorch: compiled, exported, transformed; whole, and to the bit what it is elsewhere."""

import io
import subprocess
import sys

import numpy as np
import pytest
import torch

import lossutils as lu
from lossutils.torch import LossModule
from tests.reference.fixtures import ALL
from tests.reference.sampling import EXAMPLE

SOME = [lu.Huber(), lu.SoftmaxCrossEntropy(), lu.MultiPositiveCrossEntropy()]
sampled = pytest.mark.parametrize("loss", lu.losses() if ALL else SOME, ids=repr)  # all in `make test-all`


def example(loss, dtype=torch.float32):
    y, f = EXAMPLE[type(loss)]
    return torch.tensor(y), torch.tensor(f, dtype=dtype)


def compiled(function, backend="aot_eager", **options):
    torch.compiler.reset()
    return torch.compile(function, fullgraph=True, backend=backend, **options)


def the_same(found, expected):
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found.detach().float().numpy(), expected.detach().float().numpy())


@pytest.mark.parametrize("dynamic", [False, True] if ALL else [True])
def test_value_and_gradient_compiled(loss, dynamic):
    """Static shapes, and any: the second batch is of another size."""
    y, f = example(loss)
    function = compiled(lambda y, f: loss(y, f), dynamic=dynamic)
    for times in (1, 2):
        target, prediction = torch.cat([y] * times), torch.cat([f] * times).requires_grad_()
        value = function(target, prediction)
        the_same(value, loss(target, prediction.detach()))
        the_same(torch.autograd.grad(value.sum(), prediction)[0], loss.gradient(target, prediction.detach()))


@sampled
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16] if ALL else [torch.float32])
def test_by_the_inductor(loss, dtype):
    y, f = example(loss, dtype)
    f.requires_grad_()
    value = compiled(lambda y, f: loss(y, f), "inductor")(y, f)
    the_same(value, loss(y, f.detach()))
    the_same(torch.autograd.grad(value.sum(), f)[0], loss.gradient(y, f.detach()))


@sampled
def test_everything_else_that_is_asked_of_a_loss(loss):
    y, f = example(loss)
    ignore = torch.arange(len(y)) == 1

    def all_of(y, f):
        more = loss.gradient(y, f, ignore=ignore), loss.hessian(y, f), loss.hessian_product(y, f, f)
        return *loss.value_and_gradient(y, f, validate=False), *more

    for found, expected in zip(compiled(all_of)(y, f), all_of(y, f), strict=True):
        the_same(found, expected)


@sampled
def test_transforms_in_a_graph(loss):
    y, f = example(loss, torch.float64)
    along = torch.linspace(-1, 1, f.numel(), dtype=f.dtype).reshape(f.shape)

    def each(y, f):
        of_one = torch.func.vmap(torch.func.grad(lambda f, y: loss(y, f)))(f, y)
        tangent = torch.func.jvp(lambda f: loss(y, f), (f,), (along,))[1]
        return of_one, tangent, torch.func.hessian(lambda f: loss(y, f).sum())(f)

    gradient, tangent, hessian = compiled(each)(y, f)
    the_same(gradient, loss.gradient(y, f))
    slope = gradient * along
    torch.testing.assert_close(tangent, slope.sum(-1) if loss.row_axes else slope)
    product = (hessian.reshape(f.numel(), -1) @ along.reshape(-1)).reshape(f.shape)
    torch.testing.assert_close(product, loss.hessian_product(y, f, along))


@sampled
def test_exported_and_read_again(loss):
    y, f = example(loss)
    n = torch.export.Dim("n")
    program = torch.export.export(LossModule(loss, "none"), (f, y), dynamic_shapes=({0: n}, {0: n}))
    called = [str(node.target) for node in program.graph.nodes if node.op == "call_function"]
    assert "lossutils.value.default" in called and len(called) <= 3
    file = io.BytesIO()
    torch.export.save(program, file)
    file.seek(0)
    module = torch.export.load(file).module()
    f, y = torch.cat([f, f]).requires_grad_(), torch.cat([y, y])
    the_same(module(f, y), loss(y, f.detach()))
    the_same(torch.autograd.grad(module(f, y).sum(), f)[0], loss.gradient(y, f.detach()))


def test_an_exported_loss_in_a_process_of_its_own(tmp_path):
    """It needs the package's operators, and nothing else."""
    loss = lu.Huber(delta=2.0)
    y, f = example(loss)
    torch.export.save(torch.export.export(LossModule(loss), (f, y)), tmp_path / "loss.pt2")
    program = (
        "import sys, torch, lossutils.torch\n"
        "module = torch.export.load(sys.argv[1]).module()\n"
        "print(float(module(torch.tensor([-2.5, 0.75, 6.0, -0.125]), torch.tensor([-2.0, 3.5, 5.75, 1.0]))))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, tmp_path / "loss.pt2"], capture_output=True, text=True
    )
    assert done.stdout == f"{float(loss(y, f).mean())}\n", done.stderr


@pytest.mark.parametrize("loss", SOME, ids=repr)
def test_in_a_region_of_lower_precision(loss):
    y, f = example(loss)
    layer = torch.nn.Linear(f.shape[-1], f.shape[-1])

    def forward(f):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return loss(y, layer(f))

    found = compiled(forward)(f)
    assert found.dtype == torch.bfloat16
    the_same(found, forward(f))


@pytest.mark.parametrize("loss", SOME, ids=repr)
def test_a_penalty_on_the_gradient(loss):
    """A gradient of a gradient, inside one graph."""
    y, f = example(loss, torch.float64)

    def penalty(f):
        return (torch.func.grad(lambda f: loss(y, f).sum())(f) ** 2).sum()

    found = compiled(torch.func.grad(penalty))(f)
    torch.testing.assert_close(found, 2 * loss.hessian_product(y, f, loss.gradient(y, f)))


def test_a_graph_is_made_anew_for_other_parameters():
    y, f = example(lu.Huber())
    criterion = LossModule(lu.Huber(), "none")
    function = compiled(criterion, dynamic=True)
    the_same(function(f, y), lu.Huber()(y, f))
    criterion.loss = lu.Huber(delta=0.25)
    the_same(function(f, y), lu.Huber(delta=0.25)(y, f))
    criterion.loss = lu.SquaredError()
    the_same(function(f, y), lu.SquaredError()(y, f))


@pytest.mark.parametrize("backend", ["aot_eager", "inductor"])
def test_a_graph_checks_what_it_is_given(backend):
    """With the ordinary message; and not if it is told so."""
    function = compiled(lambda y, f: lu.BinaryCrossEntropy()(y, f), backend)
    assert function(torch.tensor([0.0, 1.0]), torch.zeros(2)).shape == (2,)
    with pytest.raises(ValueError, match=r"expected values in \[0, 1\], got 2.0 at position \(1,\)"):
        function(torch.tensor([0.0, 2.0]), torch.zeros(2))
    unchecked = compiled(lambda y, f: lu.BinaryCrossEntropy()(y, f, validate=False), backend)
    assert unchecked(torch.tensor([0.0, 2.0]), torch.zeros(2)).isfinite().all()
    rows = compiled(lambda y, f: lu.SoftmaxCrossEntropy()(y, f), backend)
    with pytest.raises(ValueError, match="whole numbers from 0 to 2"):
        rows(torch.tensor([0.0, 0.5]), torch.zeros(2, 3))
    with pytest.raises(Exception, match="nothing is broadcast"):
        rows(torch.tensor([0]), torch.zeros(2, 3))


def test_a_loss_that_is_first_seen_in_a_graph():
    """In a fresh process, in which nothing has been loaded but the frameworks."""
    program = (
        "import torch, lossutils as lu\n"
        "f = torch.compile(lambda y, s: lu.SoftmaxCrossEntropy()(y, s), fullgraph=True, backend='aot_eager')\n"
        "print(round(float(f(torch.tensor([0]), torch.tensor([[1.0, 2.0]]))), 4))"
    )
    done = subprocess.run([sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True)
    assert done.stdout == "1.3133\n", done.stderr


def test_operators_are_what_pytorch_asks_of_them():
    for loss in SOME:
        y, f = example(loss)
        torch.library.opcheck(torch.ops.lossutils.value, (f.requires_grad_(), y, repr(loss), True))
        torch.library.opcheck(torch.ops.lossutils.hessian_product, (f.detach(), y, f.detach(), repr(loss), True))


def test_what_was_exported_is_no_code():
    with pytest.raises(ValueError, match="import what defines it first"):
        torch.ops.lossutils.value(torch.zeros(2), torch.zeros(2), "os.system('true')", True)
    with pytest.raises(ValueError, match="expected a name and parameters"):
        torch.ops.lossutils.value(torch.zeros(2), torch.zeros(2), "Huber(delta=print())", True)


def test_tensors_that_hold_nothing():
    from torch._subclasses.fake_tensor import FakeTensorMode

    with FakeTensorMode():
        f = torch.zeros(6, 5, requires_grad=True)
        value = lu.SoftmaxCrossEntropy()(torch.zeros(6, dtype=torch.int64), f)
        assert value.shape == (6,)
        assert torch.autograd.grad(value.sum(), f)[0].shape == (6, 5)
