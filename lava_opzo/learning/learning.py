"""How a network learns, as one value: the windows of a sample, credit, eligibility, gate, and the schedule of learning rates."""
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from lava_opzo.errors import UserError, check_range
from lava_opzo.files.toml import STRICT
from lava_opzo.learning.credit import Credit, Opzo
from lava_opzo.learning.phases import Advance, Answer, Bits, Listen, Phase, Ranks, Window
from lava_opzo.learning.schedule import Schedule

GATES = ("psi", "count")
"""What a hidden neuron's third factor may be multiplied by."""


UPDATES = ("sample", "step")
"""When the forward weights learn: once at the end of a sample, or in every time step that has a label."""


LEAST_DECAY = 4
"""Of 4096: traces of payloads up to 15 then stay below 15 * 64 * 4096 / 4 <= 983,040, as those of the longest sample do."""


@dataclass(frozen=True)
class Counts:
    """What a pre-synaptic neuron remembers: its spike count in a sample, or a trace of its spikes, rounded to 0..x_max.

    decay: what the trace loses in a step, of 4096, where weights learn in every step.
    """

    __pydantic_config__ = STRICT
    x_max: int = 2
    decay: int = 0

    def __post_init__(self) -> None:
        check_range("eligibility", "x_max", self.x_max, 1, 7, "(ranks, one time step each); choose another number")
        check_range("eligibility", "decay", self.decay, 0, 4095, "(12 bits); 0 means that the trace keeps everything")


@dataclass(frozen=True)
class Learning:
    """How a network learns from one sample.

    steps: K, the time steps of a window. windows: 2 for noise of both signs one after the other, 1 for the paper's single pass.
    gate: what a hidden neuron's third factor is multiplied by: `psi`, the steps near its threshold, or `count`, a stand-in from
    its spike count alone, for a board that shows no states. halve_every: samples after which the learning rate halves, 0 for
    never; max_halvings: how often at most. updates: `sample`, weights learn at the end of a sample, or `step`, in every step from
    step label_from on; before it the sample has no label yet. carry: with updates `step`, samples are stretches of one stream:
    what neurons hold goes on from one to the next. turn_every: steps of the only window after which its noise changes sign, so
    that one window holds both; 0 for never.
    """

    __pydantic_config__ = STRICT
    steps: int = 8
    windows: int = 2
    credit: Credit = field(default_factory=Opzo)
    eligibility: Counts = field(default_factory=Counts)
    gate: Literal["psi", "count"] = "psi"
    halve_every: int = 0
    max_halvings: int = 4
    updates: Literal["sample", "step"] = "sample"
    label_from: int = 0
    carry: bool = False
    turn_every: int = 0

    def __post_init__(self) -> None:
        check_range("learning", "steps", self.steps, 1, 1024, "(time steps of a window); choose another number")
        check_range("learning", "windows", self.windows, 1, 2, "(one sign of the noise each); choose 1 or 2")
        if self.gate not in GATES:
            raise UserError(f"learning: gate '{self.gate}' is not one of {', '.join(GATES)}; choose one of them")
        check_range("learning", "halve_every", self.halve_every, 0, 1 << 30, "(samples); 0 means never")
        check_range("learning", "max_halvings", self.max_halvings, 0, 16, "(bits); choose a smaller number")
        self._check_updates()
        self._check_one_window()

    def _check_one_window(self) -> None:
        check_range("learning", "turn_every", self.turn_every, 0, self.steps - 1, "(steps of a window); 0 means never")
        if self.turn_every and (self.windows != 1 or self.by_step):
            raise UserError(f"learning: turn_every {self.turn_every} turns the noise of one window, whose sample learns at its "
                            "end; set windows = 1 and updates = \"sample\", or turn_every = 0")
        if self.credit.baseline != "none" and (self.windows != 1 or self.by_step or self.turn_every):
            raise UserError(f"learning: baseline '{self.credit.baseline}' belongs to one window, whose noise keeps its sign and "
                            "whose sample learns at its end; set windows = 1, updates = \"sample\" and turn_every = 0, or "
                            "baseline = \"none\"")

    def _check_updates(self) -> None:
        if self.updates not in UPDATES:
            raise UserError(f"learning: updates '{self.updates}' is not one of {', '.join(UPDATES)}; choose one of them")
        check_range("learning", "label_from", self.label_from, 0, self.steps - 1, "(steps of a window); choose a smaller number")
        if self.by_step and self.windows != 1:
            raise UserError(f"learning: windows {self.windows}, but updates 'step' take one window, whose steps have noise of "
                            "both signs by turns; set windows = 1")
        if self.by_step and self.credit.kind == "single-point":
            raise UserError("learning: credit 'single-point' multiplies a loss with noise that keeps its sign, and with updates "
                            "'step' it has the other one in every other step; set updates = \"sample\", or another credit")
        if self.carry:
            self._check_carry()
        if not self.by_step and (self.label_from or self.eligibility.decay):
            raise UserError(f"learning: label_from {self.label_from} and the decay {self.eligibility.decay} of the eligibility "
                            "belong to updates 'step', and these are updates 'sample'; set updates = \"step\", or both to 0")

    def _check_carry(self) -> None:
        if not self.by_step:
            raise UserError("learning: carry has neurons go on from one sample to the next, where weights learn in every step, "
                            "and these are updates 'sample'; set updates = \"step\", or carry = false")
        if self.eligibility.decay < LEAST_DECAY:
            raise UserError(f"learning: decay {self.eligibility.decay} of the eligibility lets traces grow beyond 20 bits where "
                            f"carry has them go on for ever; choose {LEAST_DECAY} or more, or carry = false")

    @property
    def by_step(self) -> bool:
        """Whether weights learn in every step."""
        return self.updates == "step"

    @property
    def gate_steps(self) -> int:
        """The largest gate psi: the steps in which a neuron can be near its threshold before its third factor comes."""
        return 1 if self.by_step else self.windows * self.steps

    @property
    def halvings(self) -> int:
        """The most bits that the schedule of learning rates adds to a shift."""
        return self.max_halvings if self.halve_every else 0

    def phases(self, learn: bool = True) -> tuple[Phase, ...]:
        """The phases of a training sample, or of an evaluated one: a window without noise, and the answer."""
        if not learn:
            return (Listen(self.steps, self.carry),) if self.by_step else (Window(0, 0, self.steps), Answer(learn=False))
        if self.by_step:
            return *self._learned_steps(), Bits(self.credit.d_bits)
        windows = (Window(number, 1 - 2 * number, self.steps, self.turn_every) for number in range(self.windows))
        return *windows, Answer(learn=True), Ranks(self.eligibility.x_max), Bits(self.credit.d_bits)

    def _learned_steps(self) -> Iterator[Phase]:
        for number in range(self.steps):
            yield Advance(number, self.carry)
            if number >= self.label_from:
                last = number == self.steps - 1
                yield from (Answer(learn=True, last=last), Ranks(self.eligibility.x_max, last))

    def schedule(self, depth: int, learn: bool = True) -> Schedule:
        """The timeline of one training (or evaluated) sample in a network with `depth` hidden layers."""
        return Schedule(depth, self.phases(learn))
