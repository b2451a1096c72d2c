"""The layers of a netx file, from the input up: images first, a flattening, then lists of neurons."""
from lava_opzo.errors import UserError, shown
from lava_opzo.export.blocks import channels_last
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.netx_conv import Image, read_conv
from lava_opzo.export.netx_layer import SHAPE_ONLY, read_dense, read_shape
from lava_opzo.export.netx_pool import read_pool
from lava_opzo.export.topologies import from_matrix, understood

ON_IMAGES = {"conv": read_conv, "pool": read_pool}


def read_layers(path: str, groups: list[Group]) -> tuple[list[Layer], list[str]]:
    """(layers with weights, lines about what is left out). Raises UserError for a stack that is no chain of such layers."""
    kinds = [group.text("type") for group in groups]
    computing = [number for number, kind in enumerate(kinds) if kind not in SHAPE_ONLY]
    images = bool(computing) and kinds[computing[0]] in ON_IMAGES
    layers: list[Layer] = []
    notes: list[str] = []
    image: Image | None = None
    flattened = False
    for number, (group, kind) in enumerate(zip(groups, kinds, strict=True)):
        group.owner = f"{path}: layer {number}"
        if kind in SHAPE_ONLY:
            shape = read_shape(group, kind)
            if not images:
                notes += _order_of_lines(number, kind, shape)
            elif kind == "input":
                image = _image(group, shape, number)
            flattened = flattened or kind == "flatten"
        elif kind in ON_IMAGES:
            if layers and (image is None or flattened):
                raise UserError(f"{group.owner}: is {'pooling' if kind == 'pool' else 'a convolution'} of neurons that are no "
                                "image; files have convolutions at the bottom only, retrain it with dense layers above them")
            layer, topology = ON_IMAGES[kind](group, image)
            layers.append(layer)
            image = topology.out_shape
        elif kind == "dense":
            layer, said = read_dense(group, number == computing[-1])
            layers.append(_in_our_order(group, layer, image, flattened))
            notes += said
            image = None
        else:
            raise UserError(f"{group.owner}: type {shown(repr(kind))} is not 'dense', 'conv' or 'pool'; on-line learning "
                            "has fully connected layers, convolutions and pooling only")
    return layers, notes


def _in_our_order(group: Group, layer: Layer, image: Image | None, flattened: bool) -> Layer:
    """A dense layer whose columns follow the image below with its channels last; local or shared where the file says so."""
    matrix = layer.weights
    if image is not None:
        if not flattened:
            raise UserError(f"{group.owner}: is dense above an image that nothing flattens; put a block Flatten between")
        if image[0] * image[1] * image[2] != matrix.shape[1]:
            raise UserError(f"{group.owner}: {matrix.shape[1]} inputs are not the {image[2]} x {image[0]} x {image[1]} neurons "
                            "below; export it again")
        matrix = channels_last(image, matrix)
    said = group.attribute("topology")
    if said is None:
        return Layer(matrix, layer.vth, layer.dv)
    patches = understood(group.owner, said)
    return Layer(from_matrix(group.owner, patches, matrix), layer.vth, layer.dv, patches)


def _image(group: Group, shape: list[int], number: int) -> Image:
    if number or len(shape) != 3:
        raise UserError(f"{group.owner}: an 'input' of shape {shown(shape)} is not the first layer with channels, rows and "
                        "columns; export it again")
    return shape[1], shape[2], shape[0]


def _order_of_lines(number: int, kind: str, shape: list[int]) -> list[str]:
    if sum(size > 1 for size in shape) < 2:
        return []
    return [f"layer {number}: '{kind}' of shape {shown(shape)} is left out; input lines are taken in the order of that shape"]
