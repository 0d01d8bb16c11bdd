"""For PyTorch: `LossModule`, a loss as an `nn.Module`; `linear_cross_entropy`, of logits that are never formed."""

from __future__ import annotations

try:
    import torch
except ImportError as error:
    raise ImportError("lossutils.torch needs PyTorch: pip install 'lossutils[torch]'") from error

from .frameworks import torch_operators as _operators  # noqa: F401  # an exported graph needs them
from .losses import torch_linear as _linear
from .losses.base import Loss

__all__ = ["LossModule", "linear_cross_entropy", "sharded_cross_entropy"]


def __dir__() -> list[str]:
    return __all__


class LossModule(torch.nn.Module):  # type: ignore[misc]  # PyTorch's types are not read
    r"""A loss as a module: ``forward(prediction, target)``, in PyTorch's order, reduced as PyTorch reduces.

    With class weights w, and without the examples that are ignored, the mean is
    $\sum_i w_{t_i} L_i / \sum_i w_{t_i}$, PyTorch's own where no labels are smoothed; over no examples it is 0, and
    not NaN.

    Parameters
    ----------
    loss : lossutils.losses.base.Loss
        The loss.
    reduction : {"mean", "sum", "none"}
        What is done with the losses of the examples.
    weight : torch.Tensor, optional
        (K,), numbers from 0 on: what the loss of an example is multiplied by, for each class that its target may name.
        A buffer, which moves with the module and is saved with it.
    ignore_index : int, optional
        The target of examples to leave out; their loss and gradient are 0, whatever the prediction is.
    class_axis : int
        Of a loss of rows: the axis of `prediction` that holds the classes, 1 for PyTorch's layout (N, K, d1, ...).

    Raises
    ------
    ValueError
        For another `reduction`, weights that are no such numbers, or weights or an axis where the loss has no classes.

    Examples
    --------
    >>> import torch
    >>> from lossutils.torch import LossModule
    >>> criterion = LossModule(lu.SquaredError(), reduction="sum")
    >>> prediction = torch.tensor([3.0, 2.5], requires_grad=True)
    >>> criterion(prediction, torch.tensor([1.0, 2.0])).backward()
    >>> prediction.grad
    tensor([4., 1.])
    >>> weighted = LossModule(lu.SoftmaxCrossEntropy(), weight=torch.tensor([1.0, 3.0]), ignore_index=-100)
    >>> weighted(torch.zeros(3, 2), torch.tensor([0, 1, -100]))
    tensor(0.6931)
    """

    weight: torch.Tensor | None

    def __init__(
        self,
        loss: Loss,
        reduction: str = "mean",
        *,
        weight: torch.Tensor | None = None,
        ignore_index: int | None = None,
        class_axis: int = -1,
    ) -> None:
        super().__init__()
        _check_reduction(reduction)
        if weight is not None:
            if not loss.takes_labels:
                raise ValueError(f"weight: expected a loss whose target names a class, got {loss!r}")
            if weight.dim() != 1 or not bool((weight >= 0).all()):
                raise ValueError(f"weight: expected a number from 0 on for each class, got {weight}")
        if class_axis != -1 and not loss.row_axes:
            raise ValueError(f"class_axis: expected a loss of rows, got {loss!r}")
        self.loss, self.reduction, self.ignore_index, self.class_axis = loss, reduction, ignore_index, class_axis
        self.register_buffer("weight", weight)

    def forward(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of `prediction` against `target`.

        Parameters
        ----------
        prediction : torch.Tensor
            Floating; (...) for a loss of one number, for a loss of rows (..., K), or its classes at `class_axis`.
        target : torch.Tensor
            As the loss takes it; of a prediction's shape, its classes are at `class_axis`, too.

        Returns
        -------
        torch.Tensor
            A single number, or with ``reduction="none"`` the loss of each example, those of classes times their
            weights; in the dtype of `prediction`.

        Raises
        ------
        ValueError, TypeError
            As the loss raises them; for weights of another number of classes, or where the target names none.

        Examples
        --------
        >>> import torch
        >>> from lossutils.torch import LossModule
        >>> LossModule(lu.SquaredError(), "none")(torch.tensor([3.0, 2.5]), torch.tensor([1.0, 2.0]))
        tensor([4.0000, 0.2500])
        >>> images = torch.zeros(2, 3, 4, 4)
        >>> LossModule(lu.SoftmaxCrossEntropy(), class_axis=1)(images, torch.zeros(2, 4, 4, dtype=torch.int64))
        tensor(1.0986)
        """
        if self.class_axis != -1:
            target = target.movedim(self.class_axis, -1) if target.dim() == prediction.dim() else target
            prediction = prediction.movedim(self.class_axis, -1)
        ignored = None if self.ignore_index is None else self._ignored(prediction, target)
        losses = self.loss(target, prediction, ignore=ignored)
        shares = None
        if self.weight is not None:
            shares = self._weights(prediction, target, ignored)
            losses = losses * shares
        if self.reduction == "none":
            return losses
        if self.reduction == "sum":
            return losses.sum()
        if shares is None and ignored is not None:
            shares = (~ignored).to(losses.dtype)
        if shares is None:
            return losses.mean()
        whole = shares.sum()
        return losses.sum() / torch.where(whole > 0, whole, 1.0)

    def _ignored(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """Where an example is left out."""
        if self.loss.row_axes and target.dim() == prediction.dim():
            raise ValueError("ignore_index: expected a target that names classes; ignore by the loss's own `ignore`")
        return target == self.ignore_index

    def _weights(self, prediction: torch.Tensor, target: torch.Tensor, ignored: torch.Tensor | None) -> torch.Tensor:
        """The weight of each example: that of its class, 0 where it is left out."""
        assert self.weight is not None
        if target.dim() == prediction.dim() or self.weight.shape[0] != prediction.shape[-1]:
            shape = tuple(self.weight.shape)
            raise ValueError(f"weight: expected one for each class that a target names, got {shape} for these rows")
        weight = self.weight.to(prediction.dtype)
        if ignored is None:
            return weight[target.long()]
        return torch.where(ignored, 0.0, weight[torch.where(ignored, 0, target).long()])

    def extra_repr(self) -> str:
        """The settings that are not the defaults."""
        shown = [repr(self.loss), repr(self.reduction)]
        shown += [f"weight={tuple(self.weight.shape)}"] if self.weight is not None else []
        shown += [f"ignore_index={self.ignore_index}"] if self.ignore_index is not None else []
        return ", ".join(shown + ([f"class_axis={self.class_axis}"] if self.class_axis != -1 else []))


def linear_cross_entropy(
    hidden: torch.Tensor,
    weight: torch.Tensor,
    target: torch.Tensor,
    *,
    reduction: str = "mean",
    average: bool = True,
    group: torch.distributed.ProcessGroup | None = None,
) -> torch.Tensor:
    r"""Softmax cross-entropy of the logits ``hidden @ weight.T``, which are never formed as a whole.

    $$ L_i = \sum_j q_{ij} \Bigl(\log \sum_k e^{s_{ik}} - s_{ij}\Bigr), \qquad s_{ij} = \sum_d h_{id} w_{jd} $$

    The classes are taken a block at a time, on the way there and once more on the way back, in float64: beside what is
    given and its derivatives, the memory needed does not depend on their number, for targets that name classes. A mask
    or a distribution over all classes is checked, and a mask converted, as a whole. One derivative is available.

    Parameters
    ----------
    hidden : torch.Tensor
        (N, D), floating: the hidden states.
    weight : torch.Tensor
        (K, D), floating: the weights of the classes.
    target : torch.Tensor
        (N,) of whole numbers: the right class of each row. (N, P) of whole numbers: several positives, -1 where a row
        has fewer. (N, K) of truth values: a mask of the positives. (N, K) of floating numbers: distributions.
    reduction : {"mean", "sum", "none"}
        What is done with the losses of the rows.
    average : bool
        Of several positives, whether their mean is taken or their sum.
    group : torch.distributed.ProcessGroup, optional
        If given, `weight` holds this process's classes, which come after those of the processes of lower rank; hidden
        states and target are the same on each, and the target names classes, counted over all. Each process gets the
        losses and the derivatives in `hidden` of all classes, as by `sharded_cross_entropy`.

    Returns
    -------
    torch.Tensor
        A single number, or with ``reduction="none"`` the loss of each row, (N,); in the dtype of `hidden`.

    Raises
    ------
    ValueError
        For shapes that do not fit, a class out of range, a row without a positive, or one that is no distribution; for
        another `reduction`.
    TypeError
        For tensors that are not floating.

    Notes
    -----
    Source: Milakov and Gimelshein (2018), *Online normalizer calculation for softmax*; Wijmans et al. (2025), *Cut Your
    Losses in Large-Vocabulary Language Models*, for the blocks. The largest class is left out of the sum here, which
    keeps the loss of a confident right answer.

    Examples
    --------
    >>> import torch
    >>> from lossutils.torch import linear_cross_entropy
    >>> hidden = torch.tensor([[1.0, 2.0]], requires_grad=True)
    >>> weight = torch.tensor([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> value = linear_cross_entropy(hidden, weight, torch.tensor([2]))
    >>> value.backward()
    >>> round(value.item(), 4), hidden.grad
    (0.4076, tensor([[-0.2447, -0.0900]]))
    """
    _check_reduction(reduction)
    if group is None:
        losses = _linear.linear_cross_entropy(hidden, weight, target, average)[0]
    else:
        from .losses.torch_sharded import ShardedLinear  # loads what most who import this module do not need

        losses = ShardedLinear.apply(hidden, weight, target, average, group)
    return losses if reduction == "none" else losses.mean() if reduction == "mean" else losses.sum()


def sharded_cross_entropy(
    logits: torch.Tensor,
    target: torch.Tensor,
    *,
    reduction: str = "mean",
    group: torch.distributed.ProcessGroup | None = None,
) -> torch.Tensor:
    r"""Softmax cross-entropy of rows whose classes lie on several processes, each of which has a part of them.

    $$ L = \sum_j q_j \Bigl(\log \sum_k e^{s_k} - s_j\Bigr), \qquad
       \frac{\partial L}{\partial s_j} = p_j \sum_k q_k - q_j $$

    Every process of the group calls this at the same time, and gets the same losses; the derivative of its own logits
    needs no further word from the others. Each sends four numbers a row, in one exchange, whatever the number of
    classes: the largest logit, the rest of the sum, and what the target weighs. Computed in float64; one derivative is
    available. If a process fails, so does the exchange of the others, after the time-out of the group at the latest.

    Parameters
    ----------
    logits : torch.Tensor
        (..., K_here), floating: the logits of this process's classes, which come after those of the processes of lower
        rank; the processes may have different numbers of them, or none. Or a `DTensor` (..., K) that is sharded on its
        last axis.
    target : torch.Tensor
        (...) of whole numbers: the right classes, counted over all processes, the same on each. Or of the shape of this
        process's logits: truth values, a mask of its positives, of which the mean is taken; or numbers, distributions.
    reduction : {"mean", "sum", "none"}
        What is done with the losses of the rows.
    group : torch.distributed.ProcessGroup, optional
        The processes; all of them if none is given. A `DTensor` knows its own.

    Returns
    -------
    torch.Tensor
        A single number, or with ``reduction="none"`` the loss of each row, (...); in the dtype of `logits`.

    Raises
    ------
    ValueError
        For shapes that do not fit, a class out of range, a row without a positive or one whose weights do not sum to 1,
        logits that are not floating, a `DTensor` that is sharded otherwise, or another `reduction`.
    RuntimeError
        By PyTorch, if no process group was made, or another process has failed.

    Notes
    -----
    Source: Shoeybi et al. (2019), *Megatron-LM*, section 3, for parts of the vocabulary; the rest of the sum and its
    exchange are this package's.

    Examples
    --------
    >>> import tempfile, torch
    >>> from lossutils.torch import sharded_cross_entropy
    >>> store = torch.distributed.FileStore(tempfile.mkdtemp() + "/store", 1)
    >>> torch.distributed.init_process_group("gloo", store=store, rank=0, world_size=1)
    >>> sharded_cross_entropy(torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([2]))
    tensor(0.4076)
    >>> torch.distributed.destroy_process_group()
    """
    from .losses.torch_sharded import sharded_losses

    _check_reduction(reduction)
    losses = sharded_losses(logits, target, group)
    return losses if reduction == "none" else losses.mean() if reduction == "mean" else losses.sum()


def _check_reduction(reduction: str) -> None:
    if reduction not in ("mean", "sum", "none"):
        raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
