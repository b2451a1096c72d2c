"""The limits that a network has to keep on Loihi 2: each one with its unit, where it comes from, and whether that was verified.

Little of Loihi 2 is public. Where only Loihi 1 or Lava's own code has a number, that number is used, which errs on the small
side. The checks of populations and the pre-flight take their numbers from here.
"""
from dataclasses import dataclass, fields, replace
from typing import Any

from lava_opzo.silicon.profile import GENERATOR_BITS, LOIHI_254, STATE_LIMIT, STATE_SHIFT, TRACE_MAX, Profile

NENGO_LOIHI = "nengo-loihi, hardware/allocator and validate.py (Loihi 1)"
LAVA_LIF = "lava/proc/lif/models.py, PyLifModelBitAcc"
LAVA_LEARNING = "lava/magma/core/learning/constants.py"
MIXED_WEIGHTS = "lava/utils/weightutils.py: MIXED weights of 8 bits, even"


@dataclass(frozen=True)
class Limit:
    """One number, in its unit, with its source.

    value: None where nothing is public. verified: read in public source code that enforces or documents it; False: claimed in
    the press, a paper or a comment.
    """

    value: int | None
    unit: str
    source: str
    verified: bool

    @property
    def number(self) -> int:
        """The value of a limit that is public."""
        if self.value is None:
            raise ValueError(f"a limit in {self.unit} is not public")
        return self.value


@dataclass(frozen=True)
class Limits:
    """All limits, conservative where the chip's own are not public."""

    cores_per_chip: Limit = Limit(120, "neurocores", "lava/magma/compiler/subcompilers/constants.py: NUM_VIRTUAL_CORES_L3 = 120, "
                                  "_L2 = 128; Hala Point: 122", True)
    neurons_per_core: Limit = Limit(1024, "neurons",
                                    f"{NENGO_LOIHI}: MAX_COMPARTMENTS; Loihi 2: up to 8192 in Intel's brief", True)
    synapse_bits_per_core: Limit = Limit(16384 * 64, "bits", f"{NENGO_LOIHI}: 16384 words of 64 bits", True)
    axons_in_per_core: Limit = Limit(4096, "input axons", NENGO_LOIHI, True)
    axons_out_per_core: Limit = Limit(4096, "output axons", NENGO_LOIHI, True)
    slots_per_learning_axon: Limit = Limit(2, "input axons", f"{NENGO_LOIHI}: idxs_per_synapse of a learning synapse", True)
    weight_bits: Limit = Limit(8, "bits", "lava/proc/dense/models.py: clip_weights(num_bits=8)", True)
    weight_min: Limit = Limit(LOIHI_254.weight_min, "weight units", MIXED_WEIGHTS, True)
    weight_max: Limit = Limit(LOIHI_254.weight_max, "weight units", MIXED_WEIGHTS, True)
    vth_mantissa: Limit = Limit(131071, "weight units", f"{LAVA_LIF}: unsigned 17 bits", True)
    vth_mantissa_board: Limit = Limit(65535, "weight units",
                                      "comment in a public third-party back end: 16 bits on the board", False)
    state: Limit = Limit(STATE_LIMIT - 1, "membrane units",
                         f"{LAVA_LIF}: uv_bitwidth = 24; beyond it u wraps and v is clipped", True)
    synaptic_input: Limit = Limit(LOIHI_254.largest_input, "weight units",
                                  "lava/proc/lif/models.py: a_in has precision 16; nengo-loihi: Q_BITS = 21 over weights shifted "
                                  "by 6 (Loihi 1)", True)
    readout_sum: Limit = Limit((STATE_LIMIT - 1) >> STATE_SHIFT, "weight units",
                               f"{LAVA_LIF}: a readout LIF holds its sum in v, 24 bits after 6 bits of shift", True)
    decay: Limit = Limit(4095, "of 4096", f"{LAVA_LIF}: unsigned 12 bits", True)
    bias_mantissa: Limit = Limit(4095, "mantissa", f"{LAVA_LIF}: signed 13 bits", True)
    bias_exponent: Limit = Limit(7, "exponent", f"{LAVA_LIF}: unsigned 3 bits", True)
    epoch: Limit = Limit(63, "time steps", f"{LAVA_LEARNING}: W_EPOCH_TIME = 6", True)
    trace: Limit = Limit(TRACE_MAX, "trace units", f"{LAVA_LEARNING}: W_TRACE = 7, unsigned", True)
    weight_change: Limit = Limit(255, "weight units",
                                 "learning_rule_applier.py: a product is clipped to 16 bits at 7 fraction bits", True)
    payload_bits: Limit = Limit(24, "bits", "lava/proc/lif/models.py: precision of s_out; Intel's brief says 32", True)
    generator_bits: Limit = Limit(GENERATOR_BITS, "bits", f"{LAVA_LIF}: uv_bitwidth = 24, taken for a state of a neuron program",
                                  False)
    products_per_rule: Limit = Limit(None, "products", "not public", False)
    factors_per_product: Limit = Limit(None, "factors", "not public", False)
    learning_memory_per_core: Limit = Limit(None, "bits", "not public; only INRC's memory probe tells", False)


LIMITS = Limits()


def limits_of(profile: Profile) -> Limits:
    """The limits for a network of this profile: LIMITS, with the numbers of a chip's profile where it says otherwise."""
    said = {"weight_min": profile.weight_min, "weight_max": profile.weight_max, "synaptic_input": profile.largest_input,
            "state": profile.largest_state, "trace": (1 << profile.trace_bits) - 1, "payload_bits": profile.payload_bits,
            "generator_bits": profile.generator_bits}
    if not profile.of_a_chip:
        return LIMITS
    known: dict[str, Limit] = vars(LIMITS)
    return replace(LIMITS, **{name: replace(known[name], value=value, source=f"profile '{profile.name}'")
                              for name, value in said.items() if value != known[name].value})


def as_dicts(limits: Limits = LIMITS) -> dict[str, dict[str, Any]]:
    """Every limit by its name, with value, unit, source and verified, for JSON."""
    return {name: {key: getattr(limit, key) for key in ("value", "unit", "source", "verified")}
            for name, limit in vars(limits).items()}


def rows(limits: Limits = LIMITS) -> list[tuple[str, str, str, str, str]]:
    """(name, value, unit, verified or not, source) of every limit, for a table."""
    table = []
    for field in fields(limits):
        limit: Limit = getattr(limits, field.name)
        value = "not public" if limit.value is None else str(limit.value)
        table.append((field.name, value, limit.unit, "verified" if limit.verified else "not verified", limit.source))
    return table
