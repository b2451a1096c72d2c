"""What the integers do otherwise than the paper and its engine has no setting for, each alone and in real numbers."""
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from unittest.mock import patch

import torch
from torch import Tensor
from torch.nn import functional

from lava_opzo.paper import feedback, neuron
from lava_opzo.paper.connection import Connection

STEPS = 127
"""Of 8 bits, even: so many steps on either side of 0."""

of_paper = feedback.credit
used_by_paper = Connection.used.fget


def stepped(values: Tensor) -> Tensor:
    """Values rounded to `STEPS` steps on either side of 0, the largest of which is the largest of them."""
    step = values.abs().max() / STEPS
    return (values / step).round() * step if step > 0 else values


def reset_to_zero(potential: Tensor, spikes: Tensor) -> Tensor:
    """The membrane after a spike is 0; the paper takes the threshold off."""
    return potential * (1 - spikes)


def ramp(o: Tensor, labels: Tensor, squares: float, steps: int) -> tuple[Tensor, Tensor]:
    """A ramp between 0 and 1 in the place of softmax, in 8 bits; nothing learns of the loss, the mean of its squares."""
    error = (o.clamp(0, 1) * STEPS).floor() / STEPS - functional.one_hot(labels, o.shape[1]).to(o.dtype)
    return error.square().mean(1) / steps, error / steps


def rounded_feedback(matrix: Tensor, error: Tensor, shape: torch.Size) -> Tensor:
    """The error is sent through M in 8 bits."""
    return of_paper(stepped(matrix), error, shape)


def feedback_at_its_rails(matrix: Tensor, error: Tensor, shape: torch.Size) -> Tensor:
    """The error is sent through the signs of M alone, times its mean size."""
    return of_paper(matrix.sign() * matrix.abs().mean(), error, shape)


def _used(connection: Connection) -> Tensor:
    return stepped(used_by_paper(connection))


ALONE: dict[str, Callable[[], AbstractContextManager]] = {
    "as in the paper": nullcontext,
    "a reset to 0": lambda: patch.object(neuron, "reset", reset_to_zero),
    "a ramp in 8 bits for softmax": lambda: patch("lava_opzo.paper.learner.loss_and_error", ramp),
    "M sent in 8 bits": lambda: patch.object(feedback, "credit", rounded_feedback),
    "the signs of M sent alone": lambda: patch.object(feedback, "credit", feedback_at_its_rails),
    "weights used in 8 bits": lambda: patch.object(Connection, "used", property(_used)),
}
"""Each as a context in which the engine does so."""
