"""What the host does with the network after a step of the forward windows, whatever it reads and writes states with."""
from typing import Protocol

import numpy as np

from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.in_the_loop.windows import SharedWindows


class States(Protocol):
    """Reads and writes whole arrays of population number `population` (the readout is depth + 1).

    Names: v and bias of a hidden population, v of the readout; weights of a stock Process of the forward connections, whose
    number, from 1 at the input, stands in the place of a population's.
    """

    def read(self, name: str, population: int) -> np.ndarray:
        """The array."""
        ...

    def write(self, name: str, population: int, values: np.ndarray) -> None:
        """Replace the array."""
        ...


def exchange(tau: int, schedule: ForwardSchedule, memory: SharedWindows, states: States) -> None:
    """Read a finished readout into `memory`; write new weights, empty membranes and biases out of it."""
    windows, readout = memory.windows, schedule.depth + 1
    window = schedule.finished(tau, windows)
    if window is not None:
        memory.readout[window] = states.read("v", readout)
    if tau == 0 and memory.weights_changed:
        for number, weights in enumerate(memory.weights, 1):
            states.write("weights", number, weights)
    for population, window in schedule.starting(tau, windows):
        if population == readout:
            states.write("v", population, np.zeros_like(memory.readout[window]))
        else:
            bias = memory.bias[population - 1][window]
            states.write("v", population, np.zeros_like(bias))
            states.write("bias", population, bias)
