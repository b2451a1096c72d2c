"""The numbers of a chip's arithmetic: what may differ between chips as values, what every engine computes with as constants."""
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, get_args

from lava_opzo.errors import UserError, check_range, shown

STATE_SHIFT = 6
"""Synaptic input and threshold are aligned to the membrane by this shift (lava/proc/lif/models.py, act_shift)."""

STATE_LIMIT = 1 << 23
"""Limit of the 24-bit membrane and current (lava/proc/lif/models.py, uv_bitwidth)."""

GENERATOR_BITS = 24
"""Width of a noise generator's state: what a neuron program can hold in one state."""

TRACE_MAX = 127
"""Largest value of a 7-bit learning trace (lava/magma/core/learning/constants.py, W_TRACE)."""

PAYLOAD_MAX = 15
"""Largest payload of an input line (4 bits)."""

DECAY_TRACE = 32
"""y3 of a row that decays: in the product sgn(w)*y3 stock Lava shifts by 9 + 7 + 4 - 15 = 5 bits, so that 32 gives 1."""


Beyond = Literal["unknown", "wrap", "clip"]
"""What a chip does with a value that needs more bits than it has."""


@dataclass(frozen=True)
class Profile:
    """The numbers of one kind of chip.

    name: how messages call it. weight_min, weight_max: the rails where its learned weights stop, in weight units; a step is two
    units. All else changes nothing that is computed: it decides whether a run is replayable and whether a network fits.

    input_bits: signed width of a synaptic input. of_a_chip: whether a chip, and not the simulator alone, is known to have these
    numbers. state_bits: signed width of u, v and whatever a neuron program keeps. trace_bits: width of y1, y2, y3. payload_bits:
    width of a graded spike. generator_bits: width of a noise generator's state. beyond_u, beyond_v: what happens to u and, below
    zero, to v beyond 24 bits.

    Raises UserError for rails that are no 8-bit weights of mixed sign, and for a width that no chip has.
    """

    __pydantic_config__ = {"extra": "forbid", "strict": True}
    ADDED: ClassVar[tuple[str, ...]] = ("state_bits", "trace_bits", "payload_bits", "generator_bits", "beyond_u", "beyond_v")
    """Fields that a document leaves out where they have their defaults, so that files of before them keep their hashes."""

    name: str
    weight_min: int
    weight_max: int
    input_bits: int = 16
    of_a_chip: bool = False
    state_bits: int = 24
    trace_bits: int = 7
    payload_bits: int = 24
    generator_bits: int = 24
    beyond_u: Beyond = "unknown"
    beyond_v: Beyond = "unknown"

    def __post_init__(self) -> None:
        owner = f"profile '{self.name}'"
        check_range(owner, "weight_min", self.weight_min, -256, -2, "(8 bits with a sign); choose a lower rail in it")
        check_range(owner, "weight_max", self.weight_max, 2, 255, "(8 bits with a sign); choose an upper rail in it")
        check_range(owner, "input_bits", self.input_bits, 8, 32, "(signed); 16 is what is known of chips")
        check_range(owner, "state_bits", self.state_bits, 8, 32, "(signed); 24 is what is known of chips")
        check_range(owner, "trace_bits", self.trace_bits, 1, 16, "; 7 is what is known of chips")
        check_range(owner, "payload_bits", self.payload_bits, 1, 32, "; 24 is what is known of chips")
        check_range(owner, "generator_bits", self.generator_bits, 1, 32, "; a state of a neuron program, 24 as is known of chips")
        if self.weight_min & 1:
            raise UserError(f"{owner}: weight_min {self.weight_min} is odd; the lower rail is an even number of units")
        for field, value in (("beyond_u", self.beyond_u), ("beyond_v", self.beyond_v)):
            if value not in get_args(Beyond):
                raise UserError(f"{owner}: {field} {shown(repr(value))} is not one of {', '.join(get_args(Beyond))}; choose one")

    def document(self) -> dict[str, Any]:
        """The values as they stand in a file and in the hash of an experiment."""
        defaults = Profile(self.name, self.weight_min, self.weight_max)
        return {field: value for field, value in asdict(self).items()
                if field not in self.ADDED or value != getattr(defaults, field)}

    @property
    def lacks(self) -> list[str]:
        """What every run needs and a chip of this profile is too narrow for, in words."""
        needs = (("trace_bits", TRACE_MAX.bit_length(), "a trace y1, y2, y3"),
                 ("payload_bits", TRACE_MAX.bit_length(), "an error as a graded spike"),
                 ("generator_bits", GENERATOR_BITS, "the state of a noise generator"))
        return [f"{what} takes {bits} bits, profile '{self.name}' has {field} {getattr(self, field)}"
                for field, bits, what in needs if getattr(self, field) < bits]

    @property
    def largest_state(self) -> int:
        """The largest size of a state that is computed here and held by the chip."""
        return min(STATE_LIMIT, 1 << self.state_bits - 1) - 1

    @property
    def makes_odd(self) -> bool:
        """Whether a weight can become odd: only by stopping at an odd upper rail."""
        return bool(self.weight_max & 1)

    @property
    def largest_input(self) -> int:
        """The largest size of a synaptic input."""
        return (1 << self.input_bits - 1) - 1

    @property
    def replayable_input(self) -> int:
        """The largest size of a synaptic input with which u = a << 6 fits the chip, too.

        A wrap of u is never counted as alike: at exactly 2^23 two's complement wraps and stock Lava does not.
        """
        return min(self.largest_input, self.largest_state >> STATE_SHIFT)

    @property
    def largest_weight(self) -> int:
        """The largest |w|."""
        return max(-self.weight_min, self.weight_max)


STOCK_LAVA = Profile("stock-lava", -256, 255)
"""The rails of a learned MIXED weight in stock Lava (lava/magma/core/model/py/connection.py)."""

LOIHI_254 = Profile("loihi-254", -256, 254, of_a_chip=True)
"""The rails of emulators of the first chip (nengo-loihi), in which no weight is ever odd."""

PROFILES = {profile.name: profile for profile in (STOCK_LAVA, LOIHI_254)}
"""The profiles that come with the project, by name."""
