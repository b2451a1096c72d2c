"""Whether every sum of a network keeps to its width, from fan-in, payloads and rails alone."""
from typing import TYPE_CHECKING

from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import PAYLOAD_MAX, STATE_LIMIT, STATE_SHIFT, TRACE_MAX

if TYPE_CHECKING:
    from lava_opzo.network.network import Network

CURRENT_LIMIT = (1 << 31) - (1 << 24)
"""Largest size of a synaptic sum shifted to membrane units: int32, with room for a membrane and the noise beside it."""


def check_widths(network: "Network") -> None:
    """Raise UserError for a connection whose sum, or a hidden layer whose h, could leave its width."""
    for connection in network.forward:
        payload = PAYLOAD_MAX if connection.source == network.input.name else 1
        most = (CURRENT_LIMIT >> STATE_SHIFT) // (payload * network.profile.largest_weight)
        if connection.topology.fan_in > most:
            raise UserError(f"connection '{connection.name}': fan-in {connection.topology.fan_in} is above {most} (payloads up to {payload}; "
                            "more could overflow the 32-bit current); down-sample the input or use fewer neurons")
    if network.learning.credit.local:
        for layer in network.hidden:
            _check_h(network, layer)


def _check_h(network: "Network", layer) -> None:
    """Largest |h| = n_teacher * |w| * 127 * window steps, plus what the residual holds, must fit 24 bits signed."""
    largest = network.readout.n * network.profile.largest_weight * TRACE_MAX * network.schedule().window_steps
    largest += 1 << (layer.y_shift + network.learning.halvings)
    if largest >= STATE_LIMIT:
        raise UserError(f"population '{layer.name}': h, third factor times gate, can reach {largest}, above {STATE_LIMIT - 1} (24 bits); "
                        "use fewer steps, fewer classes or a smaller y_shift")
