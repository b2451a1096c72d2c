"""A network of spiking layers with a linear readout, and one step of it: noise in, currents, spikes and outputs out."""
from dataclasses import dataclass

import torch
from torch import Tensor

from lava_opzo.errors import UserError
from lava_opzo.paper import neuron
from lava_opzo.paper.connection import Connection
from lava_opzo.paper.layers import Layer, Shape, parsed
from lava_opzo.paper.setup import Setup

PRECISION = {"single": torch.float32, "double": torch.float64, "mixed": torch.float32}
PRODUCTS = {**PRECISION, "mixed": torch.bfloat16}
"""What currents, membranes, noise and weights are kept in, and what weights are multiplied in."""
READOUT_START = 0.3
"""Standard deviation of a readout's first weights, times the root of its fan-in."""


@dataclass
class Step:
    """One pass through a network in one step, a list over hidden layers each; output: of the readout, (batch, n_out).

    arriving: what each connection received, and last the readout. potentials: before the reset. spikes. sent: spikes, with noise
    after the neuron and residual. membranes: what the next step begins with.
    """

    arriving: list[Tensor]
    potentials: list[Tensor]
    spikes: list[Tensor]
    sent: list[Tensor]
    membranes: list[Tensor]
    output: Tensor


class Network:
    """Layers, readout, and where they are asked for a local readout of each hidden layer.

    Shapes:
        connections: one a hidden layer. local: one a hidden layer, or none.
    """

    def __init__(self, setup: Setup, shape: Shape, n_out: int, device: str = "cpu"):
        self.setup, self.dtype, self.device = setup, PRECISION[setup.precision], torch.device(device)
        generator = torch.Generator().manual_seed(setup.seed)
        *hidden, top = parsed(setup.hidden, shape, n_out)
        for number, layer in enumerate(hidden, 1):
            if setup.standardise and layer.fan_in < 2:
                raise UserError(f"paper: standardise divides by a variance, but a neuron of hidden layer {number} has "
                                f"{layer.fan_in} synapse and 2 are needed; make what lies below larger, or set standardise=false")
        self.connections = [self._connection(layer, 1.0 if not number else setup.scale, generator, False)
                            for number, layer in enumerate(hidden)]
        self.readout = self._connection(top, setup.scale, generator, True)
        seen = [Layer(layer.shape, (n_out,), 0 if len(layer.shape) == 3 else 1) for layer in hidden if setup.local]
        self.local = [self._connection(layer, setup.scale, generator, True) for layer in seen]
        self.shapes = [layer.shape for layer in hidden]
        if setup.relay > len(hidden):
            raise UserError(f"paper: relay {setup.relay} is no hidden layer; the network has {len(hidden)}, counted from 1")
        self.n_out = n_out

    @property
    def all(self) -> dict[str, Connection]:
        """Every connection by its name."""
        return {**{f"layer{number}": one for number, one in enumerate(self.connections, 1)}, "readout": self.readout,
                **{f"local{number}": one for number, one in enumerate(self.local, 1)}}

    def still(self, batch: int) -> list[Tensor]:
        """Membranes, or traces, before the first step."""
        return [torch.zeros((batch, *shape), dtype=self.dtype, device=self.device) for shape in self.shapes]

    def step(self, membranes: list[Tensor], shown: Tensor, z: list[Tensor] | None) -> Step:
        """One pass; z: the noise of every hidden layer, None for none.

        Shapes:
            shown: (batch, *input). membranes and z: (batch, *layer) each.
        """
        noise, found = self.setup.noise, Step([], [], [], [], [], shown)
        sent = shown
        for number, connection in enumerate(self.connections):
            arriving = connection.pooled(sent)
            potential = neuron.charge(membranes[number], connection.currents(arriving), self.setup.leak)
            if z is not None and noise.place == "before":
                potential = potential + noise.alpha * z[number]
            spikes = neuron.fire(potential)
            sent = spikes + noise.alpha * z[number] if z is not None and noise.place == "after" else spikes
            if connection.layer.residual:
                sent = sent + arriving
            for kept, one in ((found.arriving, arriving), (found.potentials, potential), (found.spikes, spikes),
                              (found.sent, sent), (found.membranes, neuron.reset(potential, spikes))):
                kept.append(one)
        found.arriving.append(self.readout.pooled(sent))
        found.output = self.readout.currents(found.arriving[-1])
        return found

    def local_outputs(self, step: Step) -> list[Tensor]:
        """What every local readout says of a pass, (batch, n_out) each."""
        heard = zip(self.local, step.sent[:len(self.local)], strict=True)
        return [readout.currents(readout.pooled(sent)) for readout, sent in heard]

    def outputs(self, frames: Tensor) -> Tensor:
        """The sum of the outputs of all steps, without noise, (batch, n_out).

        Shapes:
            frames: (batch, 1 or steps, *input).
        """
        membranes, total = self.still(len(frames)), torch.zeros((len(frames), self.n_out), dtype=self.dtype, device=self.device)
        for t in range(self.setup.steps):
            found = self.step(membranes, frames[:, t if frames.shape[1] > 1 else 0], None)
            membranes, total = found.membranes, total + found.output
        return total

    def _connection(self, layer: Layer, scale: float, generator: torch.Generator, reads: bool) -> Connection:
        made = Connection(layer, scale, READOUT_START if reads else 1.0, self.setup.standardise and not reads, self.setup.bias,
                          generator, self.dtype, PRODUCTS[self.setup.precision])
        made.parameters = {name: one.to(self.device) for name, one in made.parameters.items()}
        return made
