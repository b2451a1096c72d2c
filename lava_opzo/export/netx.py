"""lava-dl's netx HDF5: written for `lava.lib.dl.netx.hdf5.Network`, read from what slayer's `export_hdf5` writes.

Format: lava/lib/dl/netx/hdf5.py and slayer/block/base.py of lava-dl 0.6.0.
"""
import io
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export import apart, hdf5
from lava_opzo.export.blocks import Block, blocks
from lava_opzo.export.forward import MOST_STEPS, Forward, check_digest, digest, scales
from lava_opzo.export.netx_layer import NEVER, NO_CURRENT_MEMORY
from lava_opzo.export.netx_stack import read_layers
from lava_opzo.export.seal import sealed
from lava_opzo.export.topologies import words
from lava_opzo.export.values import YES_NO, stagger_of, whole, yes_or_no
from lava_opzo.files.new import refuse_existing, write_new
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.pool import Pool

MOST_LAYERS = 64


def write(path: str | Path, forward: Forward) -> None:
    """Write the network; every scale goes into the attributes of the group `scales`. An existing file is refused.

    Images stand with their channels first, as slayer has them: blocks `input`, `conv`.., `flatten`, `dense`... Pooling is a
    `conv` with as many groups as channels, as `lava.lib.dl.netx` reads no `pool`. Layers with fewer edges that are no such `conv`
    are `dense` with zeros, and an attribute `topology` says which entries are edges.
    """
    refuse_existing(path)
    stack, content = blocks(forward), io.BytesIO()
    with hdf5.library("h5py").File(content, "w") as file:
        file.attrs["sha256"] = digest(forward)
        if forward.spread is not None:
            file.attrs.update({"spread": YES_NO[forward.spread], "stagger": str(forward.stagger)})
        file.create_dataset("simulation/Ts", data=1)
        file.create_dataset("simulation/tSample", data=forward.steps)
        file.create_group("scales").attrs.update(scales(forward))
        layers = file.create_group("layer")
        if stack[0].topology is not None:
            _write_shape(layers, "input", _channels_first(stack[0].topology.shape))
        for block in stack:
            if block.flattened is not None:
                _write_shape(layers, "flatten", [block.weights.shape[1], 1, 1])
            group = layers.create_group(str(len(layers)))
            if block.topology is None:
                _write_dense(group, block)
            else:
                _write_conv(group, block.weights, block.topology)
            _write_neurons(group, block)
    write_new(path, sealed(content.getvalue()))


def _write_shape(layers: Any, kind: str, shape: list[int]) -> None:
    group = layers.create_group(str(len(layers)))
    group.create_dataset("type", (1,), "S10", [kind.encode()])
    group.create_dataset("shape", data=np.array(shape))


def _write_dense(group: Any, block: Block) -> None:
    n_post, n_pre = block.weights.shape
    group.create_dataset("type", (1,), "S10", [b"dense"])
    group.create_dataset("shape", data=np.array([n_post]))
    group.create_dataset("inFeatures", data=n_pre)
    group.create_dataset("outFeatures", data=n_post)
    group.create_dataset("weight", data=block.weights)
    if block.layer.patches is not None:
        group.attrs["topology"] = words(block.layer.patches)


def _write_conv(group: Any, kernels: np.ndarray, topology: Conv | Pool) -> None:
    group.create_dataset("type", (1,), "S10", [b"conv"])
    numbers = {"shape": _channels_first(topology.out_shape), "inChannels": topology.shape[2], "outChannels": topology.channels,
               "kernelSize": topology.kernel, "stride": topology.stride, "padding": topology.padding, "dilation": (1, 1),
               "groups": topology.channels if isinstance(topology, Pool) else 1, "weight": kernels}
    for key, value in numbers.items():
        group.create_dataset(key, data=np.array(value))
    if isinstance(topology, Pool):
        group.attrs["topology"] = words(topology)


def _write_neurons(group: Any, block: Block) -> None:
    layer = block.layer
    neuron = {"type": "CUBA", "iDecay": NO_CURRENT_MEMORY, "vDecay": layer.dv, "refDelay": 1, "gradedSpike": False,
              "vThMant": NEVER if layer.vth is None else layer.vth}
    for key, value in neuron.items():
        group.create_dataset(f"neuron/{key}", data=value)


def _channels_first(shape: tuple[int, int, int]) -> list[int]:
    return [shape[2], shape[0], shape[1]]


def read(path: str | Path) -> Forward:
    """The network of a file (`parse`), read in a process of its own. Raises UserError that names the file."""
    return apart.read("netx", path)


def parse(path: str, content: bytes) -> Forward:
    """The forward network of a netx file whose layers are convolutions and pooling, then dense, all CUBA; the last one becomes
    the readout, without its threshold.

    Raises UserError for a file that cannot be read and for anything that our neurons do not have: it names the layer and the
    value. What is left out where the readout only sums stands in `Forward.notes`.
    """
    with hdf5.opened(path, content) as root:
        root.allow("layer", "simulation", "scales")
        steps = _steps(root.group("simulation")) if "simulation" in root.names() else 0
        stack = root.group("layer")
        names = [str(number) for number in range(len(stack.names()))]
        if stack.names() != sorted(names) or not 0 < len(names) <= MOST_LAYERS:
            raise UserError(f"{path}: layers {shown(stack.names())} are not 0..{MOST_LAYERS - 1} at most; export it again")
        layers, notes = read_layers(path, [stack.group(name) for name in names])
        spread = yes_or_no(path, "spread", root.attribute("spread"))
        forward = Forward(tuple(layers), steps, tuple(notes), spread, stagger_of(path, spread, root.attribute("stagger")))
        return check_digest(path, forward, root.attribute("sha256"))


def _steps(group: hdf5.Group) -> int:
    """K of a window, 0 where the file does not say."""
    group.allow("Ts", "tSample")
    if "tSample" not in group.names():
        return 0
    values = group.numbers("tSample")
    if values.size != 1:
        raise UserError(f"{group.owner}: tSample has shape {values.shape}; one number is needed, export it again")
    return whole(group.owner, "tSample", values.item(), 0, MOST_STEPS, "steps of a window; export it again")
