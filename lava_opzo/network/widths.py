"""Whether every sum of a network keeps to its width, from fan-in, payloads and rails alone."""
from collections.abc import Sequence

from lava_opzo.errors import UserError
from lava_opzo.learning.learning import Learning
from lava_opzo.network.connections import Connection
from lava_opzo.network.populations import Hidden, Input, Readout
from lava_opzo.silicon.profile import STATE_LIMIT, STATE_SHIFT, TRACE_MAX, Profile

CURRENT_LIMIT = (1 << 31) - (1 << 24)
"""Largest size of a synaptic sum shifted to membrane units: int32, with room for a membrane and the noise beside it."""


def check_widths(populations: Sequence[Input | Hidden | Readout], connections: Sequence[Connection], learning: Learning,
                 profile: Profile) -> None:
    """Raise UserError for a connection whose sum, or a hidden layer whose h, could leave its width."""
    payloads = {population.name: population.largest_payload(learning.steps) for population in populations
                if isinstance(population, Input)}
    for connection in connections:
        if connection.rule == "forward":
            _check_current(connection, payloads.get(connection.source, 1), profile)
    if learning.credit.local:
        n_teacher = populations[-1].n
        for layer in populations:
            if isinstance(layer, Hidden):
                _check_h(layer, n_teacher, learning, profile)


def _check_current(connection: Connection, payload: int, profile: Profile) -> None:
    """Largest |a| = fan-in * payload * |w|, in membrane units, must stay below CURRENT_LIMIT."""
    most = (CURRENT_LIMIT >> STATE_SHIFT) // (payload * profile.largest_weight)
    if connection.topology.fan_in > most:
        raise UserError(f"connection '{connection.name}': fan-in {connection.topology.fan_in} is above {most} (payloads up to "
                        f"{payload}; more could overflow the 32-bit current); down-sample the input or use fewer neurons")


def most_shift(n_teacher: int, learning: Learning, profile: Profile) -> int:
    """The largest shift of y, its halvings included, whose residual fits 24 bits beside h; 0 where even that may not fit."""
    return max(1, STATE_LIMIT - 1 - _largest_h(n_teacher, learning, profile)).bit_length() - 1


def _largest_h(n_teacher: int, learning: Learning, profile: Profile) -> int:
    """The largest size of the third factor times the gate: n_teacher * |w| * 127 * window steps."""
    return n_teacher * profile.largest_weight * TRACE_MAX * learning.windows * learning.steps


def _check_h(layer: Hidden, n_teacher: int, learning: Learning, profile: Profile) -> None:
    """Largest |h|, plus what the residual holds, must fit 24 bits signed."""
    largest = _largest_h(n_teacher, learning, profile) + (1 << (layer.y_shift + learning.halvings))
    if largest >= STATE_LIMIT:
        raise UserError(f"population '{layer.name}': h, third factor times gate, can reach {largest}, above {STATE_LIMIT - 1} "
                        "(24 bits); use fewer steps, fewer classes or a smaller y_shift")
