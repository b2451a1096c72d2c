"""Layers as other tools have them: images, channels first, that are convolved or pooled, then all-to-all layers above them."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.export.forward import Forward, Layer
from lava_opzo.export.topologies import as_matrix
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.pool import Pool

MOST_POOL = 254
"""The largest weight of pooling: twice the largest `Connection.sigma`."""


@dataclass(frozen=True, eq=False)
class Block:
    """One layer in the order of other tools. topology: of a convolution or of pooling, None for all to all.

    flattened: rows, columns and channels of the image below that becomes a list, channels first, before this layer takes it.

    Shapes:
        weights: int32 (channels, channels below, kernel rows, kernel columns) of a convolution, of pooling with 1 in the place of
        the channels below, else (n_post, n_pre).
    """

    layer: Layer
    weights: np.ndarray
    topology: Conv | Pool | None = None
    flattened: tuple[int, int, int] | None = None


def blocks(forward: Forward, square: bool = False) -> list[Block]:
    """The layers of a network, bottom first: convolutions without a bias and pooling at the bottom stay such, everything else is
    all to all.

    square: a kernel with other rows than columns makes a convolution all to all, too.
    Raises UserError for a layer that would be too large all to all.
    """
    found: list[Block] = []
    image: tuple[int, int, int] | None = None
    for number, layer in enumerate(forward.layers, 1):
        patches = layer.patches
        on_image = isinstance(patches, (Conv, Pool)) and not patches.lines and (number == 1 or patches.shape == image)
        narrow = square and isinstance(patches, Conv) and patches.kernel[0] != patches.kernel[1]
        if isinstance(patches, (Conv, Pool)) and on_image and not narrow:
            found.append(Block(layer, to_kernels(patches, layer.weights), patches))
            image = patches.out_shape
            continue
        matrix = layer.weights if patches is None else as_matrix(f"layer {number}", patches, layer.weights)
        found.append(Block(layer, matrix if image is None else channels_first(image, matrix), None, image))
        image = None
    return found


def to_kernels(topology: Conv | Pool, weights: np.ndarray) -> np.ndarray:
    """Shared weights without a bias as pictures.

    Shapes:
        weights: topology.weight_shape. Returns (channels, channels below, rows, columns), of pooling with 1 channel below.
    """
    if isinstance(topology, Pool):
        return np.full((topology.channels, 1, *topology.kernel), weights.item(), weights.dtype)
    return weights.reshape(topology.channels, *topology.kernel, topology.shape[2]).transpose(0, 3, 1, 2)


def from_kernels(kernels: np.ndarray) -> np.ndarray:
    """The inverse of `to_kernels`."""
    return np.ascontiguousarray(kernels.transpose(0, 2, 3, 1).reshape(len(kernels), -1))


def channels_first(image: tuple[int, int, int], matrix: np.ndarray) -> np.ndarray:
    """The same layer for an image below that is flattened as (channels, rows, columns). Shapes: (n_post, n_pre) in and out."""
    return np.ascontiguousarray(matrix.reshape(len(matrix), *image).transpose(0, 3, 1, 2).reshape(matrix.shape))


def channels_last(image: tuple[int, int, int], matrix: np.ndarray) -> np.ndarray:
    """The inverse of `channels_first`."""
    rows, columns, channels = image
    return np.ascontiguousarray(matrix.reshape(-1, channels, rows, columns).transpose(0, 2, 3, 1).reshape(matrix.shape))


def convolution(owner: str, kernels: np.ndarray, image: tuple[int, int, int], stride: tuple[int, int],
                padding: tuple[int, int]) -> Conv:
    """The topology of kernels on an image. Raises UserError that begins with `owner` for a geometry without a meaning.

    Shapes:
        kernels: (channels, channels below, rows, columns).
    """
    if kernels.shape[1] != image[2]:
        raise UserError(f"{owner}: kernels of {kernels.shape[1]} channels do not meet the {image[2]} of the image below; export "
                        "it again")
    try:
        return Conv(image, kernels.shape[0], (kernels.shape[2], kernels.shape[3]), stride, padding)
    except UserError as error:
        raise UserError(f"{owner}: {error}") from None


def pooling(owner: str, kernel: tuple[int, int], image: tuple[int, int, int], stride: tuple[int, int],
            padding: tuple[int, int]) -> Pool:
    """The topology of pooling an image. Raises UserError that begins with `owner` for a geometry without a meaning."""
    try:
        return Pool(image, image[2], kernel, stride, padding)
    except UserError as error:
        raise UserError(f"{owner}: {error}") from None


def one_weight(owner: str, weight: float) -> np.ndarray:
    """The weight of pooling as a state has it, int32 (1, 1). Raises UserError for one that is not even or out of range."""
    if weight % 2 or not 2 <= weight <= MOST_POOL:
        raise UserError(f"{owner}: weight {weight} of its pooling is no even number in 2..{MOST_POOL}; scale it and its vth")
    return np.array([[int(weight)]], np.int32)


def only_one(owner: str, name: str, values: tuple[int, ...]) -> None:
    """Raise UserError for a dilation or groups other than 1."""
    if set(values) != {1}:
        said = values[0] if len(set(values)) == 1 else values
        raise UserError(f"{owner}: {name} {said} is not 1; on-line learning has plain convolutions, train it with {name}=1")
