"""The forward pass by stock `Conv`; learning by one stock `LearningDense` that sees the patches in turn, in raster order.

A sample takes its window steps, then a slot for every rank and position: its patch of eligibility spikes on the pre-synaptic
side, the traces of its channels on the post-synaptic side, as another engine recorded them. At the end `CopyKernel` hands the
learned weights to the Conv.
"""
import numpy as np
from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import Loihi2SimCfg
from lava.proc.conv.process import Conv as LavaConv
from lava.proc.io.sink import RingBuffer as Sink
from lava.proc.io.source import RingBuffer as Source

from lava_opzo.engines.lava.fixed import arrays
from lava_opzo.engines.record import Record
from lava_opzo.learning.rules import FORWARD
from lava_opzo.network.network import Network
from lava_opzo.topology.conv import Conv
from process_models.learning_dense.build import learning_dense
from sim_tests.helpers.stock_conv.copy import CopyKernel


def patches(topology: Conv, sent: np.ndarray) -> np.ndarray:
    """What every position sees: (positions, taps), 0 outside the image."""
    seen, found = topology.seen, np.zeros((topology.n_post // topology.channels, topology.taps), np.int32)
    found[seen.post // topology.channels, seen.tap] = sent[seen.pre]
    return found


def slots(network: Network, record: Record) -> tuple[np.ndarray, ...]:
    """(eligibility spikes (slots, taps), y1 and y2 (slots, channels)) of a sample, from what its populations sent."""
    topology, layer = network.forward[0].topology, network.hidden[0].name
    ranks = [tau for tau, step in enumerate(network.schedule().programs[1]) if step.rank]
    seen = np.concatenate([patches(topology, record[network.input.name]["spikes"][tau] != 0) for tau in ranks])
    y1, y2 = (np.concatenate([record[layer][name][tau].reshape(-1, topology.channels) for tau in ranks]) for name in ("y1", "y2"))
    return seen, y1, y2


class StockConv:
    """Runs samples of which the messages are known, one a call; `run` gives (currents of the window steps, block, kernel)."""

    def __init__(self, network: Network, weights: np.ndarray, records: list[Record]) -> None:
        topology = network.forward[0].topology
        self._windows, n_slots = network.schedule().window_steps, len(slots(network, records[0])[0])
        self.period = self._windows + 1 + n_slots
        frames, learned = np.zeros((len(records), self.period, topology.n_pre), np.int32), []
        for number, record in enumerate(records):
            frames[number, :self._windows] = record[network.input.name]["spikes"][:self._windows]
            learned.append([np.pad(part, ((self._windows + 1, 0), (0, 0))) for part in slots(network, record)])
        self.block = learning_dense(weights, FORWARD, 0)
        (kernel,) = arrays(topology, weights)
        self.conv = LavaConv(weight=kernel, input_shape=topology.shape, padding=topology.padding, stride=topology.stride,
                             num_message_bits=4)
        Source(data=frames.reshape(-1, *topology.shape).transpose(1, 2, 3, 0)).s_out.connect(self.conv.s_in)
        ports = self.block.s_in, self.block.s_in_y1, self.block.s_in_y2
        for port, parts in zip(ports, zip(*learned, strict=True), strict=True):
            Source(data=np.concatenate(parts).T).s_out.connect(port)
        self._currents = Sink(shape=topology.out_shape, buffer=self.period)
        self.conv.a_out.connect(self._currents.a_in)
        self._copy = CopyKernel(topology=topology, source=self.block.weights, target=self.conv.weight, period=self.period)

    def run(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The next sample."""
        self.conv.run(condition=RunSteps(self.period), run_cfg=Loihi2SimCfg(select_tag="fixed_pt"))
        currents = self._currents.data.get()[..., 1:self._windows + 1]
        return currents.reshape(-1, self._windows).T, self.block.weights.get(), self.conv.weight.get()

    def stop(self) -> None:
        """End it."""
        self.conv.stop()
