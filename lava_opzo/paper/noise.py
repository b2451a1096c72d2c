"""The noise of a layer: drawn from a seeded generator, with variance 1 a neuron, and its sign and age from step to step."""
import math

import torch
from torch import Tensor

from lava_opzo.paper.network import Network


def draw(kind: str, shape: tuple[int, ...], generator: torch.Generator, dtype: torch.dtype) -> Tensor:
    """One z for a batch; kind: gaussian, signs, or sphere, a direction at random times the root of the number of neurons.

    Shapes:
        shape: (batch, *layer), that of the result.
    """
    device = generator.device
    if kind == "signs":
        return torch.randint(0, 2, shape, generator=generator, device=device).to(dtype) * 2 - 1
    z = torch.randn(shape, generator=generator, device=device, dtype=dtype)
    if kind == "sphere":
        flat = z.flatten(1)
        z = (flat / flat.norm(dim=1, keepdim=True) * math.sqrt(flat.shape[1])).view(shape)
    return z


class Source:
    """The noise of all layers for one batch, step by step; none where the credit needs none."""

    def __init__(self, network: Network, batch: int, generator: torch.Generator):
        self._network, self._shapes, self._generator = network, [(batch, *shape) for shape in network.shapes], generator
        self._drawn: list[Tensor] = []

    def __call__(self, t: int) -> list[Tensor] | None:
        """z of every layer in step t, to be called for t = 0, 1, 2, ... in this order."""
        setup, noise = self._network.setup, self._network.setup.noise
        if not setup.noisy:
            return None
        age = t if noise.redraw == "sample" else t % 2 if noise.opposite else 0
        if age == 0:
            self._drawn = [draw(noise.kind, shape, self._generator, self._network.dtype) for shape in self._shapes]
        return [-z for z in self._drawn] if noise.opposite and t % 2 else self._drawn
