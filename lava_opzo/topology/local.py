"""Every position of an output image sees its own patch through weights of its own: a convolution whose weights are not shared."""
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from lava_opzo.topology.edges import Edges
from lava_opzo.topology.patches import Patches


@dataclass(frozen=True)
class Local(Patches):
    """Local wiring with one weight an edge, (n_edges,) in the order of `edges`: what learning synapses of a chip can hold."""

    kind: Literal["local"] = "local"

    @property
    def weight_shape(self) -> tuple[int]:
        """(n_edges,): fewer than n_post * taps where patches leave the image."""
        return (len(self.seen.post),)

    @property
    def shared(self) -> bool:
        """Never: each edge has its own weight."""
        return False

    @cached_property
    def _all(self) -> Edges:
        return self._edges(np.arange(len(self.seen.post)))

    def edges(self) -> Edges:
        """Edge e names weight e; ordered by post, then by pre."""
        return self._all
