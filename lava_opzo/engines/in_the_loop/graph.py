"""The forward windows as a Lava graph of stock LIF and Dense only, which INRC's lava-loihi has neurocore models for.

exchange -> W1 -> hidden1 -> W2 -> ... -> readout;  the exchange receives the spikes and refers to states and weights
"""

from lava.proc.dense.process import Dense
from lava.proc.lif.process import LIF
from lava.utils.weightutils import SignMode

from lava_opzo.engines.in_the_loop.exchange.process import HostExchange
from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.in_the_loop.windows import SharedWindows
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import PAYLOAD_MAX

PAYLOAD_BITS = PAYLOAD_MAX.bit_length()

NO_CURRENT_MEMORY = 4095
"""du of a LIF whose current is its input of the same step."""


class ForwardNetwork:
    """All Processes, connected. config, state: what to build and the weights to start from. memory: shared with the host.

    refers: whether the exchange refers to states (the simulator can) or the host reads and writes Vars between runs (a board).
    adapters: for a board, `BoardAdapters` between the host's ports and the chip's.
    A readout neuron is a LIF that never spikes: it holds the sum of its inputs, up to 131071 weight units, in v.
    """

    def __init__(self, config: Config, state: State, memory: SharedWindows, refers: bool = True, adapters=None):
        self.exchange = HostExchange(
            widths=config.widths,
            schedule=ForwardSchedule(config.depth, config.steps),
            memory=memory,
            refers=refers,
            name="exchange",
        )
        self.dense = [
            Dense(weights=weights, num_message_bits=PAYLOAD_BITS if i == 1 else 0, sign_mode=SignMode.MIXED, name=f"W{i}")
            for i, weights in enumerate(state.weights, 1)
        ]
        self.hidden = [
            LIF(
                shape=(layer.n,),
                du=NO_CURRENT_MEMORY,
                dv=layer.dv,
                vth=layer.vth,
                bias_mant=0,
                bias_exp=layer.bias_exp,
                name=f"hidden{i}",
            )
            for i, layer in enumerate(config.hidden, 1)
        ]
        self.readout = LIF(shape=(config.readout.n,), du=NO_CURRENT_MEMORY, dv=0, vth=LIMITS.vth_mantissa.value, name="readout")
        self._connect(adapters)
        if refers:
            self._refer()

    def variable(self, name: str, layer: int):
        """The Var behind a name of `lava_opzo.engines.in_the_loop.after_step.States`."""
        if name == "weights":
            return self.dense[layer - 1].weights
        neurons = [*self.hidden, self.readout][layer - 1]
        return getattr(neurons, "bias_mant" if name == "bias" else name)

    def _connect(self, adapters) -> None:
        payload = self.exchange.payload_out
        sources = [adapters.to_board(payload, PAYLOAD_BITS) if adapters else payload, *(layer.s_out for layer in self.hidden)]
        for source, dense, above in zip(sources, self.dense, [*self.hidden, self.readout]):
            source.connect(dense.s_in)
            dense.a_out.connect(above.a_in)
        for i, layer in enumerate(self.hidden, 1):
            spikes = adapters.to_host(layer.s_out) if adapters else layer.s_out
            spikes.connect(getattr(self.exchange, f"spikes_in_{i}"))

    def _refer(self) -> None:
        for i in range(1, len(self.dense) + 1):
            getattr(self.exchange, f"weights_{i}").connect_var(self.variable("weights", i))
        for i in range(1, len(self.hidden) + 1):
            self.dense[i - 1].a_out.connect(getattr(self.exchange, f"a_in_{i}"))
            for name in ("v", "bias"):
                getattr(self.exchange, f"{name}_{i}").connect_var(self.variable(name, i))
        self.exchange.readout_v.connect_var(self.readout.v)
