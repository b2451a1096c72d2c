"""The forward windows as a Lava graph of stock LIF and Dense only, which INRC's lava-loihi has neurocore models for.

    exchange -> W1 -> hidden1 -> W2 -> ... -> readout;  the exchange receives the spikes and refers to states and weights
"""
from lava.proc.dense.process import Dense
from lava.proc.lif.process import LIF
from lava.utils.weightutils import SignMode

from lava_opzo.board.exchange.process import HostExchange
from lava_opzo.board.forward_schedule import ForwardSchedule
from lava_opzo.board.limits import LIMITS
from lava_opzo.board.shared import SharedWindows
from lava_opzo.config import PAYLOAD_MAX, Config
from lava_opzo.state import State

NO_CURRENT_MEMORY = 4095
"""du of a LIF whose current is its input of the same step."""


class ForwardNetwork:
    """All Processes, connected. config, state: what to build and the weights to start from. memory: shared with the host.

    A readout neuron is a LIF that never spikes: it holds the sum of its inputs, up to 131071 weight units, in v.
    """

    def __init__(self, config: Config, state: State, memory: SharedWindows):
        self.exchange = HostExchange(widths=config.widths, schedule=ForwardSchedule(config.depth, config.steps), memory=memory,
                                     name="exchange")
        self.dense = [Dense(weights=weights, num_message_bits=PAYLOAD_MAX.bit_length() if i == 1 else 0,
                            sign_mode=SignMode.MIXED, name=f"W{i}") for i, weights in enumerate(state.weights, 1)]
        self.hidden = [LIF(shape=(layer.n,), du=NO_CURRENT_MEMORY, dv=layer.dv, vth=layer.vth, bias_mant=0,
                           bias_exp=layer.bias_exp, name=f"hidden{i}") for i, layer in enumerate(config.hidden, 1)]
        self.readout = LIF(shape=(config.readout.n,), du=NO_CURRENT_MEMORY, dv=0, vth=LIMITS.vth_mantissa.value, name="readout")
        self._connect()

    def _connect(self) -> None:
        sources = [self.exchange.payload_out, *(layer.s_out for layer in self.hidden)]
        for source, dense, above in zip(sources, self.dense, [*self.hidden, self.readout]):
            source.connect(dense.s_in)
            dense.a_out.connect(above.a_in)
        port = lambda name, i: getattr(self.exchange, f"{name}_{i}")  # noqa: E731
        for i, layer in enumerate(self.hidden, 1):
            layer.s_out.connect(port("spikes_in", i))
            port("v", i).connect_var(layer.v)
            port("u", i).connect_var(layer.u)
            port("bias", i).connect_var(layer.bias_mant)
        for i, dense in enumerate(self.dense, 1):
            port("weights", i).connect_var(dense.weights)
        self.exchange.readout_v.connect_var(self.readout.v)
