"""The forward windows as a Lava graph of stock LIF, Dense and Conv only, which INRC's lava-loihi has neurocore models for.

exchange -> W1 -> hidden1 -> W2 -> ... -> readout;  the exchange receives the spikes and refers to states and weights
"""
from lava.magma.core.process.ports.ports import OutPort
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var
from lava.proc.lif.process import LIF

from lava_opzo.engines.in_the_loop.exchange.process import INPUTS, LINE, STATES, WEIGHTS, HostExchange
from lava_opzo.engines.in_the_loop.windows import SharedWindows
from lava_opzo.engines.lava.adapters import BoardAdapters
from lava_opzo.engines.lava.fixed import Part, image_size, parts
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import PAYLOAD_MAX

PAYLOAD_BITS = PAYLOAD_MAX.bit_length()

NO_CURRENT_MEMORY = 4095
"""du of a LIF whose current is its input of the same step."""


class ForwardGraph:
    """All Processes of the forward windows, connected.

    memory: shared with the host. refers: whether the exchange refers to states (the simulator can) or the host reads and writes
    Vars between runs (a board). adapters: for a board, between the host's ports and the chip's.

    A readout neuron is a LIF that never spikes: it holds the sum of its inputs, up to 131071 weight units, in v.
    """

    def __init__(self, network: Network, state: State, memory: SharedWindows, refers: bool = True,
                 adapters: BoardAdapters | None = None) -> None:
        self.exchange = HostExchange(widths=network.widths, n_image=image_size(network.forward[0].topology),
                                     memory=memory, refers=refers, name="exchange")
        self.connections = [parts(network, connection, state[connection.weights]) for connection in network.forward]
        self.hidden = [LIF(shape=(layer.n,), du=NO_CURRENT_MEMORY, dv=layer.dv, vth=layer.vth, bias_mant=0,
                           bias_exp=layer.bias_exp, name=layer.name) for layer in network.hidden]
        self.readout = LIF(shape=(network.readout.n,), du=NO_CURRENT_MEMORY, dv=0, vth=LIMITS.vth_mantissa.number,
                           name=network.readout.name)
        self._connect(adapters)
        if refers:
            self._refer()

    @property
    def on_chip(self) -> list[AbstractProcess]:
        """The Processes that a board runs on its neurocores."""
        return [*(part.process for part in self._parts), *self.hidden, self.readout]

    @property
    def _parts(self) -> list[Part]:
        """The stock Processes of all connections."""
        return [part for connection in self.connections for part in connection]

    def variable(self, name: str, population: int) -> Var:
        """The Var behind a name of `lava_opzo.engines.in_the_loop.after_step.States`."""
        if name == WEIGHTS:
            return self._parts[population - 1].weights
        neurons = [*self.hidden, self.readout][population - 1]
        return getattr(neurons, "bias_mant" if name == "bias" else name)

    def _connect(self, adapters: BoardAdapters | None) -> None:
        sources = [self._sent(self.exchange.payload_out, adapters), *(layer.s_out for layer in self.hidden)]
        for source, connection, above in zip(sources, self.connections, [*self.hidden, self.readout], strict=True):
            for part in connection:
                part.read(self._sent(getattr(self.exchange, f"{LINE}_1"), adapters) if part.reads_line else source)
                part.a_out.connect(above.a_in)
        for i, layer in enumerate(self.hidden, 1):
            spikes = adapters.to_host(layer.s_out) if adapters else layer.s_out
            spikes.connect(getattr(self.exchange, f"{INPUTS[0]}_{i}"))

    @staticmethod
    def _sent(payload: OutPort, adapters: BoardAdapters | None) -> OutPort:
        return adapters.to_board(payload, PAYLOAD_BITS) if adapters else payload

    def _refer(self) -> None:
        for i in range(1, len(self._parts) + 1):
            getattr(self.exchange, f"{WEIGHTS}_{i}").connect_var(self.variable(WEIGHTS, i))
        for i, connection in enumerate(self.connections[:-1], 1):
            for part in connection:
                part.a_out.connect(getattr(self.exchange, f"{INPUTS[1]}_{i}"))
            for name in STATES:
                getattr(self.exchange, f"{name}_{i}").connect_var(self.variable(name, i))
        self.exchange.readout_v.connect_var(self.readout.v)
