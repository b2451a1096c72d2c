"""What a trained network answers, without noise and without learning."""
from dataclasses import replace

import numpy as np

from lava_opzo.engines import registry
from lava_opzo.engines.engine import Engine
from lava_opzo.network.form import changed
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


def predictions(network: Network, state: State, frames: np.ndarray, engine: str = "twin", number: str = "fixed",
                every_step: bool = False) -> np.ndarray:
    """The class that an engine predicts for each sample, int32 (n,), or (n, n_out) where outputs are no classes; the first sample
    begins at rest. every_step: (n, K), where weights learn in every step.

    An answer needs no gate, so that every engine can test a network that learned with any. Raises UserError for an engine that
    lacks something else.

    Shapes:
        frames: uint8 (n, 1 or K, n_in).
    """
    network = changed(network, learning=replace(network.learning, gate="psi"))
    with registry.make(engine, network, state, number, frames.shape[1]) as running:
        return from_rest(running, frames, every_step)


def from_rest(engine: Engine, frames: np.ndarray, every_step: bool = False) -> np.ndarray:
    """What a running engine answers, the first sample of which begins at rest. Shapes: as `Engine.evaluate`."""
    engine.settle()
    return engine.evaluate(frames, every_step)


def counts(predicted: np.ndarray, n_classes: int) -> list[int]:
    """How many samples were given each class."""
    return np.bincount(predicted, minlength=n_classes).tolist()
