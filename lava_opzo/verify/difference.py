"""Comparing two engines sample by sample: how many values, how many differ, and which was the first."""
from dataclasses import dataclass, field

import numpy as np

from lava_opzo.engines.record import Record


@dataclass(frozen=True)
class Place:
    """Where a value is: sample, step of the sample (tau), layer or connection, variable, index into it."""

    sample: int
    step: int
    layer: str
    variable: str
    index: tuple[int, ...]

    def __str__(self) -> str:
        index = ", ".join(map(str, self.index))
        return f"sample {self.sample}, step {self.step}, layer {self.layer}, variable {self.variable}[{index}]"


@dataclass(frozen=True)
class Difference:
    """The first difference of two engines: its place and the value of each engine."""

    place: Place
    left: int
    right: int


@dataclass
class Comparison:
    """Engines `left` and `right`. values: (layer, variable) -> [values compared, values that differ]. first: or None."""

    left: str
    right: str
    values: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    first: Difference | None = None

    def add(self, sample: int, a: Record, b: Record) -> bool:
        """Compare the records of one sample; True if the first difference lies in it. Raises KeyError for unlike records."""
        earliest = None
        for layer, variables in a.items():
            for name, left in variables.items():
                right = b[layer][name]
                if left.shape != right.shape:
                    raise ValueError(f"{layer} {name}: shapes {left.shape} and {right.shape} differ")
                differs = left != right
                count = self.values.setdefault((layer, name), [0, 0])
                count[0] += left.size
                n_differing = int(np.count_nonzero(differs))
                count[1] += n_differing
                if n_differing and self.first is None:
                    at = tuple(int(i) for i in np.unravel_index(np.argmax(differs), differs.shape))
                    if earliest is None or at[0] < earliest[0]:
                        earliest = at[0], layer, name, at[1:], int(left[at]), int(right[at])
        if earliest is None:
            return False
        step, layer, name, index, left, right = earliest
        self.first = Difference(Place(sample, step, layer, name, index), left, right)
        return True

    @property
    def compared(self) -> int:
        return sum(compared for compared, _ in self.values.values())

    @property
    def differing(self) -> int:
        return sum(differing for _, differing in self.values.values())

    def by_variable(self) -> dict[str, list[int]]:
        """Variable -> [compared, differing], over all layers; weights are named W and M."""
        total: dict[str, list[int]] = {}
        for (layer, name), counts in self.values.items():
            entry = total.setdefault(layer[0] if name == "weights" else name, [0, 0])
            entry[0] += counts[0]
            entry[1] += counts[1]
        return total
