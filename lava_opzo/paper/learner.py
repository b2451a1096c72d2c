"""The algorithm, one batch, step by step: noise in, outputs out, M learns, the error goes to every layer, weights learn."""
from collections.abc import Callable

import torch
from torch import Tensor

from lava_opzo.paper import credit, neuron
from lava_opzo.paper.compiling import compiled
from lava_opzo.paper.credit import RELAY, TOP
from lava_opzo.paper.loss import loss_and_error
from lava_opzo.paper.network import Network, Step

Noise = Callable[[int], list[Tensor] | None]
"""From the number of a step to the z of every hidden layer, None for none."""


class Learner:
    """A network with its matrices M and its optimiser. seen: samples learned."""

    def __init__(self, network: Network):
        self.network, self.matrices, self.seen = network, credit.matrices(network), 0
        setup, hidden = network.setup, {id(one) for connection in network.connections for one in connection.parameters.values()}
        learned = [{"params": [one for one in self.parameters.values() if (id(one) in hidden) == below],
                    "lr": share * setup.rate, "share": share} for below, share in ((False, 1.0), (True, setup.hidden_rate))]
        self.optimiser: torch.optim.Optimizer = (
            torch.optim.Adam(learned, setup.rate, weight_decay=setup.decay) if setup.optimiser == "adam"
            else torch.optim.SGD(learned, setup.rate, setup.inertia, weight_decay=setup.decay))
        self._step = compiled(self._stepped) if setup.compiled else self._stepped

    @property
    def parameters(self) -> dict[str, Tensor]:
        """What the optimiser changes, by name: all weights, and M of direct Kolen-Pollack."""
        weights = {f"{name}.{key}": one for name, connection in self.network.all.items()
                   for key, one in connection.parameters.items()}
        return weights | (self.arrays if self.network.setup.credit == "dkp" else {})

    @property
    def arrays(self) -> dict[str, Tensor]:
        """Every M by its name, as `M.top1`."""
        return {f"M.{way}{number}": one for way, ones in self.matrices.items() for number, one in enumerate(ones, 1)}

    @torch.no_grad()
    def learn(self, frames: Tensor, labels: Tensor, noise: Noise) -> Tensor:
        """Learn one batch; returns what it predicted meanwhile, (batch,). noise: asked once a step, in their order.

        Shapes:
            frames: (batch, 1 or steps, *input). labels: (batch,).
        """
        network, setup, batch = self.network, self.network.setup, len(frames)
        membranes, traces = network.still(batch), network.still(batch)
        frozen = 0 < setup.feedback.frozen_after <= self.seen
        total = torch.zeros((batch, network.n_out), dtype=network.dtype, device=network.device)
        for t in range(setup.steps):
            shown = frames[:, t if frames.shape[1] > 1 else 0]
            membranes, traces, output = self._step(membranes, traces, shown, noise(t), labels, frozen)
            total = total + output
            if setup.updates == "step" or t == setup.steps - 1:
                self._update()
        self.seen += batch
        return total.argmax(1)

    def _stepped(self, membranes: list[Tensor], traces: list[Tensor], shown: Tensor, z: list[Tensor] | None,
                 labels: Tensor, frozen: bool) -> tuple[list[Tensor], list[Tensor], Tensor]:
        """One step of a batch: the next membranes and traces, and what the readout said. frozen: whether M stays as it is."""
        noisy = self.network.step(membranes, shown, z)
        step = self.network.step(membranes, shown, None) if self._two_points else noisy
        traces = [neuron.trace(kept, sent, self.network.setup.leak) for kept, sent in zip(traces, step.sent, strict=True)]
        self._teach(step, noisy, z, traces, labels, frozen)
        return step.membranes, traces, step.output

    @property
    def _two_points(self) -> bool:
        return self.network.setup.credit == "opzo" and self.network.setup.feedback.points == 2

    def _teach(self, step: Step, noisy: Step, z: list[Tensor] | None, traces: list[Tensor], labels: Tensor, frozen: bool) -> None:
        """What one step says: M learns where it is not frozen, and every connection gets its part of the gradient.

        step: the pass that is taught. noisy: the one with noise, the same where there is no other.
        """
        network, setup = self.network, self.network.setup
        gates = [neuron.surrogate(u, setup.surrogate, setup.width) if setup.gate else torch.ones_like(u) for u in step.potentials]
        loss, error = loss_and_error(step.output, labels, setup.squares, setup.steps)
        said = network.local_outputs(step)
        local = [loss_and_error(o, labels, setup.squares, setup.steps)[1] for o in said]
        errors = {TOP: error}
        if setup.relay:
            errors[RELAY] = local[setup.relay - 1]
        if setup.feedback.first and not frozen:
            self._learn_matrices(step, noisy, z)
        factors = credit.from_readout(network, self.matrices, gates, z, loss, error)
        if RELAY in errors:
            relayed = credit.through_matrices(network, self.matrices[RELAY], errors[RELAY])
            below = len(relayed)
            factors = [g + more for g, more in zip(factors[:below], relayed, strict=True)] + factors[below:]
        if local:
            factors = [g + more for g, more in zip(factors, credit.from_local(network, local), strict=True)]
        for number, (connection, g, gate) in enumerate(zip(network.connections, factors, gates, strict=True)):
            connection.teach(connection.pooled(traces[number - 1]) if number else step.arriving[0], g * gate)
        network.readout.teach(network.readout.pooled(traces[-1]), error)
        for readout, kept, own in zip(network.local, traces[:len(local)], local, strict=True):
            readout.teach(readout.pooled(kept), own)
        if setup.credit == "dkp":
            self._add(credit.mirrored(network, self.matrices, traces, errors))
        if not setup.feedback.first and not frozen:
            self._learn_matrices(step, noisy, z)

    def _learn_matrices(self, step: Step, noisy: Step, z: list[Tensor] | None) -> None:
        network, setup = self.network, self.network.setup
        if z is None or not self.matrices:
            return
        outputs = {TOP: noisy.output}
        if setup.relay:
            outputs[RELAY] = network.local_outputs(noisy)[setup.relay - 1]
        if self._two_points:
            outputs[TOP] = outputs[TOP] - step.output
            if setup.relay:
                outputs[RELAY] = outputs[RELAY] - network.local_outputs(step)[setup.relay - 1]
        credit.learn_matrices(network, self.matrices, z, outputs)

    def _update(self) -> None:
        for connection in self.network.all.values():
            for key, change in connection.collected().items():
                connection.parameters[key].grad = change
        self.optimiser.step()
        self.optimiser.zero_grad()

    def _add(self, changes: credit.Matrices) -> None:
        """Direct Kolen-Pollack: add to the gradient of M."""
        for way, ones in changes.items():
            for matrix, change in zip(self.matrices[way], ones, strict=True):
                matrix.grad = change if matrix.grad is None else matrix.grad + change
