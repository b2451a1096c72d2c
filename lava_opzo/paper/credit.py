"""The third factor of every hidden layer in one step, dL/ds for each sample, by the kind of credit."""
from math import prod

import torch
from torch import Tensor

from lava_opzo.paper import feedback
from lava_opzo.paper.network import Network
from lava_opzo.paper.setup import WITH_FEEDBACK

RANDOM = 0.3
"""Standard deviation of a random M times the root of the readout's fan-in: that of the readout's own first weights."""

TOP, RELAY = "top", "relay"
"""The two ways through matrices: from the readout to every hidden layer, from a local readout to every layer below its own."""

Matrices = dict[str, list[Tensor]]
"""M by way, one a layer that it teaches, from hidden layer 1 on; each (neurons of the layer, n_out)."""


def matrices(network: Network) -> Matrices:
    """M of every way before learning, at zero or at random as the kind of credit wants it; none where it has no M."""
    setup = network.setup
    if setup.credit not in WITH_FEEDBACK:
        return {}
    generator = torch.Generator().manual_seed(setup.seed + 1)
    size = 0.0 if setup.credit == "opzo" and setup.feedback.start == "zero" else RANDOM / network.readout.layer.fan_in**0.5
    taught = {TOP: network.shapes} | ({RELAY: network.shapes[:setup.relay - 1]} if setup.relay else {})
    return {way: [(size * torch.randn((prod(shape), network.n_out), generator=generator, dtype=network.dtype)).to(network.device)
                  for shape in shapes] for way, shapes in taught.items()}


def through_weights(network: Network, gates: list[Tensor], error: Tensor) -> list[Tensor]:
    """Spatial backpropagation in one step: through every weight above, and through the gate of every layer on the way.

    Shapes:
        gates: (batch, *layer) each. error: (batch, n_out).
    """
    g = network.readout.spread(network.readout.returned(error))
    found = [g]
    for connection, gate in zip(network.connections[:0:-1], gates[:0:-1], strict=True):
        arriving = connection.returned(g * gate)
        g = connection.spread(arriving + g if connection.layer.residual else arriving)
        found.append(g)
    return found[::-1]


def from_loss(z: list[Tensor], loss: Tensor, size: float) -> list[Tensor]:
    """The single-point estimate itself: g = z * L / size. loss: (batch,)."""
    return [one * (loss / size).view(-1, *[1] * (one.dim() - 1)) for one in z]


def from_readout(network: Network, learned: Matrices, gates: list[Tensor], z: list[Tensor] | None, loss: Tensor,
                 error: Tensor) -> list[Tensor]:
    """What the loss at the readout says to every hidden layer."""
    if network.setup.credit == "bp":
        return through_weights(network, gates, error)
    if z is not None and not learned:
        return from_loss(z, loss, estimate_size(network))
    return through_matrices(network, learned[TOP], error)


def through_matrices(network: Network, learned: list[Tensor], error: Tensor) -> list[Tensor]:
    """g = M e of the layers that these matrices teach."""
    return [feedback.credit(one, error, torch.Size((len(error), *shape)))
            for one, shape in zip(learned, network.shapes[:len(learned)], strict=True)]


def from_local(network: Network, errors: list[Tensor]) -> list[Tensor]:
    """What every local readout says to its own layer, through its own weights."""
    return [readout.spread(readout.returned(error)) for readout, error in zip(network.local, errors, strict=True)]


def estimate_size(network: Network) -> float:
    """What an estimate from noise is divided by: alpha, or 1 where 1/alpha is left out."""
    return network.setup.noise.alpha if network.setup.feedback.over_alpha else 1.0


def learn_matrices(network: Network, learned: Matrices, z: list[Tensor], outputs: dict[str, Tensor]) -> None:
    """M of every way learns from the noise of its layer and from what its readout said, (batch, n_out) by way."""
    for way, ones in learned.items():
        for one, noise in zip(ones, z[:len(ones)], strict=True):
            feedback.learn(one, noise, outputs[way], network.setup.feedback.momentum, estimate_size(network))


def mirrored(network: Network, learned: Matrices, traces: list[Tensor], errors: dict[str, Tensor]) -> dict[str, list[Tensor]]:
    """Direct Kolen-Pollack: M changes as scale * W of a readout at its place would, by mean(r e^T) times scale^2.

    Shapes:
        traces: r, what a layer sent and still remembers, (batch, *layer) each. errors: (batch, n_out) by way.
    """
    scale = network.setup.scale
    return {way: [scale**2 * feedback.estimate(trace, errors[way]) for trace in traces[:len(ones)]]
            for way, ones in learned.items()}
