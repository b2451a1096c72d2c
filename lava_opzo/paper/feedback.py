"""M, the matrix through which an error reaches a layer, and how it is learned from noise: M_ij estimates do_j / ds_i."""
import torch
from torch import Tensor


def estimate(z: Tensor, o: Tensor) -> Tensor:
    """What one step of one batch says of M: the mean over the batch of z o^T.

    For Gaussian noise of size alpha, the mean of this over alpha is the derivative of the mean output (Stein's identity), so that
    no derivative of a spike is needed.

    Shapes:
        z: (batch, *layer). o: (batch, n_out). Returns (neurons of the layer, n_out).
    """
    return z.flatten(1).T @ o / len(o)


def learn(feedback: Tensor, z: Tensor, o: Tensor, momentum: float, size: float) -> None:
    """M = momentum * M + (1 - momentum) * mean(z o^T) / size, in place; size: alpha, or 1 where 1/alpha is left out."""
    feedback.mul_(momentum).add_(estimate(z, o), alpha=(1 - momentum) / size)


def credit(feedback: Tensor, error: Tensor, shape: torch.Size) -> Tensor:
    """The third factor of a layer, g = M e for every sample of a batch.

    Shapes:
        feedback: (neurons, n_out). error: (batch, n_out). shape: (batch, *layer), that of the result.
    """
    return (error @ feedback.T).view(shape)
