"""Recorded samples in the place of an engine, and what was read of a target in the place of that target."""
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from lava_opzo.engines.reader import Reader
from lava_opzo.engines.record import Label, Record
from lava_opzo.network.network import Network
from lava_opzo.network.state import State

Samples = Callable[[int], Record]
"""The record of a sample by its number."""


class Player:
    """The recorded samples, one after the other; first: the number of the first one."""

    steps_are_readable: ClassVar[bool] = False

    def __init__(self, samples: Samples, first: int = 0) -> None:
        self._samples, self._next = samples, first

    def sample(self, frames: np.ndarray, label: Label, read: bool = True) -> Record:
        """The next recorded sample."""
        self._next += 1
        return self._samples(self._next - 1)

    def steps(self, frames: np.ndarray, label: Label, weights: bool = False) -> Iterator[Record]:
        """Nothing was read inside a sample."""
        return iter(())

    def read(self) -> Record:
        """The last sample again."""
        return self._samples(self._next - 1)

    def stop(self) -> None:
        """Nothing to end."""


@dataclass(frozen=True)
class ReadTarget:
    """What a target showed once, as that target. name: for tables."""

    name: str
    samples: Samples

    def check(self, network: Network) -> None:
        """Whatever was recorded was learned."""

    def reader(self, network: Network, state: State, rows: int) -> Reader:
        """What it showed, from its first sample on."""
        return Player(self.samples)
