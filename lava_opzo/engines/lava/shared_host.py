"""The host of the simulator: samples and answers lie in memory that the network's processes share with it."""
import numpy as np

from lava_opzo.engines.lava.graph import Graph
from lava_opzo.engines.lava.host import Host
from lava_opzo.engines.lava.mailbox import Mailbox


class SharedHost(Host):
    """A `Host` by a mailbox, which the graph was built with."""

    def __init__(self, graph: Graph, timeout: float, mailbox: Mailbox) -> None:
        super().__init__(graph, timeout)
        self._mailbox, self.room = mailbox, mailbox.capacity

    def post(self, frames: np.ndarray, labels: np.ndarray | None, every_step: bool = False) -> None:
        """As `Host.post`."""
        self._mailbox.post(frames, labels)

    def predictions(self, n: int) -> np.ndarray:
        """As `Host.predictions`."""
        return self._mailbox.predictions(n)
