"""Smallest and largest value of every recorded variable, against its range (docs/arithmetic.md section 1)."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.engines.largest import hint, limit
from lava_opzo.engines.record import Record
from lava_opzo.network.network import Config
from lava_opzo.silicon.profile import (
    STATE_SHIFT,
    UV_LIMIT,
    WEIGHT_MAX,
    WEIGHT_MIN,
    Y_MAX,
)


@dataclass
class Seen:
    """Smallest and largest value of a variable of a layer (None: nothing seen), and the range that it must stay in."""

    low: int
    high: int
    minimum: int | None = None
    maximum: int | None = None

    def add(self, values: np.ndarray) -> None:
        low, high = int(values.min()), int(values.max())
        self.minimum = low if self.minimum is None else min(self.minimum, low)
        self.maximum = high if self.maximum is None else max(self.maximum, high)

    @property
    def overflows(self) -> bool:
        return self.minimum < self.low or self.maximum > self.high


class Ranges:
    """Collects records; `seen` is (layer, variable) -> Seen. It adds what `lava_opzo.engines.largest` watches: u before its wrap, h, r, o, d.

    v is the recorded one, after the reset: a neuron that was clipped at the top and spiked does not show.
    """

    def __init__(self, config: Config):
        self._config = config
        self.seen: dict[tuple[str, str], Seen] = {}

    def add(self, record: Record, before: Record) -> None:
        """Look at one sample; before: the last row of the sample before it (weights act as they were then)."""
        for layer, variables in record.items():
            for name, values in variables.items():
                self._see(layer, name, values)
        schedule = self._config.schedule()
        names = ["source", *(f"hidden{i}" for i in range(1, self._config.depth + 1))]
        for i, (below, layer) in enumerate(zip(names, names[1:]), 1):
            sent = record[below]["spikes"][i - 1:i - 1 + schedule.window_steps]
            self._see(layer, "u", (sent @ before[f"W{i}"]["weights"][0].T) << STATE_SHIFT)
            h = record[layer]["g"][schedule.credit] * record[layer]["psi"][schedule.credit]
            self._see(layer, "h", h)
            self._see(layer, "r", before[layer]["y_residual"][-1] + h)
        o_plus, o_minus = (record["readout"][name][schedule.credit] for name in ("o_plus", "o_minus"))
        self._see("readout", "o", o_plus + o_minus)
        self._see("readout", "d", o_plus - o_minus)

    def _see(self, layer, name, values):
        self.seen.setdefault((layer, name), Seen(*self._limits(layer, name))).add(values)

    def _limits(self, layer, name) -> tuple[int, int]:
        config = self._config
        steps = config.windows * config.steps
        if name == "spikes":
            return {"source": (0, 15), "readout": (0, Y_MAX)}.get(layer, (0, 1))
        if name == "count":
            return (0, 15 * steps) if layer == "source" else (0, steps)
        widths = {"weights": (WEIGHT_MIN, WEIGHT_MAX), "psi": (0, steps), "z_state": (1, 2 * UV_LIMIT - 1),
                  "y_residual": (0, UV_LIMIT - 1), "d_residual": (0, UV_LIMIT - 1), "y": (-Y_MAX, Y_MAX),
                  "error": (-Y_MAX, Y_MAX), "y1": (0, Y_MAX), "y2": (0, Y_MAX), "y3": (0, Y_MAX),
                  "prediction": (-1, config.readout.n - 1)}
        largest_dhat = (1 << config.d_bits) - 1
        widths["d_hat"] = (-largest_dhat, largest_dhat)
        return widths.get(name, (-limit(name), limit(name)))

    def warnings(self) -> list[str]:
        """One line for each variable that left its range; each names the layer."""
        return [f"layer '{layer}': {name} reached {seen.minimum}..{seen.maximum}, its range is {seen.low}..{seen.high}; "
                f"{hint(name)}"
                for (layer, name), seen in self.seen.items() if seen.overflows]

    def by_variable(self) -> dict[str, dict[str, list[int]]]:
        """variable -> layer -> [minimum, maximum, lowest allowed, highest allowed]."""
        table: dict[str, dict[str, list[int]]] = {}
        for (layer, name), seen in self.seen.items():
            table.setdefault(name, {})[layer] = [seen.minimum, seen.maximum, seen.low, seen.high]
        return table
