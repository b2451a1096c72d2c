"""The two number systems, each as one value: what it is called, Lava's tag for it, and its pure functions."""
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from lava_opzo.arithmetic.fixed import (
    error as fixed_error,
    membrane as fixed_membrane,
    quantiser as fixed_quantiser,
    synapses as fixed_synapses,
)
from lava_opzo.arithmetic.real import (
    error as real_error,
    membrane as real_membrane,
    quantiser as real_quantiser,
    synapses as real_synapses,
)
from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import DECAY_TRACE

REAL_DECAY_TRACE = 2.0 ** -8
"""y3 of a row that decays: with the 2^1 of the rule it loses a 128th, as a full integer M loses one of its 127 steps."""


@dataclass(frozen=True)
class Numbers:
    """A number system.

    name: `fixed` or `real`. tag: by which Lava selects process models. dtype: of weights and states. membrane, error, quantiser,
    synapses: the modules with its functions, which have the same names in both. decay_trace: y3 of a row of M that decays.
    """

    name: str
    tag: str
    dtype: type
    membrane: ModuleType
    error: ModuleType
    quantiser: ModuleType
    synapses: ModuleType
    decay_trace: float


FIXED = Numbers("fixed", "fixed_pt", np.int32, fixed_membrane, fixed_error, fixed_quantiser, fixed_synapses, DECAY_TRACE)
"""The chip's integers (docs/arithmetic.md)."""

REAL = Numbers("real", "floating_pt", np.float64, real_membrane, real_error, real_quantiser, real_synapses, REAL_DECAY_TRACE)
"""The same quantities in the same scales, in real numbers."""

NUMBERS = {numbers.name: numbers for numbers in (FIXED, REAL)}
"""The number systems by name."""


def numbers(name: str) -> Numbers:
    """The number system of that name. Raises UserError for an unknown one."""
    if name not in NUMBERS:
        raise UserError(f"number '{name}' is not one of {', '.join(NUMBERS)}; choose one of them")
    return NUMBERS[name]
