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
    """Where the learned weights of one kind of chip stop.

    name: how messages call it. weight_min, weight_max: the rails, in weight units; a step is two units.

    Raises UserError for rails that are no 8-bit weights of mixed sign.
    """

    __pydantic_config__ = {"extra": "forbid", "strict": True}
    name: str
    weight_min: int
    weight_max: int

    def __post_init__(self) -> None:
        owner = f"profile '{self.name}'"
        check_range(owner, "weight_min", self.weight_min, -256, -2, "(8 bits with a sign); choose a lower rail in it")
        check_range(owner, "weight_max", self.weight_max, 2, 255, "(8 bits with a sign); choose an upper rail in it")
        if self.weight_min & 1:
            raise UserError(f"{owner}: weight_min {self.weight_min} is odd; the lower rail is an even number of units")

    @property
    def makes_odd(self) -> bool:
        """Whether a weight can become odd: only by stopping at an odd upper rail."""
        return bool(self.weight_max & 1)

    @property
    def largest_weight(self) -> int:
        """The largest |w|."""
        return max(-self.weight_min, self.weight_max)


STOCK_LAVA = Profile("stock-lava", -256, 255)
"""The rails of a learned MIXED weight in stock Lava (lava/magma/core/model/py/connection.py)."""

LOIHI_254 = Profile("loihi-254", -256, 254)
"""The rails of emulators of the first chip (nengo-loihi), in which no weight is ever odd."""

PROFILES = {profile.name: profile for profile in (STOCK_LAVA, LOIHI_254)}
"""The profiles that come with the project, by name."""
