"""The text that describes hidden layers, as `64c3,p2,128c3r,g`, and what it means.

    800      all to all, 800 neurons
    64c3     convolution, 64 channels, kernel 3 x 3, as many rows and columns as below
    64c3s2   the same with stride 2
    ...r     a residual: the layer sends its spikes plus what it received, which needs equal sizes
    p2       what is sent upwards from here is averaged over 2 x 2 pixels
    g        at the end: the readout sees the mean of every channel
"""
import re
from dataclasses import dataclass, replace
from math import prod

from lava_opzo.errors import UserError, shown

WORD = re.compile(r"(?P<pool>p(?P<by>\d{1,3}))|(?P<mean>g)|"
                  r"(?P<size>\d{1,6})(c(?P<kernel>\d{1,2})(s(?P<stride>\d{1,2}))?)?(?P<residual>r)?")
MOST_LAYERS = 100

Shape = tuple[int, ...]
"""(neurons,), or (channels, rows, columns)."""


@dataclass(frozen=True)
class Layer:
    """One connection and the neurons above it.

    below: shape of what is sent from below, arriving: after pooling by `pool` (0: the mean of a channel), shape: of the neurons.
    kernel: 0 where it is all to all. residual: whether what arrives is sent on beside the spikes.
    """

    below: Shape
    shape: Shape
    pool: int = 1
    kernel: int = 0
    stride: int = 1
    residual: bool = False

    @property
    def arriving(self) -> Shape:
        """The shape of what arrives, after pooling."""
        if self.pool == 1:
            return self.below
        channels, rows, columns = self.below
        return (channels, rows // self.pool, columns // self.pool) if self.pool else (channels,)

    @property
    def fan_in(self) -> int:
        """Synapses of one neuron."""
        return self.arriving[0] * self.kernel**2 if self.kernel else prod(self.arriving)


def parsed(text: str, shape: Shape, n_out: int) -> list[Layer]:
    """The hidden layers of a network and its readout, the last one. shape: of the input.

    Raises UserError for a word that says nothing, and where images are too small or sizes do not fit.
    """
    layers: list[Layer] = []
    pool = 1
    for word in text.replace(" ", "").split(","):
        found = WORD.fullmatch(word)
        if found is None or not pool:
            raise _refused(text, word, "is no layer" if pool else "follows g, which stands at the end")
        if found["pool"] or found["mean"]:
            if len(shape) != 3 or pool != 1 or found["by"] == "0":
                raise _refused(text, word, "follows no image")
            pool = int(found["by"] or 0)
            if pool > min(shape[1:]):
                raise _refused(text, word, f"is larger than the image of {shape[1]} x {shape[2]} below it")
            continue
        layer = _layer(text, word, found, shape, pool)
        layers.append(layer)
        shape, pool = layer.shape, 1
    if not layers or len(layers) > MOST_LAYERS:
        raise UserError(f"paper: hidden '{shown(text)}' has {len(layers)} layers, 1 to {MOST_LAYERS} are possible")
    return [*layers, Layer(shape, (n_out,), pool)]


def _layer(text: str, word: str, found: re.Match[str], below: Shape, pool: int) -> Layer:
    size, kernel, stride = (int(found[name] or default) for name, default in (("size", 0), ("kernel", 0), ("stride", 1)))
    layer = Layer(below, (size,), pool, kernel, stride, bool(found["residual"]))
    if not size or stride < 1 or found["kernel"] and kernel % 2 == 0:
        raise _refused(text, word, "has no neurons, no stride or an even kernel")
    if kernel:
        if len(below) != 3:
            raise _refused(text, word, "is a convolution over no image")
        rows, columns = (1 + (side - 1) // stride for side in layer.arriving[1:])
        layer = replace(layer, shape=(size, rows, columns))
    if layer.residual and layer.arriving != layer.shape:
        raise _refused(text, word, f"has a residual, but {layer.arriving} arrives at {layer.shape}")
    return layer


def _refused(text: str, word: str, what: str) -> UserError:
    return UserError(f"paper: hidden '{shown(text)}': '{shown(word)}' {what}; write layers as 800 or 64c3s2, pooling as p2, "
                     "and g at the end")
