"""The numbers of a chip's arithmetic: what differs between chips as a value, what no source disputes as constants."""
from dataclasses import dataclass

from lava_opzo.errors import UserError, check_range

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


@dataclass(frozen=True)
class Profile:
    """The numbers of one kind of chip.

    name: how messages call it. weight_min, weight_max: the rails where its learned weights stop, in weight units; a step is two
    units. input_bits: signed width of a synaptic input, which decides whether a run is replayable and changes nothing that is
    computed. of_a_chip: whether a chip, and not the simulator alone, is known to have these rails.

    Raises UserError for rails that are no 8-bit weights of mixed sign.
    """

    __pydantic_config__ = {"extra": "forbid", "strict": True}
    name: str
    weight_min: int
    weight_max: int
    input_bits: int = 16
    of_a_chip: bool = False

    def __post_init__(self) -> None:
        owner = f"profile '{self.name}'"
        check_range(owner, "weight_min", self.weight_min, -256, -2, "(8 bits with a sign); choose a lower rail in it")
        check_range(owner, "weight_max", self.weight_max, 2, 255, "(8 bits with a sign); choose an upper rail in it")
        check_range(owner, "input_bits", self.input_bits, 8, 32, "(signed); 16 is what is known of chips")
        if self.weight_min & 1:
            raise UserError(f"{owner}: weight_min {self.weight_min} is odd; the lower rail is an even number of units")

    @property
    def makes_odd(self) -> bool:
        """Whether a weight can become odd: only by stopping at an odd upper rail."""
        return bool(self.weight_max & 1)

    @property
    def largest_input(self) -> int:
        """The largest size of a synaptic input."""
        return (1 << self.input_bits - 1) - 1

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
