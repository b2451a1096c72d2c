"""Where a hidden layer's third factor comes from: four kinds of credit, each with the fields that it has."""
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.files.toml import STRICT
from lava_opzo.silicon.readouts import BASELINES

BASELINE_SHIFT, MOST_BASELINE_SHIFT = 8, 15
"""Bits of a running mean behind the point: the usual ones, and the most of its 24."""


@dataclass(frozen=True)
class Opzo:
    """Feedback weights M that learn from what the noise did to the output (arXiv 2407.12516, section 4).

    d_bits: bits of dhat, with which M learns. decay_period: samples after which a row of M has lost a step, a power of two, or 0
    for an M that keeps everything. baseline: one of BASELINES, a running mean of an output over 2^baseline_shift samples that is
    taken off it, for one window alone: two windows are each other's baseline.
    """

    __pydantic_config__ = STRICT
    local: ClassVar[bool] = True
    m_sigma: ClassVar[float] = 0.0
    d_bits: int = 2
    decay_period: int = 256
    baseline: Literal["none", "label", "class"] = "none"
    baseline_shift: int = BASELINE_SHIFT
    kind: Literal["opzo"] = "opzo"

    def __post_init__(self) -> None:
        check_range("credit 'opzo'", "d_bits", self.d_bits, 1, 7, "(bits of dhat, with which M learns); choose another number")
        if self.decay_period & (self.decay_period - 1) or not 0 <= self.decay_period <= 1 << 20:
            raise UserError(f"credit 'opzo': decay_period {self.decay_period} is not a power of two up to {1 << 20}; choose one, "
                            "or 0 for none")
        if self.baseline not in BASELINES:
            raise UserError(f"credit 'opzo': baseline '{shown(self.baseline)}' is not one of {', '.join(BASELINES)}; choose one "
                            "of them")
        check_range("credit 'opzo'", "baseline_shift", self.baseline_shift, 0, MOST_BASELINE_SHIFT,
                    "(a mean over 2^baseline_shift samples); choose another number")
        if self.baseline == "none" and self.baseline_shift != BASELINE_SHIFT:
            raise UserError(f"credit 'opzo': baseline_shift {self.baseline_shift} belongs to a baseline, and there is none; set "
                            f"baseline to {' or '.join(BASELINES[1:])}, or leave baseline_shift out")


@dataclass(frozen=True)
class FixedFeedback:
    """Feedback weights M that stay random: direct feedback alignment (arXiv 1609.01596).

    m_sigma: the standard deviation of M, in steps of two units.
    """

    __pydantic_config__ = STRICT
    local: ClassVar[bool] = True
    d_bits: ClassVar[int] = 0
    decay_period: ClassVar[int] = 0
    baseline: ClassVar[str] = "none"
    baseline_shift: ClassVar[int] = 0
    m_sigma: float = 10.0
    kind: Literal["dfa"] = "dfa"

    def __post_init__(self) -> None:
        check_range("credit 'dfa'", "m_sigma", self.m_sigma, 0, 127, "(steps of an 8-bit weight); choose a smaller scale")
        if not self.m_sigma:
            raise UserError("credit 'dfa': m_sigma 0 leaves M empty, so that nothing is taught; choose a scale up to 127")


@dataclass(frozen=True)
class Backprop:
    """The error through the weights above, gate by gate: spatial backpropagation, in real numbers only."""

    __pydantic_config__ = STRICT
    local: ClassVar[bool] = False
    d_bits: ClassVar[int] = 0
    decay_period: ClassVar[int] = 0
    baseline: ClassVar[str] = "none"
    baseline_shift: ClassVar[int] = 0
    m_sigma: ClassVar[float] = 0.0
    kind: Literal["backprop"] = "backprop"


@dataclass(frozen=True)
class SinglePoint:
    """The noise sign times the loss: the zeroth-order estimate itself (arXiv 2407.12516, section 3), in real numbers only."""

    __pydantic_config__ = STRICT
    local: ClassVar[bool] = False
    d_bits: ClassVar[int] = 0
    decay_period: ClassVar[int] = 0
    baseline: ClassVar[str] = "none"
    baseline_shift: ClassVar[int] = 0
    m_sigma: ClassVar[float] = 0.0
    kind: Literal["single-point"] = "single-point"


Credit = Annotated[Opzo | FixedFeedback | Backprop | SinglePoint, Field(discriminator="kind")]
"""One of the four. `local`: whether a neuron can have it from its own feedback connection, as Lava's rules and a chip need it."""

KINDS = ("opzo", "dfa", "backprop", "single-point")
"""The kinds by name."""
