"""lava-dl's netx HDF5: written for `lava.lib.dl.netx.hdf5.Network`, read from what slayer's `export_hdf5` writes.

Format: lava/lib/dl/netx/hdf5.py and slayer/block/base.py of lava-dl 0.6.0.
"""
import io
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export import apart, hdf5
from lava_opzo.export.forward import MOST_STEPS, Forward, Layer, check_digest, digest, scales
from lava_opzo.export.netx_layer import NEVER, NO_CURRENT_MEMORY, check_shape_only, read_layer
from lava_opzo.export.seal import sealed
from lava_opzo.export.values import whole
from lava_opzo.files.new import refuse_existing, write_new

MOST_LAYERS = 64


def write(path: str | Path, forward: Forward) -> None:
    """Write the network; every scale goes into the attributes of the group `scales`. An existing file is refused."""
    refuse_existing(path)
    content = io.BytesIO()
    with hdf5.library("h5py").File(content, "w") as file:
        file.attrs["sha256"] = digest(forward)
        file.create_dataset("simulation/Ts", data=1)
        file.create_dataset("simulation/tSample", data=forward.steps)
        file.create_group("scales").attrs.update(scales(forward))
        for i, layer in enumerate(forward.layers):
            _write_layer(file.create_group(f"layer/{i}"), layer)
    write_new(path, sealed(content.getvalue()))


def _write_layer(group: Any, layer: Layer) -> None:
    n_post, n_pre = layer.weights.shape
    group.create_dataset("type", (1,), "S10", [b"dense"])
    group.create_dataset("shape", data=np.array([n_post]))
    group.create_dataset("inFeatures", data=n_pre)
    group.create_dataset("outFeatures", data=n_post)
    group.create_dataset("weight", data=layer.weights)
    neuron = {"type": "CUBA", "iDecay": NO_CURRENT_MEMORY, "vDecay": layer.dv, "refDelay": 1, "gradedSpike": False,
              "vThMant": NEVER if layer.vth is None else layer.vth}
    for key, value in neuron.items():
        group.create_dataset(f"neuron/{key}", data=value)


def read(path: str | Path) -> Forward:
    """The network of a file (`parse`), read in a process of its own. Raises UserError that names the file."""
    return apart.read("netx", path)


def parse(path: str, content: bytes) -> Forward:
    """The forward network of a netx file whose layers are dense CUBA; the last one becomes the readout, without its threshold.

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
        groups = [stack.group(name) for name in names]
        kinds = [group.text("type") for group in groups]
        layers: list[Layer] = []
        notes: list[str] = []
        last = max((number for number, kind in enumerate(kinds) if kind not in ("input", "flatten")), default=-1)
        for number, (group, kind) in enumerate(zip(groups, kinds, strict=True)):
            group.owner = f"{path}: layer {number}"
            if kind in ("input", "flatten"):
                notes += check_shape_only(group, kind, number)
            else:
                layer, changed = read_layer(group, kind, number == last)
                layers.append(layer)
                notes += changed
        return check_digest(path, Forward(tuple(layers), steps, tuple(notes)), root.attribute("sha256"))


def _steps(group: hdf5.Group) -> int:
    """K of a window, 0 where the file does not say."""
    group.allow("Ts", "tSample")
    if "tSample" not in group.names():
        return 0
    values = group.numbers("tSample")
    if values.size != 1:
        raise UserError(f"{group.owner}: tSample has shape {values.shape}; one number is needed, export it again")
    return whole(group.owner, "tSample", values.item(), 0, MOST_STEPS, "steps of a window; export it again")
