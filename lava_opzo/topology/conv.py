"""Every position of an output image sees its patch through the same weights: a convolution."""
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Literal

from lava_opzo.topology.edges import Edges
from lava_opzo.topology.local import Local
from lava_opzo.topology.patches import Patches


@dataclass(frozen=True)
class Conv(Patches):
    """Shared weights (channels, taps); tap = (row * kernel columns + column) * input channels + input channel, the bias last.

    The kernel is not flipped: row 0 of a kernel meets the first row of a patch, as in PyTorch.
    """

    kind: Literal["conv"] = "conv"

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
