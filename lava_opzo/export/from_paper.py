"""What the paper's algorithm has learned, as a `state_dict` in the layout that `lava-opzo import-network` takes."""
from pathlib import Path

import numpy as np
from safetensors.numpy import save as serialise

from lava_opzo.errors import UserError
from lava_opzo.export.topologies import words
from lava_opzo.files.whole import write_whole
from lava_opzo.paper.connection import Connection
from lava_opzo.paper.network import Network
from lava_opzo.paper.neuron import THRESHOLD
from lava_opzo.silicon.profile import PAYLOAD_MAX
from lava_opzo.topology.conv import Conv

NAME = "weights.safetensors"


def write(path: Path, network: Network) -> None:
    """Write the weights in use: standardised, times their scale, those of the first layer for inputs of 1 at the largest payload.

    An older file at `path` stays until the new one is whole.

    Raises UserError for a network that has what our integer layers have not: pooling, residuals, or a bias above the first layer.
    """
    arrays, said = {}, {"threshold": str(THRESHOLD), "leak": str(network.setup.leak), "steps": str(network.setup.steps)}
    for number, (name, connection) in enumerate(_forward(network)):
        layer, bias = connection.layer, connection.parameters.get("bias")
        lacking = "pooling without neurons" if layer.pool != 1 else "a residual" if layer.residual else ""
        if bias is not None and (number or layer.kernel) and bool(bias.any()):
            lacking = "a bias that no bias line reaches"
        if lacking:
            raise UserError(f"paper: {name} has {lacking}, which layers in integers have not; train without it to import it")
        factor = connection.scale * (1.0 if number else PAYLOAD_MAX / network.setup.unit)
        arrays[f"{name}.weight"] = (factor * connection.used).detach().cpu().numpy().astype(np.float32)
        if bias is not None and not number:
            arrays[f"{name}.bias"] = bias.detach().cpu().numpy().astype(np.float32)
        if layer.kernel:
            channels, rows, columns = layer.below
            kernel, stride, padding = ((size, size) for size in (layer.kernel, layer.stride, layer.kernel // 2))
            said[f"topology.{name}"] = words(Conv((rows, columns, channels), layer.shape[0], kernel, stride, padding))
    write_whole(path, serialise(arrays, said))


def _forward(network: Network) -> list[tuple[str, Connection]]:
    """Hidden layers and readout by their names, bottom first; the names end in numbers, by which a reader orders them."""
    connections = [*network.connections, network.readout]
    return [(f"layer{number}", connection) for number, connection in enumerate(connections, 1)]
