"""A network of images on the lines of a data set: files say neither its bias line nor, always, how large its images are."""
from dataclasses import replace
from math import prod

from lava_opzo.errors import UserError
from lava_opzo.export.forward import Forward
from lava_opzo.export.topologies import ImageLayer
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.pool import Pool


def fitted(forward: Forward, shape: tuple[int, ...] | None, lines: int) -> Forward:
    """The network with the image and the bias line of a data set, where that changes nothing that it computes.

    shape: rows, columns and channels of the data set's image, None for none. lines: of its samples. What does not fit stays as it
    is. A line of the notes says what was changed.
    """
    first = forward.layers[0]
    if first.patches is None or shape is None or len(shape) != 3 or lines == forward.n_in:
        return forward
    patches, notes = first.patches, []
    if isinstance(patches, (Conv, Pool)) and patches.shape != shape:
        patches = _on_image(patches, shape)
        if patches.shape == shape:
            sizes = ["x".join(map(str, size)) for size in (shape, first.patches.shape)]
            notes.append(f"layer 1: the image of the data set, {sizes[0]} (rows x columns x channels), for {sizes[1]}; the "
                         "output has the same size")
    if patches.lines == 0 and lines == prod(patches.shape) + 1:
        patches = replace(patches, lines=1)
        notes.append("layer 1: the bias line of the data set reaches no neuron")
    layers = (replace(first, patches=patches), *forward.layers[1:])
    return Forward(layers, forward.steps, (*forward.notes, *notes), forward.spread, forward.stagger)


def _on_image(patches: ImageLayer, shape: tuple[int, ...]) -> ImageLayer:
    """The same on an image of another size, where its output keeps its size."""
    try:
        other = replace(patches, shape=(shape[0], shape[1], shape[2]))
    except UserError:
        return patches
    same = other.shape[2] == patches.shape[2] and other.out_shape == patches.out_shape
    return other if same else patches
