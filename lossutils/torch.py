"""For PyTorch: `LossModule` wraps a loss for use where an `nn.Module` is expected."""

from __future__ import annotations

try:
    import torch
except ImportError as error:
    raise ImportError("lossutils.torch needs PyTorch: pip install 'lossutils[torch]'") from error

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
    """

    def __init__(self, loss: Loss, reduction: str = "mean") -> None:
        super().__init__()
        if reduction not in ("mean", "sum", "none"):
            raise ValueError(f"reduction: expected 'mean', 'sum' or 'none', got {reduction!r}")
        self.loss, self.reduction = loss, reduction

    def forward(self, prediction: torch.Tensor, target: torch.Tensor) -> torch.Tensor:
        """The loss of `prediction` against `target`."""
        losses = self.loss(target, prediction)
        return losses if self.reduction == "none" else getattr(losses, self.reduction)()
