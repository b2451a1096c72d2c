"""The one table from the topology of a layer's weights to the Lava Process that has it; all number systems share them."""
from typing import Any

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.silicon.profile import PAYLOAD_MAX, TRACE_MAX
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import Dense
from lava_opzo.topology.edges import Topology
from lava_opzo.topology.local import Local
from lava_opzo.topology.matrix import holders, matrix
from lava_opzo.topology.pool import Pool
from process_models.opzo_conv.process import OpzoConv
from process_models.opzo_dense.process import OpzoDense
from process_models.opzo_dense_readout.process import OpzoDenseReadout
from process_models.opzo_local.process import OpzoLocal
from process_models.opzo_pool.process import OpzoPool

HIDDEN = {"fast": {Dense: OpzoDense, Local: OpzoLocal, Conv: OpzoConv, Pool: OpzoPool},
          "stock": {Dense: OpzoDense, Local: OpzoDense, Pool: OpzoDense}}
"""Kind -> topology of the weights -> the Process of a hidden layer."""

READOUT = {Dense: OpzoDenseReadout}
"""Topology of the weights that learn -> the Process of the output layer."""


def process_of(table: dict[type, type], connection: Connection) -> type:
    """The Process that a table has for a connection. Raises UserError for a topology that it lacks."""
    kind = type(connection.topology)
    if kind not in table and connection.topology.shared and Local in table:
        raise UserError(f"connection '{connection.name}': no connection of stock Lava learns shared weights, topology "
                        f"{kind.__name__}; give it its Local form, Conv.unrolled(), or choose the engine 'fast' or 'in-the-loop'")
    if kind not in table:
        raise UserError(f"connection '{connection.name}': Lava has no Process for its topology {kind.__name__} here, only for "
                        f"{', '.join(known.__name__ for known in table)}; choose one of them, or the engine 'twin'")
    return table[kind]


def in_matrix(kind: str, topology: Topology) -> tuple[np.ndarray, np.ndarray] | None:
    """Where the weights of a state lie in the Var of their connection, as `holders`; None where the Var has their own shape.

    Stock Lava keeps local weights and pooling in a dense matrix: a Var of its `Sparse` cannot be probed, and a port of its
    `Conv` takes no line after the image.
    """
    return holders(topology) if kind == "stock" and not isinstance(topology, Dense) else None


def given_weights(kind: str, connection: Connection, weights: np.ndarray) -> dict[str, Any]:
    """How the Process that a table has for a connection is given its weights, which are those of a state."""
    topology = connection.topology
    if isinstance(topology, Dense):
        return {"weights": weights}
    if kind == "stock":
        mask = {} if isinstance(topology, Pool) else {"mask": matrix(topology, np.ones(topology.weight_shape, np.int32))}
        return {"weights": matrix(topology, weights), **mask}
    return {"topology": topology, "weights": weights}


def message_bits(network: Network, connection: Connection) -> int:
    """num_message_bits of a connection: 4 for payloads of the input, 7 for errors of the readout, 0 for spikes."""
    teachers = dict.fromkeys((readout.name for readout in network.readouts), TRACE_MAX.bit_length())
    return {network.input.name: PAYLOAD_MAX.bit_length(), **teachers}.get(connection.source, 0)
