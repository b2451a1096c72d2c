"""What the host does with the network after a step of the forward windows, whatever it reads and writes states with."""
from typing import Protocol

import numpy as np

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


def exchange(tau: int, memory: SharedWindows, states: States) -> None:
    """Read a finished readout into `memory`; write new weights, empty membranes and biases out of it."""
    schedule, windows, readout = memory.schedule, memory.windows, memory.schedule.depth + 1
    stretch = schedule.finished(tau, windows)
    if stretch is not None:
        memory.readout[stretch] = states.read("v", readout)
    if tau == 0 and memory.weights_changed:
        for number, weights in enumerate(memory.weights, 1):
            states.write("weights", number, weights)
    for population, row in schedule.starting(tau, windows):
        values = memory.readout[0] if population == readout else memory.signs[row] * memory.bias[population - 1]
        if population == readout or row % schedule.steps == 0:
            states.write("v", population, np.zeros_like(values))
        if population < readout:
            states.write("bias", population, values)
