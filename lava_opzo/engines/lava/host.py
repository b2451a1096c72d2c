"""The host's side of a network in Lava: samples and labels in, predictions and states out, whatever carries them."""
import numpy as np
from lava.magma.core.process.variable import Var

from lava_opzo.engines.lava import watchdog
from lava_opzo.engines.lava.graph import Graph


class Host:
    """What a host does with a network that waits at the border of a sample; a subclass says how samples and answers travel.

    room: most samples that it can post at once. timeout: seconds that one call of `run` may take.
    `SharedHost` is quick and needs the network's processes on this machine; `VariableHost` needs what a board has.
    """

    room: int = 1

    def __init__(self, graph: Graph, timeout: float) -> None:
        self._graph, self._timeout = graph, timeout

    def post(self, frames: np.ndarray, labels: np.ndarray | None, every_step: bool = False) -> None:
        """Give the network its next samples; without labels they are to be evaluated.

        every_step: whether the answers after earlier steps than the last are wanted, too.

        Shapes:
            frames: uint8 (n, rows, n_in), n <= room. labels: (n,), (n, n_out), or where weights learn in every step (n, K).
        """
        raise NotImplementedError

    def predictions(self, n: int) -> np.ndarray:
        """What was predicted for the n samples of the last post, after they have run; int32, shaped as the labels.

        -1 where nobody asked for the answer.
        """
        raise NotImplementedError

    def run(self, steps: int) -> None:
        """Let the network compute so many time steps."""
        watchdog.run(self._graph.input, steps, self._timeout)

    def read(self, variable: Var) -> np.ndarray:
        """The present value of a Var."""
        return np.asarray(watchdog.call(self._graph.input, variable.get))

    def write(self, variable: Var, values: np.ndarray) -> None:
        """Set a Var."""
        watchdog.call(self._graph.input, variable.set, values)
