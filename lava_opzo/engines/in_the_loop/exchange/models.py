"""HostExchange in fixed point."""
from abc import ABCMeta
from typing import Any

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyInPort, PyOutPort, PyRefPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.fixed.membrane import current
from lava_opzo.engines.in_the_loop.after_step import exchange
from lava_opzo.engines.in_the_loop.exchange.process import INPUTS, LINE, STATES, WEIGHTS, HostExchange

NUMBERED = {
    **{kind: LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24) for kind in INPUTS},
    **{kind: LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=24) for kind in STATES},
    LINE: LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=4),
    WEIGHTS: LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=8),
}
"""Kind of port, of which there is one a population or connection -> its type."""


class PortsByNumber(ABCMeta):
    """Gives a model class the types of ports `kind_1`, `kind_2`, ... for as many as its Process has.

    Lava asks the class for each port of the Process, and refuses a class that lists a port which the Process lacks. So a class
    with attributes would serve networks of one depth only.
    """

    def __getattr__(cls, name: str) -> LavaPyType:
        kind, _, number = name.rpartition("_")
        if kind in NUMBERED and number.isdigit():
            return NUMBERED[kind]
        raise AttributeError(f"type object '{cls.__name__}' has no attribute '{name}'")


@implements(proc=HostExchange, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyHostExchangeModel(PyLoihiProcessModel, metaclass=PortsByNumber):
    """Moves data between shared memory and ports; it is a `States` by its reference ports."""

    payload_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=4)
    readout_v: PyRefPort = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=24)

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        self._memory = proc_params["memory"]
        self._schedule = self._memory.schedule
        self._refers = proc_params["refers"]
        self._n_image = proc_params["n_image"]
        self._tau = 0

    def run_spk(self) -> None:
        """Send payloads, keep spikes and currents."""
        memory, tau = self._memory, self._tau
        self._send(self._schedule.row(0, tau, memory.windows))
        for population in range(1, self._schedule.depth + 1):
            spikes, inputs = (self._port(kind, population).recv() for kind in INPUTS)
            row = self._schedule.row(population, tau, memory.windows)
            if row is not None:
                memory.spikes[population - 1][row] = spikes
                if memory.reads_currents and self._refers:
                    memory.u[population - 1][row] = current(inputs)
        self._tau_of_step = tau
        self._tau = (tau + 1) % self._schedule.length(memory.windows)

    def _send(self, row: int | None) -> None:
        """The payloads of a window step, 0 outside the windows."""
        payload = self._memory.payload(row) if row is not None else np.zeros(self._memory.n_in, np.int32)
        self.payload_out.send(payload[:self._n_image])
        if self._n_image < len(payload):
            self._port(LINE, 1).send(payload[self._n_image:])

    def post_guard(self) -> bool:
        """Whether the management phase of this step exchanges states."""
        return self._refers and self._schedule.exchanges(self._tau_of_step, self._memory.windows)

    def run_post_mgmt(self) -> None:
        """Exchange states."""
        self._written = []
        exchange(self._tau_of_step, self._memory, self)
        for port in self._written:
            port.wait()  # a write alone may arrive in a later time step

    def read(self, name: str, population: int) -> np.ndarray:
        """As `States.read`."""
        return self._port(name, population).read()

    def write(self, name: str, population: int, values: np.ndarray) -> None:
        """As `States.write`."""
        port = self._port(name, population)
        port.write(values)
        self._written.append(port)

    def _port(self, name: str, population: int) -> Any:
        of_readout = (name, population) == ("v", self._schedule.depth + 1)
        return self.readout_v if of_readout else getattr(self, f"{name}_{population}")
