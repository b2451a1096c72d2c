"""Conv2d and Flatten of a NIR graph, read strictly: whatever our image layers do not have is refused by name."""
import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.export.blocks import convolution, from_kernels, only_one
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.nir_nodes import HARMLESS, read_neurons
from lava_opzo.export.values import product, whole, whole_array
from lava_opzo.topology.dense import MAX_NEURONS

Image = tuple[int, int, int]


def image_of(node: Group) -> Image | None:
    """Rows, columns and channels of an Input that says channels, rows and columns; None for any other."""
    if "shape" not in node.names() or node.numbers("shape").size != 3:
        return None
    product(node.owner, "shape", node.numbers("shape"))
    channels, rows, columns = map(int, node.numbers("shape").ravel().tolist())
    return rows, columns, channels


def read_conv(conv: Group, neurons: Group, image: Image | None) -> tuple[Layer, list[str], Image]:
    """(kernels with the neurons above them, lines about what is rounded, their image).

    image: rows, columns and channels below, None where no other node says them.
    """
    owner = conv.owner
    conv.allow(*HARMLESS, "input_shape", "weight", "stride", "padding", "dilation", "groups", "bias")
    kernels = conv.numbers("weight")
    if kernels.ndim != 4:
        raise UserError(f"{owner}: weights of shape {shown(kernels.shape)} are not kernels (channels, channels below, rows, "
                        "columns); export it again")
    kernels = whole_array(owner, kernels)
    if "bias" in conv.names() and np.any(conv.numbers("bias")):
        raise UserError(f"{owner}: has a bias; train it without one (bias=False)")
    for name in ("dilation", "groups"):
        only_one(owner, name, pair(conv, name, 1))
    stride = pair(conv, "stride", 1)
    topology = convolution(owner, kernels, _below(conv, kernels, image), stride, _padding(conv, kernels, stride))
    rows, columns, channels = topology.out_shape
    vth, dv, notes = read_neurons(neurons, (channels, rows, columns))
    return Layer(from_kernels(kernels), vth, dv, topology), notes, topology.out_shape


def read_flatten(node: Group) -> None:
    """Refuse a Flatten that leaves dimensions; some writers count a dimension of samples before the channels."""
    node.allow(*HARMLESS, "start_dim", "end_dim")
    start, end = (node.numbers(name).ravel().tolist() if name in node.names() else [usual]
                  for name, usual in (("start_dim", 0), ("end_dim", -1)))
    if start not in ([0], [1]) or end not in ([-1], [2], [3]):
        raise UserError(f"{node.owner}: flattens dimensions {shown(start)} to {shown(end)}, not all of an image; export it again")


def _below(conv: Group, kernels: np.ndarray, image: Image | None) -> Image:
    """Rows, columns and channels below: those of the node itself, which must be those of the layer below where that is known."""
    said = "input_shape" in conv.names()
    if not said and image is None:
        raise UserError(f"{conv.owner}: has no input_shape, and no Input says it; write rows and columns of the image below")
    own = (*pair(conv, "input_shape", 1), kernels.shape[1]) if said else image
    assert own is not None, "one of them says it"
    if image is not None and own != image:
        raise UserError(f"{conv.owner}: takes {own[2]} x {own[0]} x {own[1]} (channels, rows, columns), the image below has "
                        f"{image[2]} x {image[0]} x {image[1]}; export it again")
    return own


def _padding(conv: Group, kernels: np.ndarray, stride: tuple[int, int]) -> tuple[int, int]:
    """Padding in numbers: `valid` has none, `same` half of an odd kernel."""
    if not conv.is_text("padding"):
        return pair(conv, "padding", 0)
    word, (rows, columns) = conv.text("padding"), kernels.shape[2:]
    if word == "valid":
        return 0, 0
    if word != "same" or stride != (1, 1) or not rows % 2 or not columns % 2:
        raise UserError(f"{conv.owner}: padding {shown(repr(word))} with kernel {rows} x {columns} and stride {stride} is not "
                        "the same on all sides; write it as numbers")
    return rows // 2, columns // 2


def pair(conv: Group, name: str, lowest: int) -> tuple[int, int]:
    """Rows and columns of a node; one number stands for both."""
    found = conv.numbers(name).ravel().tolist()
    if len(found) > 2:
        raise UserError(f"{conv.owner}: {name} {shown(found)} is not rows and columns; export it again")
    first, second = (whole(conv.owner, name, value, lowest, MAX_NEURONS, "; export it again") for value in (found[0], found[-1]))
    return first, second
