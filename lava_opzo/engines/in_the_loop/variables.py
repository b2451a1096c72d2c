"""The exchange that a board has: the host runs a few steps, then reads and writes Vars (`Var.get`, `Var.set`), and runs on.

lava-loihi documents both calls for Vars on neurocores (release notes of Lava 0.4.0). In the simulator they take 20 to 40 us an
element, so there this path is for testing; on a board their cost is not known. No board has run it yet.
"""
from collections.abc import Callable

import numpy as np

from lava_opzo.engines.in_the_loop.after_step import exchange
from lava_opzo.engines.in_the_loop.graph import ForwardGraph
from lava_opzo.engines.in_the_loop.windows import SharedWindows
from lava_opzo.engines.lava import watchdog


class Variables:
    """A `States` by Vars of a graph without references. run(steps) runs it."""

    def __init__(self, graph: ForwardGraph, run: Callable[[int], None]) -> None:
        self._graph, self._run = graph, run

    def sample(self, memory: SharedWindows) -> None:
        """All steps of one sample; stops after those that ask for an exchange."""
        schedule, pending = memory.schedule, 0
        for tau in range(schedule.length(memory.windows)):
            pending += 1
            if memory.reads_currents or schedule.exchanges(tau, memory.windows):
                self._run(pending)
                self._read_currents(tau, memory)
                exchange(tau, memory, self)
                pending = 0
        if pending:
            self._run(pending)

    def _read_currents(self, tau: int, memory: SharedWindows) -> None:
        for population in range(1, memory.schedule.depth + 1) if memory.reads_currents else ():
            row = memory.schedule.row(population, tau, memory.windows)
            if row is not None:
                memory.u[population - 1][row] = self.read("u", population)

    def read(self, name: str, population: int) -> np.ndarray:
        """As `States.read`."""
        variable = self._graph.variable(name, population)
        return np.asarray(watchdog.call(self._graph.exchange, variable.get)).astype(np.int64)

    def write(self, name: str, population: int, values: np.ndarray) -> None:
        """As `States.write`."""
        watchdog.call(self._graph.exchange, self._graph.variable(name, population).set, values)
