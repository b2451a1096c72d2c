"""Samples handed over one by one, as a program would."""
from collections.abc import Iterator

import numpy as np

from lava_opzo.engines import registry
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


def at_once(network: Network, frames: np.ndarray, labels: np.ndarray, state: State | None = None,
            number: str = "fixed") -> tuple[State, np.ndarray]:
    """What the twin has learned and predicted of all samples in one call."""
    with registry.make("twin", network, state or initial_state(network), number) as engine:
        predictions = engine.train(frames, labels)
        return engine.state(), predictions


def endless(frames: np.ndarray, labels: np.ndarray) -> Iterator[tuple[np.ndarray, int]]:
    """The samples, over and over again."""
    while True:
        yield from zip(frames, labels, strict=True)
