"""For PyTorch: `LossModule` wraps a loss for use where an `nn.Module` is expected."""

from __future__ import annotations

try:
    import torch
except ImportError as error:
    raise ImportError("lossutils.torch needs PyTorch: pip install 'lossutils[torch]'") from error

from .frameworks import torch_operators as _operators  # noqa: F401  # an exported graph needs them
from .losses.base import Loss

__all__ = ["LossModule"]


def __dir__() -> list[str]:
    return __all__


class LossModule(torch.nn.Module):  # type: ignore[misc]  # PyTorch's types are not read
    r"""A loss as a module: ``forward(prediction, target)``, in PyTorch's order, reduced as PyTorch reduces.

    With class weights w, and without the examples that are ignored, the mean is
    $\sum_i w_{t_i} L_i / \sum_i w_{t_i}$, PyTorch's own; over no examples it is 0, and not NaN.

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
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
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
