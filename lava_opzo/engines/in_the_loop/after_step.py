"""What the host does with the network after a step of the forward windows, whatever it reads and writes states with."""

from typing import Protocol

import numpy as np

from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.in_the_loop.windows import SharedWindows


class States(Protocol):
    """Reads and writes whole arrays: names v, bias of hidden layer `layer`, v of the readout (layer depth + 1), weights of the
    connection into `layer`."""

    def read(self, name: str, layer: int) -> np.ndarray: ...

    def write(self, name: str, layer: int, values: np.ndarray) -> None: ...


def exchange(tau: int, schedule: ForwardSchedule, memory: SharedWindows, states: States) -> None:
    """A finished readout into `memory`; new weights, empty membranes and biases out of it."""
    windows, readout = memory.windows, schedule.depth + 1
    window = schedule.finished(tau, windows)
    if window is not None:
        memory.readout[window] = states.read("v", readout)
    if tau == 0 and memory.weights_changed:
        for layer, weights in enumerate(memory.weights, 1):
            states.write("weights", layer, weights)
    for layer, window in schedule.starting(tau, windows):
        if layer == readout:
            states.write("v", layer, np.zeros_like(memory.readout[window]))
        else:
            bias = memory.bias[layer - 1][window]
            states.write("v", layer, np.zeros_like(bias))
            states.write("bias", layer, bias)
