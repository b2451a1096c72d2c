"""HostExchange in fixed point."""
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.model import PyLoihiProcessModel
from lava.magma.core.model.py.ports import PyInPort, PyOutPort, PyRefPort
from lava.magma.core.model.py.type import LavaPyType
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo.board.exchange.process import MAX_DEPTH, HostExchange


@implements(proc=HostExchange, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class PyHostExchangeModel(PyLoihiProcessModel):
    """Moves data between shared memory and ports and computes nothing."""

    payload_out: PyOutPort = LavaPyType(PyOutPort.VEC_DENSE, np.int32, precision=4)
    readout_v: PyRefPort = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=24)
    for _i in range(1, MAX_DEPTH + 1):
        locals()[f"spikes_in_{_i}"] = LavaPyType(PyInPort.VEC_DENSE, np.int32, precision=24)
        for _state in ("v", "u", "bias"):
            locals()[f"{_state}_{_i}"] = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=24)
    for _i in range(1, MAX_DEPTH + 2):
        locals()[f"weights_{_i}"] = LavaPyType(PyRefPort.VEC_DENSE, np.int32, precision=8)

    def __init__(self, proc_params):
        super().__init__(proc_params)
        self._memory = proc_params["memory"]
        self._schedule = proc_params["schedule"]
        self._layers = range(1, proc_params["depth"] + 1)
        self._tau = 0

    def _port(self, name: str, layer: int):
        return getattr(self, f"{name}_{layer}")

    def run_spk(self):
        memory, tau = self._memory, self._tau
        row = self._schedule.row(0, tau, memory.windows)
        self.payload_out.send(memory.payload(row) if row is not None else np.zeros(self.payload_out.shape, np.int32))
        for layer in self._layers:
            spikes = self._port("spikes_in", layer).recv()
            row = self._schedule.row(layer, tau, memory.windows)
            if row is not None:
                memory.spikes[layer - 1][row] = spikes
        self._tau_of_step = tau
        self._tau = (tau + 1) % self._schedule.length(memory.windows)

    def post_guard(self):
        memory, tau = self._memory, self._tau_of_step
        return memory.reads_currents or bool(self._schedule.exchanges(tau, memory.windows))

    def run_post_mgmt(self):
        memory, schedule, tau = self._memory, self._schedule, self._tau_of_step
        if memory.reads_currents:
            for layer in self._layers:
                row = schedule.row(layer, tau, memory.windows)
                if row is not None:
                    memory.u[layer - 1][row] = self._port("u", layer).read()
        window = schedule.finished(tau, memory.windows)
        if window is not None:
            memory.readout[window] = self.readout_v.read()
        written = []
        if tau == 0 and memory.weights_changed:
            written += [self._write("weights", i, weights) for i, weights in enumerate(memory.weights, 1)]
        for layer, window in schedule.starting(tau, memory.windows):
            if layer > len(self._layers):
                self.readout_v.write(np.zeros(self.readout_v.shape, np.int32))
                written.append(self.readout_v)
            else:
                bias = memory.bias[layer - 1][window]
                written += [self._write("v", layer, np.zeros_like(bias)), self._write("bias", layer, bias)]
        for port in written:
            port.wait()  # a write alone may arrive in a later time step

    def _write(self, name: str, layer: int, values: np.ndarray):
        port = self._port(name, layer)
        port.write(values)
        return port
