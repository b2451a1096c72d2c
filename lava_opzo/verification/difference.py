"""Comparing two engines sample by sample: how many values, how many differ, and which was the first."""
from dataclasses import dataclass, field

import numpy as np

from lava_opzo.engines.record import OF_CONNECTIONS, Record


@dataclass(frozen=True)
class Place:
    """Where a value is: sample, step of the sample (tau), population or connection, variable, index into it."""

    sample: int
    step: int
    part: str
    variable: str
    index: tuple[int, ...]

    def __str__(self) -> str:
        kind, index = "connection" if self.variable in OF_CONNECTIONS else "population", ", ".join(map(str, self.index))
        return f"sample {self.sample}, step {self.step}, {kind} '{self.part}', variable {self.variable}[{index}]"


@dataclass(frozen=True)
class Difference:
    """The first difference of two engines: its place and the value of each engine."""

    place: Place
    left: int
    right: int


@dataclass
class Comparison:
    """Engines `left` and `right`. values: (part, variable) -> [values compared, values that differ]. first: or None."""

    left: str
    right: str
    values: dict[tuple[str, str], list[int]] = field(default_factory=dict)
    first: Difference | None = None

    def add(self, sample: int, a: Record, b: Record, begin: int = 0) -> bool:
        """Compare the records of one sample; True if the first difference lies in it. Raises KeyError for unlike records.

        begin: the step of their first row.
        """
        found = [place for part, variables in a.items() for name in variables
                 if (place := self._compare(sample, begin, part, name, a[part][name], b[part][name])) is not None]
        if not found or self.first is not None:
            return False
        place = min(found, key=lambda place: place.step)
        at = (place.step - begin, *place.index)
        self.first = Difference(place, int(a[place.part][place.variable][at]), int(b[place.part][place.variable][at]))
        return True

    def _compare(self, sample: int, begin: int, part: str, name: str, left: np.ndarray, right: np.ndarray) -> Place | None:
        """Count one variable; its first differing place."""
        if left.shape != right.shape:
            raise ValueError(f"{part} {name}: shapes {left.shape} and {right.shape} differ")
        differs = left != right
        counts = self.values.setdefault((part, name), [0, 0])
        counts[0] += left.size
        counts[1] += (n_differing := int(np.count_nonzero(differs)))
        if not n_differing:
            return None
        step, *index = (int(i) for i in np.unravel_index(np.argmax(differs), differs.shape))
        return Place(sample, begin + step, part, name, tuple(index))

    @property
    def compared(self) -> int:
        """Values compared."""
        return sum(compared for compared, _ in self.values.values())

    @property
    def differing(self) -> int:
        """Values that differ."""
        return sum(differing for _, differing in self.values.values())

    def by_variable(self) -> dict[str, list[int]]:
        """Variable -> [compared, differing], over all populations; the weights of a connection under its name."""
        total: dict[str, list[int]] = {}
        for (part, name), counts in self.values.items():
            entry = total.setdefault(part if name == "weights" else name, [0, 0])
            entry[0] += counts[0]
            entry[1] += counts[1]
        return total
