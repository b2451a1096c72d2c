"""SumPool2d of a NIR graph. It has no weights, so that the threshold above it stands in arrivals, not in weight units."""
from lava_opzo.errors import UserError
from lava_opzo.export.blocks import one_weight, pooling
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.nir_conv import Image, pair
from lava_opzo.export.nir_nodes import HARMLESS, read_neurons
from lava_opzo.export.values import decimal

WEIGHT = "weight"
"""Key of the metadata of a SumPool2d: our weight, by which the threshold above it was divided."""

LEAST = 2
"""The weight where a file does not say one."""

MOST = 1000


def read_pool(node: Group, neurons: Group, image: Image | None) -> tuple[Layer, list[str], Image]:
    """(pooling with the neurons above it, lines about what is rounded, their image). image: as for `nir_conv.read_conv`."""
    owner = node.owner
    node.allow(*HARMLESS, "kernel_size", "stride", "padding")
    if image is None:
        raise UserError(f"{owner}: no Input says rows and columns of the image below; write them")
    said = node.group("metadata") if "metadata" in node.names() else None
    word = said.text(WEIGHT) if said is not None and WEIGHT in said.names() else str(LEAST)
    weights = one_weight(owner, decimal(owner, WEIGHT, word, MOST))
    topology = pooling(owner, pair(node, "kernel_size", 1), image, pair(node, "stride", 1), pair(node, "padding", 0))
    rows, columns, channels = topology.out_shape
    vth, dv, notes = read_neurons(neurons, (channels, rows, columns), weights.item())
    return Layer(weights, vth, dv, topology), notes, topology.out_shape
