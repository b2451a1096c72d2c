"""The timeline of one sample: a list of phases, and the program that follows for every population."""
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from lava_opzo.errors import check_range
from lava_opzo.learning.phases import Advance, Answer, Bits, Listen, Phase, Ranks, Window
from lava_opzo.learning.step import Step

MAX_STEPS = 1 << 16
"""Most time steps of one sample."""


@dataclass(frozen=True)
class Schedule:
    """Time steps of one sample for a chain with `depth` hidden layers. Raises UserError for one that is too long."""

    depth: int
    phases: tuple[Phase, ...]

    def __post_init__(self) -> None:
        check_range("schedule", "time steps of a sample", self.length, 1, MAX_STEPS, "; choose fewer steps a window or layers")

    @property
    def length(self) -> int:
        """Time steps of one sample."""
        return sum(phase.length(self.depth) for phase in self.phases)

    def starts(self, kind: type) -> list[int]:
        """The time steps in which the phases of a kind begin for the input."""
        starts = accumulate((phase.length(self.depth) for phase in self.phases), initial=0)
        return [start for start, phase in zip(starts, self.phases, strict=False) if isinstance(phase, kind)]

    def start(self, kind: type) -> int:
        """The time step in which the first phase of a kind begins for the input; the length of the sample where there is none."""
        return next(iter(self.starts(kind)), self.length)

    @property
    def by_step(self) -> bool:
        """Whether weights learn in every step."""
        return any(isinstance(phase, (Advance, Listen)) for phase in self.phases)

    @property
    def window_steps(self) -> int:
        """Steps of all windows together, or of the algorithm where weights learn in every step."""
        return sum(phase.steps for phase in self.phases if isinstance(phase, (Window, Advance, Listen)))

    @property
    def answer(self) -> int:
        """The first step in which the readout predicts and sends the positive part of its error."""
        return self.start(Answer) + self.depth

    @property
    def ranks(self) -> int:
        """The first step of the weight updates, in which the hidden layers compute y."""
        return self.start(Ranks)

    @property
    def bits(self) -> int:
        """The first step of the updates of M."""
        return self.start(Bits)

    @cached_property
    def programs(self) -> tuple[tuple[Step, ...], ...]:
        """One program of `length` steps a population: index 0 the input, 1..depth the hidden ones, depth + 1 the readout."""
        return tuple(self.program(population) for population in range(self.depth + 2))

    def program(self, population: int) -> tuple[Step, ...]:
        """The program of one population; numbers beyond the chain are those of auxiliary readouts."""
        return tuple(self._step(population, tau) for tau in range(self.length))

    def _step(self, population: int, tau: int) -> Step:
        fields, begin = {"last": tau == self.length - 1}, 0
        for phase in self.phases:
            fields |= phase.fields(population, self.depth, tau - begin)
            begin += phase.length(self.depth)
        return Step(**fields)
