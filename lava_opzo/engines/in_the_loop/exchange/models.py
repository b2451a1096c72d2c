"""HostExchange in fixed point."""

import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyInPort, PyOutPort, PyRefPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.arithmetic.fixed.membrane import current
from lava_opzo.engines.in_the_loop.after_step import exchange
from lava_opzo.engines.in_the_loop.exchange.process import MAX_DEPTH, HostExchange


@implements(proc=HostExchange, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyHostExchangeModel(PyLoihiProcessModel):
    """Moves data between shared memory and ports; it is a `States` by its reference ports."""

    payload_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=4)
    readout_v: PyRefPort = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=24)
    for _i in range(1, MAX_DEPTH + 1):
        for _port_name in ("spikes_in", "a_in"):
            locals()[f"{_port_name}_{_i}"] = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24)
        for _state in ("v", "bias"):
            locals()[f"{_state}_{_i}"] = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=24)
    for _i in range(1, MAX_DEPTH + 2):
        locals()[f"weights_{_i}"] = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=8)

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._memory = proc_params["memory"]
        self._schedule = proc_params["schedule"]
        self._refers = proc_params["refers"]
        self._tau = 0

    def run_spk(self):
        memory, tau = self._memory, self._tau
        row = self._schedule.row(0, tau, memory.windows)
        self.payload_out.send(memory.payload(row) if row is not None else np.zeros(self.payload_out.shape, np.int32))
        for layer in range(1, self._schedule.depth + 1):
            spikes, inputs = self._port("spikes_in", layer).recv(), self._port("a_in", layer).recv()
            row = self._schedule.row(layer, tau, memory.windows)
            if row is not None:
                memory.spikes[layer - 1][row] = spikes
                if memory.reads_currents and self._refers:
                    memory.u[layer - 1][row] = current(inputs)
        self._tau_of_step = tau
        self._tau = (tau + 1) % self._schedule.length(memory.windows)

    def post_guard(self):
        return self._refers and self._schedule.exchanges(self._tau_of_step, self._memory.windows)

    def run_post_mgmt(self):
        self._written = []
        exchange(self._tau_of_step, self._schedule, self._memory, self)
        for port in self._written:
            port.wait()  # a write alone may arrive in a later time step

    def read(self, name: str, layer: int) -> np.ndarray:
        return self._port(name, layer).read()

    def write(self, name: str, layer: int, values: np.ndarray) -> None:
        port = self._port(name, layer)
        port.write(values)
        self._written.append(port)

    def _port(self, name: str, layer: int):
        return self.readout_v if (name, layer) == ("v", self._schedule.depth + 1) else getattr(self, f"{name}_{layer}")
