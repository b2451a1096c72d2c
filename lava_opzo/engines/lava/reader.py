"""A network in Lava as its host sees it: the Vars of its Processes, read while the network waits, in steps of any length."""
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.process.variable import Var
from lava.magma.core.run_configs import RunConfig

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.record import Label, Record, shapes
from lava_opzo.engines.samples import check_sample, shown_frames, told
from lava_opzo.errors import SimulationError
from lava_opzo.network.checks import check_shapes
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.readouts import CLASSES


class LavaReader(LavaEngine):
    """One network in Lava that learns one sample a call, or one time step after the other, and is read in between.

    Every Var counts as readable until reading it raises. rows: of a sample (1 or K). kind, configuration: as for LavaEngine.
    timeout: seconds that one call into Lava may take.
    """

    steps_are_readable: ClassVar[bool] = True

    def __init__(self, network: Network, state: State, rows: int, kind: str = "fast", *, configuration: RunConfig | None = None,
                 timeout: float = 60.0) -> None:
        super().__init__(network, state, kind=kind, n_frames=rows, capacity=1, configuration=configuration, timeout=timeout)
        self._readable = {(part, variable): var for part, variables in shapes(network).items() for variable in variables
                          if (var := self._variable(part, variable)) is not None}

    def _check_state(self, network: Network, state: State, number: str) -> None:
        """As a recording, a comparison may start from any weights, odd ones too, which Lava then takes with nine bits."""
        check_shapes(network, state)

    def sample(self, frames: np.ndarray, label: Label, read: bool = True) -> Record:
        """As `lava_opzo.engines.reader.Reader.sample`."""
        frames, labels = check_sample(self.network, frames, label)
        (prediction,) = told(self.network, self._run(shown_frames(self.network, frames), labels, False), False)
        row = self._row() if read else {}
        row.setdefault(self.network.readout.name, {})["prediction"] = np.atleast_1d(prediction)[None].astype(np.int64)
        return row

    def steps(self, frames: np.ndarray, label: Label, weights: bool = False) -> Iterator[Record]:
        """As `lava_opzo.engines.reader.Reader.steps`."""
        frames, labels = check_sample(self.network, frames, label)
        schedule = self.network.schedule()
        self.post(shown_frames(self.network, frames), labels)
        for tau in range(schedule.length):
            self.host.run(1)
            yield self._row(weights or tau >= schedule.ranks - 1)

    def read(self) -> Record:
        """As `lava_opzo.engines.reader.Reader.read`."""
        return self._row()

    def _row(self, weights: bool = True) -> Record:
        """One row of every Var that can be read now."""
        row: Record = {}
        for (part, variable), var in list(self._readable.items()):
            if not weights and variable == "weights":
                continue
            try:
                values = self.host.read(var)
            except SimulationError:
                raise
            except Exception:  # whatever a board's compiler says of a Var that it has not placed
                del self._readable[part, variable]
                continue
            if variable == "prediction" and self.network.readout.kind == CLASSES and values.min() < 0:
                continue  # a neuron program leaves it to the host
            values = values[self.graph.parts.get(f"{part}.{variable}", ...)]
            row.setdefault(part, {})[variable] = np.atleast_1d(values)[None].astype(np.int64)
        return row

    def _variable(self, part: str, variable: str) -> Var | None:
        """The Var of a recorded variable; None where there is none, as for what is sent."""
        found = self.graph.weights.get(part) if variable == "weights" else getattr(self._process(part), variable, None)
        return found if isinstance(found, Var) else None

    def _process(self, part: str) -> AbstractProcess:
        """The Process of a population."""
        names = [one.name for one in (*self.network.populations, *self.network.auxiliary)]
        return self.graph.layers[names.index(part)]
