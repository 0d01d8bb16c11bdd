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
    """A loss as a module: ``forward(prediction, target)``, in PyTorch's order, reduced as PyTorch reduces.

    Parameters
    ----------
    loss : lossutils.losses.base.Loss
        The loss.
    reduction : {"mean", "sum", "none"}
        What is done with the losses of the examples.

    Raises
    ------
    ValueError
        For another `reduction`.

    Examples
    --------
    >>> import torch
    >>> from lossutils.torch import LossModule
    >>> criterion = LossModule(lu.SquaredError(), reduction="sum")
    >>> prediction = torch.tensor([3.0, 2.5], requires_grad=True)
    >>> criterion(prediction, torch.tensor([1.0, 2.0])).backward()
    >>> prediction.grad
    tensor([4., 1.])
    """

    def __init__(self, loss: Loss, reduction: str = "mean") -> None:
        super().__init__()
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
        self.loss, self.reduction = loss, reduction

    def forward(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of `prediction` against `target`.

        Parameters
        ----------
        prediction : torch.Tensor
            Floating; (...) for a loss of one number, (..., K) for a loss of rows, its classes last.
        target : torch.Tensor
            As the loss takes it.

        Returns
        -------
        torch.Tensor
            A single number, or with ``reduction="none"`` the loss of each example; in the dtype of `prediction`.

        Raises
        ------
        ValueError, TypeError
            As the loss raises them.

        Examples
        --------
        >>> import torch
        >>> from lossutils.torch import LossModule
        >>> LossModule(lu.SquaredError(), "none")(torch.tensor([3.0, 2.5]), torch.tensor([1.0, 2.0]))
        tensor([4.0000, 0.2500])
        """
        losses = self.loss(target, prediction)
        return losses if self.reduction == "none" else getattr(losses, self.reduction)()
