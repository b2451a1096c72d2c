"""The exchange that a board has: the host runs a few steps, then reads and writes Vars (`Var.get`, `Var.set`), and runs on.

lava-loihi documents both calls for Vars on neurocores (release notes of Lava 0.4.0). In the simulator they take 20 to 40 us an
element, so there this path is for testing; on a board their cost is not known. No board has run it yet.
"""

import numpy as np

from lava_opzo.engines.in_the_loop.after_step import exchange
from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.in_the_loop.windows import SharedWindows
from lava_opzo.engines.lava import watchdog
from lava_opzo.errors import NoBoardError


class BoardAdapters:
    """Connects ports of the host with ports of the chip, by lava-loihi's adapters. Raises NoBoardError where it is not
    installed.
    """

    def __init__(self):
        try:
            from lava.proc.embedded_io.spike import NxToPyAdapter, PyToNxAdapter
        except ImportError:
            raise NoBoardError(
                "target loihi2: lava-loihi is not installed (lava.proc.embedded_io is missing); "
                "install INRC's package or use the simulator"
            ) from None
        self._to_board, self._to_host = PyToNxAdapter, NxToPyAdapter

    def to_board(self, port, num_message_bits: int):
        adapter = self._to_board(shape=port.shape, num_message_bits=num_message_bits)
        port.connect(adapter.inp)
        return adapter.out

    def to_host(self, port):
        adapter = self._to_host(shape=port.shape)
        port.connect(adapter.inp)
        return adapter.out


class Variables:
    """A `States` by Vars. network: `ForwardNetwork` without references. run(steps) runs it."""

    def __init__(self, network, run):
        self._network, self._run = network, run

    def sample(self, schedule: ForwardSchedule, memory: SharedWindows) -> None:
        """All steps of one sample; stops after those that ask for an exchange."""
        pending = 0
        for tau in range(schedule.length(memory.windows)):
            pending += 1
            if memory.reads_currents or schedule.exchanges(tau, memory.windows):
                self._run(pending)
                self._read_currents(tau, schedule, memory)
                exchange(tau, schedule, memory, self)
                pending = 0
        if pending:
            self._run(pending)

    def _read_currents(self, tau: int, schedule: ForwardSchedule, memory: SharedWindows) -> None:
        for layer in range(1, schedule.depth + 1) if memory.reads_currents else ():
            row = schedule.row(layer, tau, memory.windows)
            if row is not None:
                memory.u[layer - 1][row] = self.read("u", layer)

    def read(self, name: str, layer: int) -> np.ndarray:
        return np.asarray(watchdog.call(self._network.exchange, self._network.variable(name, layer).get)).astype(np.int64)

    def write(self, name: str, layer: int, values: np.ndarray) -> None:
        watchdog.call(self._network.exchange, self._network.variable(name, layer).set, values)
