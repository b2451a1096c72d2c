"""A pooling of a netx file, as slayer writes it; lava-dl's own netx reads none, so that ours are written as `conv`."""
from lava_opzo.errors import UserError, shown
from lava_opzo.export.blocks import one_weight, only_one, pooling
from lava_opzo.export.forward import Layer
from lava_opzo.export.hdf5 import Group
from lava_opzo.export.netx_conv import Image, pair, sizes, smallest
from lava_opzo.export.netx_layer import neurons, refuse_additions
from lava_opzo.export.values import whole_array
from lava_opzo.topology.pool import Pool


def read_pool(group: Group, image: Image | None) -> tuple[Layer, Pool]:
    """(the layer, its topology). image: as for `lava_opzo.export.netx_conv.read_conv`.

    slayer fills an image that its windows do not divide with zeros at its end. Where that makes further outputs, the shape in
    the file is not that of the windows which lie on the image, and is refused.
    """
    owner = group.owner
    refuse_additions(group)
    group.allow("type", "shape", "kernelSize", "stride", "padding", "dilation", "weight", "delay", "neuron")
    kernel, stride, padding = pair(group, "kernelSize", 1), pair(group, "stride", 1), pair(group, "padding", 0)
    only_one(owner, "dilation", sizes(group, "dilation", 1))
    weights, shape = whole_array(owner, group.numbers("weight")), sizes(group, "shape", 1)
    if (weights != weights.flat[0]).any():
        raise UserError(f"{owner}: weights of its pooling differ; on-line learning has one weight for all of a window")
    if image is None:
        image = smallest(group, kernel, stride, padding, shape[0])
    topology = pooling(owner, kernel, image, stride, padding)
    rows, columns, channels = topology.out_shape
    if shape != (channels, rows, columns):
        raise UserError(f"{owner}: shape {shown(shape)} is not the {(channels, rows, columns)} of windows that lie on the image "
                        "below; choose a size that they divide")
    vth, dv = neurons(group.group("neuron"), owner, topology.n_post)
    return Layer(one_weight(owner, weights.flat[0].item()), vth, dv, topology), topology
