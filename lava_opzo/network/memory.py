"""Whether the arrays of a network can be held by this machine, asked before any of them is made."""
from math import prod

from lava_opzo.errors import SystemRefusedError
from lava_opzo.files.memory import available
from lava_opzo.network.network import Network
from lava_opzo.network.state import shapes

BYTES = 12
"""Bytes a weight takes while a state is drawn: float64 beside int32."""


def check_memory(network: Network) -> None:
    """Raise SystemRefusedError for a network whose state needs more memory than is free."""
    needed, free = BYTES * sum(prod(shape) for shape in shapes(network).values()), available()
    if free is not None and needed > free:
        raise SystemRefusedError(f"network {_widths(network)}: its weights need {needed} bytes of memory, {free} are free; "
                                 "use fewer neurons")


def _widths(network: Network) -> str:
    widths = [str(width) for width in network.widths]
    return "-".join(widths if len(widths) <= 8 else [*widths[:4], "...", *widths[-2:]])
