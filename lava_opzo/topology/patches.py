"""The geometry of local connections: which input lines each position of an output image sees, and through which tap."""
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from lava_opzo.errors import UserError, check_range
from lava_opzo.topology.dense import MAX_NEURONS
from lava_opzo.topology.edges import Edges

MOST_EDGES = 1 << 26
"""Most edges of a topology; far more than a chip holds, so that a slip is caught before memory is asked for."""


class Seen(NamedTuple):
    """Edge by edge, ordered by post-synaptic neuron, then by tap; each int32 (n_edges,)."""

    pre: np.ndarray
    post: np.ndarray
    channel: np.ndarray
    tap: np.ndarray


@dataclass(frozen=True)
class Patches:
    """Output positions on a grid over an image; every position sees one patch of it, in all its channels.

    The neurons of an image are numbered in raster order, channels last: (row * width + column) * channels + channel.

    shape: rows, columns and channels of the image below. channels: of the output. kernel, stride, padding: rows and columns of a
    patch, from one patch to the next, and of the empty margin. lines: input lines after the image, 0 or 1, the bias line. bias:
    whether that line reaches every output neuron, as one tap more.

    Raises UserError for a geometry without output positions or with too many neurons or edges.
    """

    __pydantic_config__ = {"extra": "forbid", "strict": True}
    shape: tuple[int, int, int]
    channels: int
    kernel: tuple[int, int]
    stride: tuple[int, int] = (1, 1)
    padding: tuple[int, int] = (0, 0)
    lines: int = 0
    bias: bool = False

    def __post_init__(self) -> None:
        owner = f"topology {type(self).__name__.lower()}"
        for name, count in (("shape", 3), ("kernel", 2), ("stride", 2), ("padding", 2)):
            values = getattr(self, name)
            if len(values) != count:
                raise UserError(f"{owner}: {name} {values} has {len(values)} numbers; give {count}")
            lowest = 0 if name == "padding" else 1
            for value in values:
                check_range(owner, name, value, lowest, MAX_NEURONS, "; choose another size")
        check_range(owner, "channels", self.channels, 1, MAX_NEURONS, "; choose another number")
        check_range(owner, "lines", self.lines, 0, 1, "(the bias line after the image); choose 0 or 1")
        if self.bias and not self.lines:
            raise UserError(f"{owner}: bias is true, but no line follows the image (lines = 0); set lines = 1, or bias = false")
        for axis, name in enumerate(("rows", "columns")):
            if self.padding[axis] >= self.kernel[axis]:
                raise UserError(f"{owner}: padding {self.padding[axis]} of the {name} is not below the kernel's "
                                f"{self.kernel[axis]}; a patch would see nothing: choose less")
            if self.kernel[axis] > self.shape[axis] + 2 * self.padding[axis]:
                raise UserError(f"{owner}: kernel {self.kernel[axis]} is above the {self.shape[axis]} {name} of the image with "
                                f"its padding; choose a smaller kernel")
        for name, number in (("n_pre", self.n_pre), ("n_post", self.n_post)):
            check_range(owner, name, number, 1, MAX_NEURONS, "(neurons); choose a larger stride or fewer channels")
        check_range(owner, "edges", self.n_post * self.taps, 1, MOST_EDGES, "; choose a smaller kernel or fewer channels")

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """Of the weights, as the subclass has them."""
        raise NotImplementedError

    @property
    def shared(self) -> bool:
        """Whether the subclass lets edges share a weight."""
        raise NotImplementedError

    def edges(self) -> Edges:
        """The edges with the weights that the subclass gives them; ordered by post, then by pre."""
        raise NotImplementedError

    @property
    def positions(self) -> tuple[int, int]:
        """Rows and columns of the output: (size + 2*padding - kernel) // stride + 1."""
        rows, columns = ((self.shape[axis] + 2 * self.padding[axis] - self.kernel[axis]) // self.stride[axis] + 1
                         for axis in range(2))
        return rows, columns

    @property
    def out_shape(self) -> tuple[int, int, int]:
        """Rows, columns and channels of the output."""
        return *self.positions, self.channels

    @property
    def n_pre(self) -> int:
        """Neurons of the image and the lines after it."""
        return self.shape[0] * self.shape[1] * self.shape[2] + self.lines

    @property
    def n_post(self) -> int:
        """Neurons of the output."""
        return self.positions[0] * self.positions[1] * self.channels

    @property
    def taps(self) -> int:
        """Most edges into one neuron: kernel rows * kernel columns * channels, and the bias."""
        return self.kernel[0] * self.kernel[1] * self.shape[2] + self.bias

    @property
    def fan_in(self) -> int:
        """As `taps`."""
        return self.taps

    @cached_property
    def pixels(self) -> tuple[np.ndarray, np.ndarray]:
        """The pixel, row * columns + column, that every position sees at each place of its kernel, and whether it lies on the
        image; each (positions, kernel rows * kernel columns)."""
        rows, columns = (self.stride[axis] * np.arange(self.positions[axis])[:, None] - self.padding[axis]
                         + np.arange(self.kernel[axis]) for axis in range(2))
        height, width, _ = self.shape
        inside = ((rows >= 0) & (rows < height))[:, None, :, None] & ((columns >= 0) & (columns < width))[None, :, None, :]
        corner, n_positions = rows[:, None, :, None] * width + columns[None, :, None, :], self.positions[0] * self.positions[1]
        return corner.reshape(n_positions, -1), inside.reshape(n_positions, -1)

    @cached_property
    def seen(self) -> Seen:
        """Every pair of an output neuron and a tap that lies on the image; tap = (row * kernel columns + column) * channels +
        channel, the bias last."""
        (corner, inside), depth = self.pixels, self.shape[2]
        n_positions = len(corner)
        pre = (corner[..., None] * depth + np.arange(depth)).reshape(n_positions, -1)
        valid = np.repeat(inside, depth, axis=1)
        if self.bias:
            pre = np.column_stack([pre, np.full(n_positions, self.n_pre - 1)])
            valid = np.column_stack([valid, np.ones(n_positions, bool)])
        position, channel, tap = np.nonzero(np.broadcast_to(valid[:, None], (n_positions, self.channels, self.taps)))
        return Seen(*(values.astype(np.int32) for values in
                      (pre[position, tap], position * self.channels + channel, channel, tap)))

    @cached_property
    def into(self) -> np.ndarray:
        """The first edge into each output neuron, and at last the number of edges: int64 (n_post + 1,)."""
        return np.searchsorted(self.seen.post, np.arange(self.n_post + 1))

    @cached_property
    def _by_pre(self) -> tuple[np.ndarray, np.ndarray]:
        """All edges ordered by pre-synaptic neuron, and the first one of each, as in `into`."""
        order = np.argsort(self.seen.pre, kind="stable")
        return order, np.searchsorted(self.seen.pre[order], np.arange(self.n_pre + 1))

    def arriving(self, posts: np.ndarray) -> np.ndarray:
        """The edges into some output neurons, in ascending order where these are."""
        return _ranges(self.into, posts)

    def leaving(self, pres: np.ndarray) -> np.ndarray:
        """The edges from some neurons below."""
        order, first = self._by_pre
        return order[_ranges(first, pres)]

    def _edges(self, w: np.ndarray) -> Edges:
        return Edges(self.seen.pre, self.seen.post, w.astype(np.int32))


def _ranges(first: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """first[i], first[i] + 1, .., first[i + 1] - 1 for every chosen i, one after the other."""
    starts, lengths = first[chosen], (first[1:] - first[:-1])[chosen]
    return np.repeat(starts - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
