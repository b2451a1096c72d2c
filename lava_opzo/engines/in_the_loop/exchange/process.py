"""HostExchange: the simulator's stand-in for what a host exchanges with a board during a sample."""

from lava.magma.core.process.ports.ports import InPort, OutPort, RefPort
from lava.magma.core.process.process import AbstractProcess

MAX_DEPTH = 4
"""Hidden layers that it has ports for (the project's limit); ports of layers that a network lacks stay unconnected."""


class HostExchange(AbstractProcess):
    """Sends payloads, receives spikes, reads and writes states of stock Processes at the steps of `ForwardSchedule`.

    Ports
    -----
    payload_out (n_in,): payloads 0..15 of the window steps. spikes_in_i, a_in_i (n_i,): spikes of hidden
    layer i and its synaptic input, which stands for a probe of its current. v_i, bias_i (n_i,): membrane and bias, by
    reference. weights_i: of the i-th Dense, by reference. readout_v (n_out,): membrane of the readout.

    Parameters
    ----------
    widths: neurons per layer, input first. schedule: `lava_opzo.engines.in_the_loop.schedule.ForwardSchedule`.
    memory: `lava_opzo.engines.in_the_loop.windows.SharedWindows`. refers: whether it reads and writes states; else the host does (variables.py).
    """

    def __init__(self, *, widths, schedule, memory, refers=True, name=None):
        super().__init__(schedule=schedule, memory=memory, refers=refers, name=name)
        self.payload_out = OutPort(shape=(widths[0],))
        self.readout_v = RefPort(shape=(widths[-1],))
        hidden = [*widths[1:-1], *[1] * (MAX_DEPTH - len(widths) + 2)]
        pairs = [*zip(widths[1:], widths), *[(1, 1)] * (MAX_DEPTH - len(widths) + 2)]
        for i, n in enumerate(hidden, 1):
            for name_of_input in ("spikes_in", "a_in"):
                setattr(self, f"{name_of_input}_{i}", InPort(shape=(n,)))
            for name_of_state in ("v", "bias"):
                setattr(self, f"{name_of_state}_{i}", RefPort(shape=(n,)))
        for i, shape in enumerate(pairs, 1):
            setattr(self, f"weights_{i}", RefPort(shape=shape))
