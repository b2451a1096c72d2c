"""The populations of a network: neurons that share a name and their constants, checked when they are made."""
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.files.toml import STRICT
from lava_opzo.silicon.limits import LIMITS
from lava_opzo.silicon.profile import PAYLOAD_MAX, STATE_SHIFT
from lava_opzo.silicon.readouts import CLASSES, READOUTS
from lava_opzo.topology.dense import MAX_NEURONS

MOST_STAGGER = 1023
"""As a window has 1024 steps at most, larger ones say nothing new."""

MOST_LAYER = 1 << 16
"""More hidden layers than the time steps of a sample allow."""

WIDTH = "(neurons of a population); choose another width"


@dataclass(frozen=True)
class Input:
    """The input lines, the bias line included.

    spread: whether a payload that a sample gives once is spread over the steps of a window, instead of repeated in each
    (`lava_opzo.arithmetic.fixed.encoding`). stagger: how far the pattern of a line is ahead of that of the line before, so
    that the largest current of a step is smaller; 0 for lines in step. opposed: lines come in groups of 2*opposed, of which the
    second half says the opposite of the first, such as lines below a mean and above it: layer 1 begins with opposite weights for
    them, so that they pull a neuron in opposite directions; 0 for lines that say nothing of each other.
    """

    n: int
    spread: bool = False
    stagger: int = 0
    name: str = "input"
    opposed: int = 0

    def __post_init__(self) -> None:
        check_range(f"population '{self.name}'", "n", self.n, 1, MAX_NEURONS, WIDTH)
        check_range(f"population '{self.name}'", "stagger", self.stagger, 0, MOST_STAGGER,
                    "(steps of a window from line to line); choose another number")
        if self.stagger and not self.spread:
            raise UserError(f"population '{self.name}': stagger {self.stagger} moves the shares of payloads that are spread, and "
                            "these are not; set spread, or leave stagger out")
        check_range(f"population '{self.name}'", "opposed", self.opposed, 0, self.n // 2,
                    "(half of its lines); give the lines above the mean in a pixel, its channels")

    def largest_payload(self, steps: int) -> int:
        """The most that a line carries in one of the K = `steps` steps of a window."""
        return -(-PAYLOAD_MAX // steps) if self.spread else PAYLOAD_MAX


@dataclass(frozen=True)
class Hidden:
    """Spiking neurons of one hidden layer.

    n: neurons. vth, psi_width: threshold and half width of the gate, in weight units (17 bits). dv: leak (12 bits).
    bias_mant, bias_exp: the noise, alpha = bias_mant << bias_exp in membrane units. y_shift: bits that the residual quantiser of
    y drops: the learning rate. v_floor: the membrane stays at or above -v_floor thresholds, 0 for no floor. name: given by
    `Network.chain` where it is empty. frozen: the weights W and M that end here stay as they are, all else goes on.

    Raises UserError for a value outside its range.
    """

    __pydantic_config__ = STRICT
    n: int
    vth: int
    bias_mant: int
    bias_exp: int
    psi_width: int
    y_shift: int
    dv: int = 0
    v_floor: int = 0
    name: str = ""
    frozen: bool = False

    def __post_init__(self) -> None:
        owner = f"population '{self.name or 'hidden'}'"
        check_range(owner, "n", self.n, 1, MAX_NEURONS, WIDTH)
        check_range(owner, "vth mantissa", self.vth, 1, LIMITS.vth_mantissa.number,
                    "(17 bits); lower vth and the scale of the weights")
        check_range(owner, "dv", self.dv, 0, LIMITS.decay.number, "(12 bits); 0 means no leak")
        check_range(owner, "bias_mant", self.bias_mant, 0, LIMITS.bias_mantissa.number,
                    "(13 bits signed); raise bias_exp instead")
        check_range(owner, "bias_exp", self.bias_exp, 0, LIMITS.bias_exponent.number, "(3 bits); lower the noise")
        check_range(owner, "psi_width", self.psi_width, 1, LIMITS.vth_mantissa.number, "(17 bits); choose about vth/2")
        check_range(owner, "y_shift", self.y_shift, 0, 22, "(the residual has 23 bits); choose another shift")
        check_range(owner, "v_floor", self.v_floor, 0, LIMITS.vth_mantissa.number // self.vth,
                    "(thresholds; the membrane has 24 bits); 0 means no floor")
        _check_frozen(owner, self.frozen)

    @property
    def floor(self) -> int:
        """The size of the smallest membrane after a step, in membrane units; 0 for no floor."""
        return self.v_floor * self.vth << STATE_SHIFT

    @property
    def alpha(self) -> int:
        """The noise in membrane units."""
        return self.bias_mant << self.bias_exp


@dataclass(frozen=True)
class Readout:
    """Output neurons that integrate, one a class, a label or a value.

    n: how many. error_shift: scales a sum to the error's 7 bits. y_shift: as in `Hidden`. d_shift: bits that the quantiser of
    dhat drops. dv: leak of the sums in each step (12 bits), where weights learn in every step; 0 for sums over the whole sample.
    frozen: its W stays as it is; its errors go on teaching the hidden layers. kind: `classes`, of which a sample has one;
    `labels`, each of which it has or not; or `values`, numbers -127..127.

    Raises UserError for a value outside its range.
    """

    __pydantic_config__ = STRICT
    n: int
    error_shift: int
    y_shift: int
    d_shift: int
    dv: int = 0
    name: str = "readout"
    frozen: bool = False
    kind: Literal["classes", "labels", "values"] = CLASSES

    @property
    def answers(self) -> int:
        """How many whole numbers are one prediction, and what one sample teaches: a class, or one number an output."""
        return 1 if self.kind == CLASSES else self.n

    def __post_init__(self) -> None:
        owner = f"population '{self.name}'"
        if self.kind not in READOUTS:
            raise UserError(f"{owner}: kind '{shown(self.kind)}' is not one of {', '.join(READOUTS)}; choose one of them")
        check_range(owner, "n", self.n, 2 if self.kind == CLASSES else 1, MAX_NEURONS, f"({self.kind}); choose another number")
        check_range(owner, "dv", self.dv, 0, LIMITS.decay.number, "(12 bits); 0 means no leak")
        for name in ("error_shift", "y_shift", "d_shift"):
            check_range(owner, name, getattr(self, name), 0, 22, "(states have 23 bits); choose another shift")
        _check_frozen(owner, self.frozen)


@dataclass(frozen=True)
class Auxiliary:
    """A second readout of a network, above one of its hidden layers, which teaches that layer and those below it.

    layer: number of the hidden layer that it reads, from 1 at the input. sigma: standard deviation of its initial weights, in
    steps of two units. error_shift, y_shift, d_shift, frozen: as in `Readout`, whose outputs it has. It teaches all hidden layers
    up to its own that no lower auxiliary readout teaches.

    Raises UserError for a value outside its range.
    """

    __pydantic_config__ = STRICT
    layer: int
    sigma: float
    error_shift: int
    y_shift: int
    d_shift: int
    frozen: bool = False

    def __post_init__(self) -> None:
        check_range("auxiliary readout", "layer", self.layer, 1, MOST_LAYER, "(a hidden layer, counted from the input)")

    def above(self, readout: Readout, name: str) -> Readout:
        """The population: the outputs of the last readout, with shifts of its own."""
        return replace(readout, name=name, error_shift=self.error_shift, y_shift=self.y_shift, d_shift=self.d_shift,
                       frozen=self.frozen)


AnyReadout = TypeVar("AnyReadout", Readout, Auxiliary)
"""Of functions that treat all readouts alike."""


def _check_frozen(owner: str, frozen: object) -> None:
    if not isinstance(frozen, bool):
        raise UserError(f"{owner}: frozen {shown(frozen)} is neither true nor false; choose one of them")
