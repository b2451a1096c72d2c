"""HostExchange: the simulator's stand-in for what a host exchanges with a board during a sample."""
from collections.abc import Sequence

from lava.magma.core.process.ports.ports import InPort, OutPort, RefPort
from lava.magma.core.process.process import AbstractProcess

from lava_opzo.engines.in_the_loop.windows import SharedWindows

INPUTS = ("spikes_in", "a_in")
"""What it receives from each hidden population."""

STATES = ("v", "bias")
"""What it refers to in each hidden population."""

WEIGHTS = "weights"
"""What it refers to in each stock Process of the forward connections."""

LINE = "line_out"
"""Its port for the lines after an image that a Conv reads; the first and only one of its kind."""


class HostExchange(AbstractProcess):
    """Sends payloads, receives spikes, reads and writes states of stock Processes at the steps of `ForwardSchedule`.

    Ports
    -----
    payload_out (n_image,): payloads 0..15 of the window steps.
    line_out_1 (n_in - n_image,): those of the lines after the image, where there are any.
    spikes_in_i, a_in_i (n_i,): spikes of hidden population i = 1.. and its synaptic input, for a probe of its current.
    v_i, bias_i (n_i,): its membrane and bias, by reference.
    weights_i: of the i-th stock Process of the forward connections, by reference.
    readout_v (n_out,): membrane of the readout, by reference.

    Parameters
    ----------
    widths: neurons of each population, input first.
    n_image: input lines that the first Process reads.
    memory: shared with the host; its schedule says when it does what.
    refers: whether it reads and writes states; else the host does (variables.py).
    """

    def __init__(self, *, widths: Sequence[int], n_image: int, memory: SharedWindows, refers: bool = True,
                 name: str | None = None) -> None:
        super().__init__(n_image=n_image, memory=memory, refers=refers, name=name)
        self.payload_out = OutPort(shape=(n_image,))
        if n_image < widths[0]:
            setattr(self, f"{LINE}_1", OutPort(shape=(widths[0] - n_image,)))
        self.readout_v = RefPort(shape=(widths[-1],))
        for i, n in enumerate(widths[1:-1], 1):
            for kind in INPUTS:
                setattr(self, f"{kind}_{i}", InPort(shape=(n,)))
            for kind in STATES:
                setattr(self, f"{kind}_{i}", RefPort(shape=(n,)))
        for i, weights in enumerate(memory.weights, 1):
            setattr(self, f"{WEIGHTS}_{i}", RefPort(shape=weights.shape))
