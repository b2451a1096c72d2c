"""One layer of a netx file, read strictly: whatever our neurons do not have is refused by name."""
import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.values import one_value, product, weight_matrix, whole
from lava_opzo.silicon.limits import LIMITS

NO_CURRENT_MEMORY = 4096
"""iDecay of a neuron whose current is its input of the same step (du = iDecay - 1 in netx)."""

NEVER = LIMITS.vth_mantissa.number
"""vThMant of the readout: a sum that never spikes while it stays within 17 bits."""

UNREACHED = (1 << 18) - 1
"""vThMant that slayer writes for a layer that shall never spike."""


SHAPE_ONLY = ("input", "flatten")
"""Blocks that compute nothing."""


def read_shape(group: Group, kind: str) -> list[int]:
    """The sizes of an input or a flattening, empty where it has none. Raises UserError for one that computes something."""
    for key in group.names():
        if key not in ("type", "shape"):
            raise UserError(f"{group.owner}: type '{kind}' with {shown(repr(key))} computes something; on-line learning takes "
                            "payloads as they are, export the network without it")
    if "shape" not in group.names():
        return []
    shape = group.numbers("shape").ravel()
    product(group.owner, "shape", shape)
    return [int(size) for size in shape.tolist()]


def refuse_additions(group: Group) -> None:
    """Raise UserError for what a layer of slayer may have beside its weights, and ours have not."""
    owner, present = group.owner, group.names()
    if "bias" in present:
        raise UserError(f"{owner}: has a bias; use one more input that is always on instead")
    if "weight_rec" in present:
        raise UserError(f"{owner}: has recurrent weights; on-line learning has layers that follow each other only")
    if "delay" in present and np.any(group.numbers("delay")):
        raise UserError(f"{owner}: has synaptic delays; train it with delay=False")


def read_dense(group: Group, last: bool) -> tuple[Layer, list[str]]:
    """(the layer, lines about what is left out). last: it becomes the readout, which only sums."""
    owner, present = group.owner, group.names()
    refuse_additions(group)
    group.allow("type", "shape", "inFeatures", "outFeatures", "weight", "delay", "neuron")
    weights = _weights(group)
    for key, n in (("shape", weights.shape[0]), ("outFeatures", weights.shape[0]), ("inFeatures", weights.shape[1])):
        if key in present and product(owner, key, group.numbers(key)) != n:
            raise UserError(f"{owner}: {key} {shown(group.numbers(key).tolist())} is not the {n} of its weights; export it again")
    vth, dv = neurons(group.group("neuron"), owner, weights.shape[0], last)
    if not last:
        return Layer(weights, vth, dv), []
    part = owner[owner.rfind("layer "):]
    notes = []
    if vth not in (NEVER, UNREACHED):
        notes.append(f"{part}: becomes the readout, which only sums; its threshold {vth} is left out")
    if dv:
        notes.append(f"{part}: becomes the readout, which does not leak; its vDecay {dv} is left out")
    return Layer(weights, None), notes


def _weights(group: Group) -> np.ndarray:
    """int32 (n_post, n_pre). A flat list is cut into rows, as netx does; slayer's further dimensions are 1."""
    values = group.numbers("weight")
    if values.ndim == 1 and "shape" in group.names():
        n_post = product(group.owner, "shape", group.numbers("shape"))
        if values.size % n_post:
            raise UserError(f"{group.owner}: {values.size} weights are no rows for {n_post} neurons; export it again")
        values = values.reshape(n_post, -1)
    if values.ndim > 2 and set(values.shape[2:]) == {1}:
        values = values.reshape(values.shape[:2])
    return weight_matrix(group.owner, values)


def neurons(group: Group, owner: str, n: int, last: bool = False) -> tuple[int, int]:
    """(vth, dv) of n CUBA neurons. owner: of the layer. last: the threshold may be one that is never reached."""
    kind = group.text("type")
    if kind not in ("CUBA", "LOIHI"):
        raise UserError(f"{owner}: neuron {shown(repr(kind))} is not CUBA; train it with slayer.block.cuba")
    group.allow("type", "iDecay", "vDecay", "vThMant", "refDelay", "gradedSpike", "messageBits")
    present = group.names()

    def value(key: str) -> float:
        return one_value(owner, key, group.numbers(key), n)

    if value("iDecay") != NO_CURRENT_MEMORY:
        raise UserError(f"{owner}: iDecay {value('iDecay')} is not {NO_CURRENT_MEMORY}; train it with current_decay=1")
    if "refDelay" in present and value("refDelay") != 1:
        raise UserError(f"{owner}: refDelay {value('refDelay')} is not 1; train it without a refractory time")
    for key in ("gradedSpike", "messageBits"):
        if key in present and value(key) != 0:
            raise UserError(f"{owner}: {key} {value(key)} is not 0; train it with spikes of 0 and 1")
    dv = whole(owner, "vDecay", value("vDecay"), 0, LIMITS.decay.number, "12 bits; train it with a slower decay")
    vth = whole(owner, "vThMant", value("vThMant"), 1, UNREACHED if last else NEVER, "17 bits; scale threshold and weights")
    return vth, dv
