"""Every position of an output image sees its patch through the same weights: a convolution."""
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

from lava_opzo.errors import check_range
from lava_opzo.topology.edges import Edges
from lava_opzo.topology.local import Local
from lava_opzo.topology.patches import Patches

MOST_SUM_SHIFT = 22
"""As much as a residual of y has: 24 bits hold it beside what is added."""


@dataclass(frozen=True)
class Conv(Patches):
    """Shared weights (channels, taps); tap = (row * kernel columns + column) * input channels + input channel, the bias last.

    The kernel is not flipped: row 0 of a kernel meets the first row of a patch, as in PyTorch.

    sum_shift: how the changes of all positions come together (docs/arithmetic.md section 10). 0: one after the other, in raster
    order, each an even step. From 1 on: they are added up, the sum loses so many bits, and a residual for each weight keeps them.
    """

    kind: Literal["conv"] = "conv"
    sum_shift: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_range("topology conv", "sum_shift", self.sum_shift, 0, MOST_SUM_SHIFT, "(bits); 0 takes positions in raster order")

    @property
    def weight_shape(self) -> tuple[int, int]:
        """(channels, taps)."""
        return self.channels, self.taps

    @property
    def shared(self) -> bool:
        """Always: all positions name the same weights."""
        return True

    @cached_property
    def _all(self) -> Edges:
        return self._edges(self.seen.channel * self.taps + self.seen.tap)

    def edges(self) -> Edges:
        """The edge of a channel and a tap names weight channel * taps + tap; ordered by post, then by pre."""
        return self._all

    def unrolled(self) -> Local:
        """The same geometry with one weight an edge: the form that a chip can learn."""
        return Local(**{field.name: getattr(self, field.name) for field in fields(Patches)})
