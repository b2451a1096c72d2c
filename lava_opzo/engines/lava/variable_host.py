"""The host of a board: nothing but Vars, and the ports between the host's process and the chip's."""
import numpy as np

from lava_opzo.arithmetic.numbers import Numbers
from lava_opzo.engines.lava.graph import Graph
from lava_opzo.engines.lava.host import Host


class VariableHost(Host):
    """A `Host` by `Var.set` and `Var.get` between samples, one sample at a time, for a graph without a mailbox.

    A readout model may set the Var `prediction`. A neuron program cannot, since it would have to compare neurons; there the Var
    stays -1, and the class with the largest sum o_plus + o_minus is the prediction.

    Where weights learn in every step and all its answers are wanted, the network halts after each of them to be read.
    """

    def __init__(self, graph: Graph, timeout: float, numbers: Numbers) -> None:
        super().__init__(graph, timeout)
        self._predict = numbers.error.predict
        self._halts: tuple[int, ...] = ()
        self._answers: list[int] = []

    def post(self, frames: np.ndarray, labels: np.ndarray | None, every_step: bool = False) -> None:
        """As `Host.post`."""
        (frame,) = frames
        self.write(self._graph.input.frames, frame.astype(np.int32))
        if labels is not None:
            self.write(self._graph.input.label, np.asarray(labels, np.int32).ravel())
        self._answers = []
        self._halts = self._after_answers(labels is not None) if every_step else ()

    def run(self, steps: int) -> None:
        """As `Host.run`; a sample all of whose answers are wanted runs as a whole."""
        done = 0
        for halt in self._halts:
            super().run(halt - done)
            self._answers.append(self._answer())
            done = halt
        if done < steps:
            super().run(steps - done)

    def predictions(self, n: int) -> np.ndarray:
        """As `Host.predictions`."""
        learning = self._graph.network.learning
        if not learning.by_step:
            return np.array([self._answer()], np.int32)
        answers = self._answers or [self._answer()]
        return np.array([[-1] * (learning.steps - len(answers)) + answers], np.int32)

    def _after_answers(self, learn: bool) -> tuple[int, ...]:
        """The time steps of a sample after which a step of the algorithm has been answered; before label_from none is."""
        network = self._graph.network
        program = network.schedule(learn).programs[-1]
        return tuple(tau + 1 for tau, step in enumerate(program) if step.answer)

    def _answer(self) -> int:
        readout = self._graph.readout
        prediction = int(self.read(readout.prediction)[0])
        if prediction >= 0:
            return prediction
        return int(self._predict(self.read(readout.o_plus) + self.read(readout.o_minus)))
