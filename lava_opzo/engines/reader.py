"""What a host can read of a network between two samples or two time steps, where nobody records its inner steps."""
from collections.abc import Iterator
from typing import ClassVar, Protocol

import numpy as np

from lava_opzo.engines.engine import Engine
from lava_opzo.engines.record import Label, Record
from lava_opzo.engines.samples import told
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


class Reader(Protocol):
    """One network that learns sample by sample and is read while it waits.

    steps_are_readable: whether it can be read inside a sample.
    """

    steps_are_readable: ClassVar[bool]

    def sample(self, frames: np.ndarray, label: Label, read: bool = True) -> Record:
        """Learn one sample; afterwards one row (1, *shape) of each variable that can be read, or the prediction alone.

        Shapes:
            frames: uint8 (1 or K, n_in).
        """
        ...

    def steps(self, frames: np.ndarray, label: Label, weights: bool = False) -> Iterator[Record]:
        """Learn one sample with a halt after every time step; what can be read then, as for `sample`.

        Weights take long to read: unless `weights` is set they are read from the step before the first that learns on.
        """
        ...

    def read(self) -> Record:
        """Everything that can be read at the present halt."""
        ...

    def stop(self) -> None:
        """End whatever runs."""
        ...


def row_of(network: Network, state: State | None, prediction: Label | None) -> Record:
    """The arrays of a state and a prediction as one row of a record; None for one that was not read."""
    row: Record = {}
    if prediction is not None:
        row[network.readout.name] = {"prediction": np.atleast_1d(prediction)[None].astype(np.int64)}
    for name, array in (state.arrays if state else {}).items():
        part, variable = name.split(".")
        row.setdefault(part, {})[variable] = array[None].astype(np.int64)
    return row


class StateReader:
    """Any engine as a Reader: its predictions, and after a sample the state that it has learned."""

    steps_are_readable: ClassVar[bool] = False

    def __init__(self, network: Network, engine: Engine) -> None:
        self._network, self._engine = network, engine

    def sample(self, frames: np.ndarray, label: Label, read: bool = True) -> Record:
        """As `Reader.sample`."""
        (prediction,) = told(self._network, self._engine.train(frames[None], np.asarray(label)[None]), False)
        return row_of(self._network, self._engine.state() if read else None, prediction)

    def steps(self, frames: np.ndarray, label: Label, weights: bool = False) -> Iterator[Record]:
        """Nothing can be read inside a sample."""
        return iter(())

    def read(self) -> Record:
        """The state."""
        return row_of(self._network, self._engine.state(), None)

    def stop(self) -> None:
        """End the engine."""
        self._engine.stop()
