"""lava-dl's netx HDF5: written for `lava.lib.dl.netx.hdf5.Network`, read from what slayer's `export_hdf5` writes.

Format: lava/lib/dl/netx/hdf5.py and slayer/block/base.py of lava-dl 0.6.0.
"""
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.export.forward import Forward, Layer, scales
from lava_opzo.silicon.limits import LIMITS

NO_CURRENT_MEMORY = 4096
"""iDecay of a neuron whose current is its input of the same step (du = iDecay - 1 in netx)."""

NEVER = LIMITS.vth_mantissa.number
"""vThMant of the readout: a sum that never spikes while it stays within 17 bits."""


def write(path: str | Path, forward: Forward) -> None:
    """Write the network; every scale goes into the attributes of the group `scales`. An existing file is refused."""
    import h5py

    try:
        with h5py.File(path, "x") as file:
            file.create_dataset("simulation/Ts", data=1)
            file.create_dataset("simulation/tSample", data=forward.steps)
            file.create_group("scales").attrs.update(scales(forward))
            for i, layer in enumerate(forward.layers):
                _write_layer(file.create_group(f"layer/{i}"), layer)
    except OSError as error:
        raise UserError(f"{path}: cannot be written: {error}; choose a new file name") from None


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
    """The forward network of a netx file whose layers are dense CUBA; the last one becomes the readout, without its threshold.

    Raises UserError for a file that cannot be read and for anything that our neurons do not have: it names the layer and the
    value.
    """
    import h5py

    try:
        with h5py.File(path, "r") as file:
            groups = [file["layer"][str(i)] for i in range(len(file["layer"]))]
            dense = [(i, group) for i, group in enumerate(groups) if _text(group["type"]) not in ("input", "flatten")]
            layers = [_read_layer(f"{path}: layer {i}", group, last=i == dense[-1][0]) for i, group in dense]
            steps = int(file["simulation/tSample"][()]) if "simulation/tSample" in file else 0
    except (OSError, KeyError) as error:
        raise UserError(f"{path}: cannot be read as a netx file: {error}; export it again with slayer's export_hdf5") from None
    return Forward(tuple(layers), steps)


def _text(dataset: Any) -> str:
    return np.ravel(dataset[()])[0].decode("ascii")


def _read_layer(owner: str, group: Any, last: bool) -> Layer:
    kind = _text(group["type"])
    if kind != "dense":
        raise UserError(f"{owner}: type '{kind}' is not 'dense'; on-line learning has fully connected layers only")
    if "delay" in group and np.any(group["delay"][()]):
        raise UserError(f"{owner}: has synaptic delays; train it with delay=False")
    if "bias" in group:
        raise UserError(f"{owner}: has a bias; use one more input that is always on instead")
    neuron = group["neuron"]
    if _text(neuron["type"]) not in ("CUBA", "LOIHI"):
        raise UserError(f"{owner}: neuron '{_text(neuron['type'])}' is not CUBA; train it with slayer.block.cuba")
    values = {key: np.unique(neuron[key][()]) for key in ("iDecay", "vDecay", "vThMant")}
    for key, value in values.items():
        if value.size != 1:
            raise UserError(f"{owner}: {key} differs between neurons; train it with shared_param=True")
    if int(values["iDecay"][0]) != NO_CURRENT_MEMORY:
        raise UserError(f"{owner}: iDecay {int(values['iDecay'][0])} is not {NO_CURRENT_MEMORY}; train it with current_decay=1")
    weights = group["weight"][()]
    if np.any(weights != np.rint(weights)):
        raise UserError(f"{owner}: weights are not whole numbers; export it with slayer's quantisation")
    weights = weights.astype(np.int32).reshape(weights.shape[0], -1)
    return Layer(weights, None if last else int(values["vThMant"][0]), int(values["vDecay"][0]))
