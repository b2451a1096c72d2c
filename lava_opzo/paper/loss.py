"""The loss of one step at the readout, and its derivative, the error that is sent back."""
import torch
from torch import Tensor
from torch.nn import functional


def loss_and_error(o: Tensor, labels: Tensor, squares: float, steps: int) -> tuple[Tensor, Tensor]:
    """((1 - squares) * cross entropy + squares * mean squared error to one-hot) / steps, and its derivative dL/do, a sample each.

    Shapes:
        o: (batch, n_out). labels: (batch,). Returns (batch,) and (batch, n_out).
    """
    target = functional.one_hot(labels, o.shape[1]).to(o.dtype)
    logarithms = o.log_softmax(1)
    entropy, distance = -(target * logarithms).sum(1), (o - target).square().mean(1)
    error = (1 - squares) * (logarithms.exp() - target) + squares * 2 * (o - target) / o.shape[1]
    return torch.lerp(entropy, distance, squares) / steps, error / steps
