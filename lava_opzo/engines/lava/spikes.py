"""What the layers of a network did in one sample, recorded in Lava."""
from dataclasses import replace

import numpy as np

from lava_opzo.learning.credit import LOCAL_CREDITS
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


def record_spikes(config: Config, state: State, frames: np.ndarray, labels: np.ndarray, model: str) -> dict[str, np.ndarray]:
    """Messages that every layer sends in every step of one training sample: layer name -> int64 (steps, n).

    frames uint8 (1, rows, n_in), labels (1,); `state` stays as it is. What the readout sends are error parts and bits of dhat.
    Kinds of credit that Lava lacks are recorded as `dfa`: what a sample sends is the same, only what it learns from it differs.
    """
    from lava_opzo.engines.lava.engine import LavaEngine
    from lava_opzo.engines.lava.trace import Trace

    if config.credit not in LOCAL_CREDITS:
        config = replace(config, credit="dfa", m_sigma=1.0)
    names = ["source", *(f"hidden{i}" for i in range(1, config.depth + 1)), "readout"]
    traces = {name: Trace(config.schedule().length, {"spikes": (n,)}) for name, n in zip(names, config.widths)}
    with LavaEngine(config, state, model=model, n_frames=frames.shape[1], capacity=1, traces=traces) as engine:
        for trace in traces.values():
            trace.record(True)
        engine.train(frames, labels)
    return {name: trace.values["spikes"].copy() for name, trace in traces.items()}
