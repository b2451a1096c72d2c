"""A neuron of one's own: the gate of OpzoLIF, a window around the threshold, becomes a triangle. Everything else stays as it is.

Run it with `python examples/own_neuron.py`.

With a neuron of your own only the engines that run Lava's process models (`fast`, `stock`) compute your network. The twin, the
oracle and the in-the-loop engine have a membrane and a gate of their own: they do not know yours, and their bits are another
network's. `lava-opzo verify`, golden vectors and a checkpoint resumed in the twin therefore say nothing about it.
"""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.data import load
from lava_opzo.engines.lava.engine import FastLavaEngine
from lava_opzo.learning.learning import Learning
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from process_models.opzo_lif.models import FixedOpzoLIF
from process_models.opzo_lif.process import OpzoLIF

N_TRAINING, N_TEST = 120, 40


@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class TriangleLIF(FixedOpzoLIF):
    """A step in which the membrane is within a quarter of the gate's width counts twice as much as one at its edge."""

    def gate(self, v: np.ndarray) -> np.ndarray:
        """0, 1 or 2, int32 (n,). The clip of the third factor counts on 0 or 1 a step, so that h may need 25 bits: watch |h|."""
        near = self.numbers.membrane.near_threshold
        return near(v, self.vth, self.psi_width) + near(v, self.vth, self.psi_width >> 2)


def main() -> None:
    """Train handwritten digits with both neurons and compare."""
    dataset = load("digits")
    hidden = Hidden(n=60, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=15)
    network = Network.chain(65, [hidden], Readout(n=10, error_shift=5, y_shift=6, d_shift=8), sigma=(6.0, 4.0), x_shift=(8, 3),
                            learning=Learning(steps=6))
    for neuron in (None, TriangleLIF):
        with FastLavaEngine(network, initial_state(network), neuron=neuron) as engine:
            engine.train(dataset.train_frames[:N_TRAINING], dataset.train_labels[:N_TRAINING])
            right = engine.evaluate(dataset.test_frames[:N_TEST]) == dataset.test_labels[:N_TEST]
            seen = engine.seen()
        name = neuron.__name__ if neuron else "OpzoLIF"
        print(f"{name}: {right.mean():.0%} of {N_TEST} test samples right, spike rate {seen.spike_rates[0]:.2f}, "
              f"largest values {'not counted' if seen.largest is None else seen.largest['hidden1']}")


if __name__ == "__main__":
    main()
