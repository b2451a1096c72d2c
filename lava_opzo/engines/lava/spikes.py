"""What the populations of a network sent in one sample, recorded in Lava."""
from dataclasses import replace

import numpy as np

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.learning.credit import FixedFeedback
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


def record_spikes(network: Network, state: State, frames: np.ndarray, labels: np.ndarray,
                  number: str = "fixed") -> dict[str, np.ndarray]:
    """Messages that every population sends in every step of one training sample: its name -> int64 (steps, n).

    `state` stays as it is. What the readout sends are parts of the error and bits of dhat. Kinds of credit and gates that Lava
    lacks are recorded as `dfa` and `psi`: what a sample sends is the same, only what it learns from it differs.

    Shapes:
        frames: uint8 (1, rows, n_in). labels: (1,).
    """
    credit = network.learning.credit if network.learning.credit.local else FixedFeedback(m_sigma=1.0)
    network = changed(network, learning=replace(network.learning, credit=credit, gate="psi"))
    length = network.schedule().length
    traces = {population.name: Trace(length, {"spikes": (population.n,)}) for population in network.populations}
    with LavaEngine(network, state, number=number, n_frames=frames.shape[1], capacity=1, traces=traces) as engine:
        for trace in traces.values():
            trace.record(True)
        engine.train(frames, labels)
    return {name: trace.values["spikes"].copy() for name, trace in traces.items()}
