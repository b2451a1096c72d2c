"""Smallest and largest value of every recorded variable, against its range (docs/arithmetic.md section 1)."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.arithmetic.fixed.quantiser import bounded, third_factor_limit
from lava_opzo.arithmetic.fixed.synapses import received
from lava_opzo.engines.largest import hint, limit
from lava_opzo.engines.record import OF_CONNECTIONS, Record
from lava_opzo.learning.phases import Ranks
from lava_opzo.learning.step import Step
from lava_opzo.network.network import Network
from lava_opzo.network.widths import largest_count
from lava_opzo.silicon.profile import PAYLOAD_MAX, STATE_LIMIT, STATE_SHIFT, TRACE_MAX
from lava_opzo.silicon.readouts import LABELS, VALUES

PREDICTIONS = {LABELS: (-1, 1), VALUES: (-TRACE_MAX, TRACE_MAX)}
"""Ranges of predictions that are no classes; -1 stands before the first."""


def _begins(program: tuple[Step, ...]) -> list[int]:
    """The steps of a population in which it sends with weights that may have learned: each step that is alone, or the first."""
    return [t for t, step in enumerate(program) if step.alone or step.first]


@dataclass
class Extent:
    """Smallest and largest value of a variable (None: nothing seen), and the range low..high that it must stay in."""

    low: int
    high: int
    minimum: int | None = None
    maximum: int | None = None

    def add(self, values: np.ndarray) -> None:
        """Look at more values."""
        low, high = int(values.min()), int(values.max())
        self.minimum = low if self.minimum is None else min(self.minimum, low)
        self.maximum = high if self.maximum is None else max(self.maximum, high)

    @property
    def overflows(self) -> bool:
        """Whether a value was outside the range."""
        return self.minimum is not None and self.maximum is not None and not self.low <= self.minimum <= self.maximum <= self.high


class Ranges:
    """Collects records; `seen` is (population or connection, variable) -> Extent.

    It adds what `lava_opzo.engines.largest` watches: u before its wrap, h, r, o, d (with a baseline what the means
    changed by). v is the recorded one, after the reset: a neuron that was clipped at the top and spiked does not show.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self.seen: dict[tuple[str, str], Extent] = {}

    def add(self, record: Record, before: Record) -> None:
        """Look at one sample; before: the last row of the sample before it (weights act as they were then)."""
        network, schedule = self._network, self._network.schedule()
        for part, variables in record.items():
            for name, values in variables.items():
                self._see(part, name, values)
        taught = np.array(schedule.starts(Ranks))
        for i, connection in enumerate(network.forward[:-1]):
            part = connection.target
            for t in _begins(program := schedule.programs[i]):
                steps = range(t, t + 1) if program[t].alone else range(t, t + schedule.window_steps)
                weights = record[connection.name]["weights"][t - 1] if t else before[connection.name]["weights"][0]
                sent = record[connection.source]["spikes"][steps.start:steps.stop]
                self._see(part, "u", received(connection.topology, weights, sent) << STATE_SHIFT)
            most = third_factor_limit(network.hidden[i].y_shift + network.learning.halvings, network.learning.gate_steps)
            h = bounded(record[part]["g"][taught], most) * record[part]["psi"][taught]
            kept = np.concatenate((before[part]["y_residual"], record[part]["y_residual"]))[taught]
            self._see(part, "h", h)
            self._see(part, "r", kept + h)
        for readout in [one.name for one in network.readouts]:
            o_plus, o_minus = (record[readout][name][taught] for name in ("o_plus", "o_minus"))
            self._see(readout, "o", o_plus + o_minus)
            self._see(readout, "d", o_plus - o_minus if "baseline" not in record[readout] else
                      (record[readout]["baseline"][-1] - before[readout]["baseline"][0]).sum(axis=1))

    def _see(self, part: str, name: str, values: np.ndarray) -> None:
        if (part, name) not in self.seen:
            self.seen[part, name] = Extent(*self._limits(part, name))
        self.seen[part, name].add(values)

    def _limits(self, part: str, name: str) -> tuple[int, int]:
        network = self._network
        is_input, is_readout = part == network.input.name, part in [one.name for one in network.readouts]
        if name == "spikes":
            return 0, PAYLOAD_MAX if is_input else TRACE_MAX if is_readout else 1
        if name == "count":
            return 0, largest_count(network.learning, PAYLOAD_MAX if is_input else 1)
        largest_dhat = (1 << network.learning.credit.d_bits) - 1
        predictions = PREDICTIONS.get(network.readout.kind, (-1, network.readout.n - 1))
        widths = {"residual": (0, STATE_LIMIT - 1), "weights": (network.profile.weight_min, network.profile.weight_max),
                  "psi": (0, network.learning.gate_steps),
                  "z_state": (1, 2 * STATE_LIMIT - 1), "y_residual": (0, STATE_LIMIT - 1), "d_residual": (0, STATE_LIMIT - 1),
                  "y": (-TRACE_MAX, TRACE_MAX), "error": (-TRACE_MAX, TRACE_MAX), "y1": (0, TRACE_MAX), "y2": (0, TRACE_MAX),
                  "y3": (0, TRACE_MAX), "prediction": predictions, "d_hat": (-largest_dhat, largest_dhat)}
        return widths.get(name, (-limit(name), limit(name)))

    def warnings(self) -> list[str]:
        """One line for each variable that left its range; each names the population or connection."""
        return [f"{'connection' if name in OF_CONNECTIONS else 'population'} '{part}': {name} reached "
                f"{extent.minimum}..{extent.maximum}, its range is {extent.low}..{extent.high}; {hint(name)}"
                for (part, name), extent in self.seen.items() if extent.overflows]

    def by_variable(self) -> dict[str, dict[str, list[int | None]]]:
        """variable -> population or connection -> [minimum, maximum, lowest allowed, highest allowed]."""
        table: dict[str, dict[str, list[int | None]]] = {}
        for (part, name), extent in self.seen.items():
            table.setdefault(name, {})[part] = [extent.minimum, extent.maximum, extent.low, extent.high]
        return table
