"""`python -m scripts.compile_twin`: compile the twin's loops into their cache, each in a process of its own, all at once.

Processes that start together on a fresh checkout would each compile all of them; after this none of them compiles any.
"""
import multiprocessing
from dataclasses import replace

import numpy as np

from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.integers.recorder import TwinRecorder
from lava_opzo.engines.twin.reals.engine import RealTwinEngine
from lava_opzo.experiment.presets import digits
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state

LOOPS = ("integers", "watched integers", "steps", "watched steps", "reals")
"""What is compiled apart: weights that learn in every step have a loop of their own, and a recording has the integers compiled
with something that looks at every step.
"""


def compile_one(name: str) -> None:
    """Learn one silent sample with a loop of LOOPS, which is compiled for it or loaded."""
    network = digits().network
    if "steps" in name:
        network = changed(network, learning=replace(network.learning, windows=1, updates="step"))
    state, frames, label = initial_state(network), np.zeros((1, 1, network.input.n), np.uint8), np.zeros(1, np.int32)
    if name.startswith("watched"):
        TwinRecorder(network, state, rows=1).sample(frames[0], 0)
    else:
        (RealTwinEngine if name == "reals" else TwinEngine)(network, state).train(frames, label)


if __name__ == "__main__":
    with multiprocessing.get_context("spawn").Pool(len(LOOPS)) as pool:
        pool.map(compile_one, LOOPS, chunksize=1)
