"""How a network learns, as one value: the windows of a sample, credit, eligibility, gate, and the schedule of learning rates."""
from dataclasses import dataclass, field
from typing import Literal

from lava_opzo.errors import UserError, check_range
from lava_opzo.files.toml import STRICT
from lava_opzo.learning.credit import Credit, Opzo
from lava_opzo.learning.phases import Answer, Bits, Phase, Ranks, Window
from lava_opzo.learning.schedule import Schedule

GATES = ("psi", "count")
"""What a hidden neuron's third factor may be multiplied by."""


@dataclass(frozen=True)
class Counts:
    """What a pre-synaptic neuron remembers of a sample: its spike count, rounded to 0..x_max."""

    __pydantic_config__ = STRICT
    x_max: int = 2

    def __post_init__(self) -> None:
        check_range("eligibility", "x_max", self.x_max, 1, 7, "(ranks, one time step each); choose another number")


@dataclass(frozen=True)
class Learning:
    """How a network learns from one sample.

    steps: K, the time steps of a window. windows: 2 for noise of both signs one after the other, 1 for the paper's single pass.
    gate: what a hidden neuron's third factor is multiplied by: `psi`, the steps near its threshold, or `count`, a stand-in from
    its spike count alone, for a board that shows no states. halve_every: samples after which the learning rate halves, 0 for
    never; max_halvings: how often at most.
    """

    __pydantic_config__ = STRICT
    steps: int = 8
    windows: int = 2
    credit: Credit = field(default_factory=Opzo)
    eligibility: Counts = field(default_factory=Counts)
    gate: Literal["psi", "count"] = "psi"
    halve_every: int = 0
    max_halvings: int = 4

    def __post_init__(self) -> None:
        check_range("learning", "steps", self.steps, 1, 1024, "(time steps of a window); choose another number")
        check_range("learning", "windows", self.windows, 1, 2, "(one sign of the noise each); choose 1 or 2")
        if self.gate not in GATES:
            raise UserError(f"learning: gate '{self.gate}' is not one of {', '.join(GATES)}; choose one of them")
        check_range("learning", "halve_every", self.halve_every, 0, 1 << 30, "(samples); 0 means never")
        check_range("learning", "max_halvings", self.max_halvings, 0, 16, "(bits); choose a smaller number")

    @property
    def halvings(self) -> int:
        """The most bits that the schedule of learning rates adds to a shift."""
        return self.max_halvings if self.halve_every else 0

    def phases(self, learn: bool = True) -> tuple[Phase, ...]:
        """The phases of a training sample, or of an evaluated one: a window without noise, and the answer."""
        if not learn:
            return Window(0, 0, self.steps), Answer(learn=False)
        windows = (Window(number, 1 - 2 * number, self.steps) for number in range(self.windows))
        return *windows, Answer(learn=True), Ranks(self.eligibility.x_max), Bits(self.credit.d_bits)

    def schedule(self, depth: int, learn: bool = True) -> Schedule:
        """The timeline of one training (or evaluated) sample in a network with `depth` hidden layers."""
        return Schedule(depth, self.phases(learn))
