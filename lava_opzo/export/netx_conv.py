"""A convolution of a netx file, as slayer writes it, read strictly: whatever our image layers do not have is refused by name."""
import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export.blocks import convolution, from_kernels, one_weight, only_one, pooling
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.netx_layer import neurons, refuse_additions
from lava_opzo.export.topologies import understood
from lava_opzo.export.values import whole, whole_array
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.dense import MAX_NEURONS
from lava_opzo.topology.pool import Pool

Image = tuple[int, int, int]


def read_conv(group: Group, image: Image | None) -> tuple[Layer, Conv | Pool]:
    """(the layer, its topology). image: rows, columns and channels below; None where the file does not say it.

    Then it is the smallest that gives the output which the file says, of which there are several where the stride is above 1.
    Equal weights with a group for each channel are pooling.
    """
    owner = group.owner
    refuse_additions(group)
    group.allow("type", "shape", "inChannels", "outChannels", "kernelSize", "stride", "padding", "dilation", "groups", "weight",
                "delay", "neuron")
    kernels = _kernels(group)
    stride, padding = pair(group, "stride", 1), pair(group, "padding", 0)
    pools = _pools(group, kernels)
    for name in ("dilation",) if pools else ("dilation", "groups"):
        only_one(owner, name, sizes(group, name, 1))
    size = (kernels.shape[2], kernels.shape[3])
    if image is None:
        image = smallest(group, size, stride, padding, len(kernels) if pools else kernels.shape[1])
    topology = pooling(owner, size, image, stride, padding) if pools else convolution(owner, kernels, image, stride, padding)
    rows, columns, channels = topology.out_shape
    for key, expected in (("shape", (channels, rows, columns)), ("inChannels", (image[2],)), ("outChannels", (channels,)),
                          ("kernelSize", topology.kernel)):
        if key in group.names() and sizes(group, key, 1) != expected:
            raise UserError(f"{owner}: {key} {shown(sizes(group, key, 1))} is not the {expected} of its weights and the image "
                            "below; export it again")
    vth, dv = neurons(group.group("neuron"), owner, topology.n_post)
    weights = one_weight(owner, kernels.flat[0].item()) if pools else from_kernels(kernels)
    return Layer(weights, vth, dv, topology), topology


def _pools(group: Group, kernels: np.ndarray) -> bool:
    """Whether every channel has a group of its own and all weights are equal.

    A single channel is a plain convolution as well, so that a file of ours says beside it that it pools.
    """
    n = len(kernels)
    if kernels.shape[1] != 1 or set(sizes(group, "groups", 1)) != {n} or (kernels != kernels.flat[0]).any():
        return False
    said = group.attribute("topology")
    return n > 1 or said is not None and isinstance(understood(group.owner, said), Pool)


def _kernels(group: Group) -> np.ndarray:
    """int32 (channels, channels below, rows, columns). slayer's further dimension is 1."""
    values = group.numbers("weight")
    if values.ndim == 5 and values.shape[4] == 1:
        values = values[..., 0]
    if values.ndim != 4:
        raise UserError(f"{group.owner}: weights of shape {shown(values.shape)} are not kernels (channels, channels below, rows, "
                        "columns); export it again")
    return whole_array(group.owner, values)


def smallest(group: Group, kernel: tuple[int, int], stride: tuple[int, int], padding: tuple[int, int], channels: int) -> Image:
    """The smallest image of so many channels below that gives the output of the file."""
    shape = sizes(group, "shape", 1)
    if len(shape) != 3:
        raise UserError(f"{group.owner}: shape {shown(shape)} is not channels, rows and columns; export it again")
    rows, columns = ((shape[1 + axis] - 1) * stride[axis] + kernel[axis] - 2 * padding[axis] for axis in range(2))
    return max(1, rows), max(1, columns), channels


def pair(group: Group, name: str, lowest: int) -> tuple[int, int]:
    """Rows and columns; one number stands for both."""
    first, *others = sizes(group, name, lowest)
    if len(others) > 1:
        raise UserError(f"{group.owner}: {name} {shown((first, *others))} is not rows and columns; export it again")
    return first, others[0] if others else first


def sizes(group: Group, name: str, lowest: int) -> tuple[int, ...]:
    """The whole numbers of that name."""
    return tuple(whole(group.owner, name, value, lowest, MAX_NEURONS, "; export it again")
                 for value in group.numbers(name).ravel().tolist())
