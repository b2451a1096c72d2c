"""In-the-loop learning as its host sees it: what a sample showed, and the state that the host made of it."""
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.in_the_loop.observe import Observation
from lava_opzo.engines.reader import row_of
from lava_opzo.engines.record import Label, Record
from lava_opzo.engines.samples import check_sample
from lava_opzo.network.network import Network
from lava_opzo.network.state import State


class LoopReader(InTheLoopEngine):
    """One network in the loop that learns one sample a call and is read afterwards.

    Counts, gates and sums of a sample are those that the host computed from what the forward windows left.
    """

    steps_are_readable: ClassVar[bool] = False

    def __init__(self, network: Network, state: State, rows: int, *, exchange: str = "references", board: bool = False) -> None:
        self._observed: Observation | None = None
        self._prediction: Label | None = None
        super().__init__(network, state, exchange=exchange, board=board, n_frames=rows)

    def sample(self, frames: np.ndarray, label: Label, read: bool = True) -> Record:
        """As `lava_opzo.engines.reader.Reader.sample`."""
        frames, labels = check_sample(self.network, frames, label)
        (prediction,) = self.train(frames, labels)
        self._prediction = prediction
        return self.read() if read else row_of(self.network, None, self._prediction)

    def steps(self, frames: np.ndarray, label: Label, weights: bool = False) -> Iterator[Record]:
        """Nothing can be read inside a sample."""
        return iter(())

    def read(self) -> Record:
        """As `lava_opzo.engines.reader.Reader.read`."""
        row, observed, readout = row_of(self.network, self.state(), self._prediction), self._observed, self.network.readout.name
        if observed is None:
            return row
        for layer, count, gate in zip(self.network.hidden, observed.counts[1:], observed.gates, strict=True):
            row[layer.name] |= {"count": _row(count), "psi": _row(gate)}
        row[readout] |= {"o_plus": _row(observed.o_plus), "o_minus": _row(observed.o_minus)}
        return row

    def _learn(self, sample: np.ndarray, observed: Observation, label: Label) -> None:
        """Keep what was observed, then learn from it."""
        self._observed = observed
        super()._learn(sample, observed, label)


def _row(values: np.ndarray) -> np.ndarray:
    return values[None].astype(np.int64)
