"""The host of a board: nothing but Vars, and the ports between the host's process and the chip's."""
import numpy as np

from lava_opzo.arithmetic.numbers import Numbers
from lava_opzo.engines.lava.graph import Graph
from lava_opzo.engines.lava.host import Host


class VariableHost(Host):
    """A `Host` by `Var.set` and `Var.get` between samples, one sample at a time, for a graph without a mailbox.

    A readout model may set the Var `prediction`. A neuron program cannot, since it would have to compare neurons; there the Var
    stays -1, and the class with the largest sum o_plus + o_minus is the prediction.
    """

    def __init__(self, graph: Graph, timeout: float, numbers: Numbers) -> None:
        super().__init__(graph, timeout)
        self._predict = numbers.error.predict

    def post(self, frames: np.ndarray, labels: np.ndarray | None) -> None:
        """As `Host.post`."""
        (frame,) = frames
        self.write(self._graph.input.frames, frame.astype(np.int32))
        if labels is not None:
            self.write(self._graph.input.label, np.asarray(labels, np.int32))

    def predictions(self, n: int) -> np.ndarray:
        """As `Host.predictions`."""
        readout = self._graph.readout
        prediction = int(self.read(readout.prediction)[0])
        if prediction < 0:
            prediction = self._predict(self.read(readout.o_plus) + self.read(readout.o_minus))
        return np.array([prediction], np.int32)
