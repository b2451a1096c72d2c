"""The network in Lava as an engine that records: a Trace in every population, a WeightProbe on every connection."""
from typing import Any

import numpy as np

from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.engines.record import Label, Record, shapes
from lava_opzo.engines.samples import check_sample
from lava_opzo.network.checks import check_shapes
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from process_models.weight_probe.process import WeightProbe


class LavaRecorder(LavaEngine):
    """One network in Lava's simulator that learns one sample a call and tells every variable of every step.

    rows: of a sample (1 or K). kind: as for LavaEngine. timeout: seconds that one sample may take.
    """

    def __init__(self, network: Network, state: State, rows: int, kind: str = "fast", timeout: float = 60.0) -> None:
        length = network.schedule().length
        self._traces = {name: Trace(length, {variable: shape for variable, shape in variables.items() if variable != "residual"})
                        for name, variables in shapes(network).items()}
        self._kept = {one.name: Trace(length, {"weights": one.topology.weight_shape}) for one in network.summing}
        super().__init__(network, state, kind=kind, n_frames=rows, capacity=1, traces=self._traces, timeout=timeout)

    def _check_state(self, network: Network, state: State, number: str) -> None:
        """A record may start from any weights, odd ones too, which Lava then takes with nine bits."""
        check_shapes(network, state)

    def _add_parts(self) -> dict[str, Any] | None:
        """A probe on every connection; with two slots its channel takes 2 * nbytes of shared memory where Lava would take 64."""
        self._probes = [WeightProbe(weights=weights, trace=self._traces[name], part=self.graph.parts.get(f"{name}.weights"),
                                    name=f"probe {name}") for name, weights in self.graph.weights.items()]
        self._probes += [WeightProbe(weights=residual, trace=self._kept[name], name=f"probe of what {name} left")
                         for name, residual in self.graph.residuals.items()]
        return {"pypy_channel_size": 2}

    def sample(self, frames: np.ndarray, label: Label) -> Record:
        """Learn one sample; its record.

        Shapes:
            frames: uint8 (rows, n_in).
        """
        frames, labels = check_sample(self.network, frames, label)
        for trace in (*self._traces.values(), *self._kept.values()):
            trace.record(True)
        self.train(frames, labels)
        record = {name: {variable: values.copy() for variable, values in trace.values.items()}
                  for name, trace in self._traces.items()}
        for name, trace in self._kept.items():
            record[name]["residual"] = trace.values["weights"].copy()
        return record
