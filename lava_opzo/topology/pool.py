"""Every position of an output image sums a window of the image below, channel by channel: pooling, in which nothing learns."""
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.topology.edges import Edges
from lava_opzo.topology.patches import Patches, Seen

THE_KERNELS = (0, 0)


@dataclass(frozen=True)
class Pool(Patches):
    """Windows of single channels with one weight (1, 1) for all edges; tap = row * kernel columns + column.

    As a convolution it is one of ones with as many groups as channels. It has the channels of the image below and no bias; the
    line after an image reaches no neuron.

    stride: (0, 0), the default, is replaced by the kernel, so that windows lie side by side.

    Raises UserError for other channels and for a bias.
    """

    kind: Literal["pool"] = "pool"
    stride: tuple[int, int] = THE_KERNELS

    def __post_init__(self) -> None:
        if self.stride == THE_KERNELS:
            object.__setattr__(self, "stride", self.kernel)
        super().__post_init__()
        if self.channels != self.shape[2]:
            raise UserError(f"topology pool: channels {self.channels} are not the {self.shape[2]} of the image below, each of "
                            f"which is pooled by itself; set channels = {self.shape[2]}")
        if self.bias:
            raise UserError("topology pool: bias is true, but no bias line reaches a pooling layer; set bias = false")

    @property
    def weight_shape(self) -> tuple[int, int]:
        """(1, 1)."""
        return 1, 1

    @property
    def shared(self) -> bool:
        """Always: every edge names the one weight."""
        return True

    @property
    def taps(self) -> int:
        """Most edges into one neuron: kernel rows * kernel columns."""
        return self.kernel[0] * self.kernel[1]

    @cached_property
    def seen(self) -> Seen:
        """Every pair of an output neuron and a tap that lies on the image."""
        corner, inside = self.pixels
        position, channel, tap = np.nonzero(np.broadcast_to(inside[:, None], (len(inside), self.channels, self.taps)))
        pre = corner[position, tap] * self.shape[2] + channel
        return Seen(*(values.astype(np.int32) for values in (pre, position * self.channels + channel, channel, tap)))

    @cached_property
    def _all(self) -> Edges:
        return self._edges(np.zeros(len(self.seen.post)))

    def edges(self) -> Edges:
        """Every edge names weight 0; ordered by post, then by pre."""
        return self._all
