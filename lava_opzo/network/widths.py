"""Whether every sum of a network keeps to its width, from fan-in, payloads, classes, rails and shifts alone."""
from collections.abc import Sequence

from lava_opzo.errors import UserError
from lava_opzo.learning.learning import Learning
from lava_opzo.network.connections import Connection
from lava_opzo.network.populations import Hidden, Input, Readout
from lava_opzo.silicon.profile import STATE_LIMIT, STATE_SHIFT, TRACE_MAX, Profile

LARGEST_SHIFT = 22
"""The largest shift of y whose residual fits 24 bits beside some h."""

CURRENT_LIMIT = (1 << 31) - (1 << 24)
"""Largest size of a synaptic sum shifted to membrane units: int32, with room for a membrane and the noise beside it."""


SUM_LIMIT = (1 << 30) - 1
"""Largest size of a readout's sum that goes on from sample to sample; two of them fit int32."""


def check_widths(populations: Sequence[Input | Hidden | Readout], connections: Sequence[Connection], learning: Learning,
                 profile: Profile) -> None:
    """Raise UserError for a connection whose sum could leave its 32 bits."""
    payloads = {population.name: population.largest_payload(learning.steps) for population in populations
                if isinstance(population, Input)}
    for connection in connections:
        if connection.rule != "feedback":
            _check_current(connection, payloads.get(connection.source, 1), profile)
        elif learning.credit.local:
            _check_third_factor(connection, profile)


def _check_current(connection: Connection, payload: int, profile: Profile) -> None:
    """Largest |a| = fan-in * payload * |w|, in membrane units, must stay below CURRENT_LIMIT."""
    most = (CURRENT_LIMIT >> STATE_SHIFT) // (payload * profile.largest_weight)
    if connection.topology.fan_in > most:
        raise UserError(f"connection '{connection.name}': fan-in {connection.topology.fan_in} is above {most} (payloads up to "
                        f"{payload}; more could overflow the 32-bit current); down-sample the input or use fewer neurons")


def check_carried(connection: Connection, readout: Readout, profile: Profile) -> None:
    """Raise UserError for a readout whose sums could grow beyond SUM_LIMIT where they go on from sample to sample.

    |o| <= fan-in * |w| * 4096 / dv, as a step brings at most fan-in * |w| and takes dv of 4096 away.
    """
    least = -(-connection.topology.fan_in * profile.largest_weight * 4096 // SUM_LIMIT)
    if readout.dv < max(1, least):
        raise UserError(f"population '{readout.name}': dv {readout.dv} lets its sums grow beyond 31 bits where carry has them go "
                        f"on for ever; set dv to {max(1, least)} or more, or carry = false")


def _check_third_factor(connection: Connection, profile: Profile) -> None:
    """Largest |g| = classes * |w| * 127 must fit 32 bits."""
    most = ((1 << 31) - 1) // widest_third_factor(1, profile)
    if connection.topology.n_pre > most:
        raise UserError(f"connection '{connection.name}': {connection.topology.n_pre} classes are above {most} (more could "
                        "overflow the 32-bit third factor); use fewer classes")


def check_shifts(plastic: Sequence[Hidden | Readout], learning: Learning) -> None:
    """Raise UserError for a population whose residual could leave no room for h in 24 bits.

    Real numbers have no residual, and a credit that is not local is in real numbers only.
    """
    for layer in plastic if learning.credit.local else ():
        shift = layer.y_shift + learning.halvings
        if shift > LARGEST_SHIFT:
            raise UserError(f"population '{layer.name}': y_shift {layer.y_shift} and {learning.halvings} halvings make a shift "
                            f"of {shift}, above {LARGEST_SHIFT} (the residual of y fits 24 bits beside h); use a smaller y_shift "
                            "or fewer halvings")


def widest_third_factor(n_teacher: int, profile: Profile) -> int:
    """The largest size of a third factor before its clip: n_teacher * |w| * 127."""
    return n_teacher * profile.largest_weight * TRACE_MAX


def most_shift(n_teacher: int, learning: Learning, profile: Profile) -> int:
    """The largest shift of y, its halvings included, that a recipe should take.

    It is `LARGEST_SHIFT` where no third factor is clipped beside it, and else one less, which leaves h three quarters of its
    24 bits instead of half of them.
    """
    largest = widest_third_factor(n_teacher, profile) * learning.gate_steps
    return LARGEST_SHIFT - (largest + (1 << LARGEST_SHIFT) >= STATE_LIMIT)


def largest_count(learning: Learning, payload: int) -> int:
    """The most that a neuron which sends so much in every step remembers: a count of its spikes in a sample, or their trace.

    A trace goes on from sample to sample where these are pieces of a stream, and then stays below payload * 64 * 4096 / decay.
    """
    if learning.carry:
        return (payload << STATE_SHIFT) * 4096 // learning.eligibility.decay
    return learning.windows * learning.steps * payload << (STATE_SHIFT if learning.by_step else 0)


def largest_sum(connection: Connection, readout: Readout, learning: Learning, profile: Profile) -> int:
    """The largest |o_plus| or |o_minus| where weights learn in every step: a step brings at most fan-in * |w|, and takes dv of
    4096 away.
    """
    step = connection.topology.fan_in * profile.largest_weight
    without_leak = step * -(-learning.steps // 2)
    if not readout.dv:
        return without_leak
    leaking = step * 4096 // readout.dv
    return leaking if learning.carry else min(leaking, without_leak)
