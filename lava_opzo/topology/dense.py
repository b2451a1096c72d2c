"""Every pre-synaptic neuron reaches every post-synaptic neuron through a weight of its own."""
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lava_opzo.errors import check_range
from lava_opzo.topology.edges import Edges

MAX_NEURONS = 1 << 17
"""Most neurons of a population; far more than a chip holds, so that a slip is caught before memory is asked for."""


@dataclass(frozen=True)
class Dense:
    """All-to-all wiring with weights (n_post, n_pre). Raises UserError for a population without neurons."""

    __pydantic_config__ = {"extra": "forbid", "strict": True}
    n_pre: int
    n_post: int
    kind: Literal["dense"] = "dense"

    def __post_init__(self) -> None:
        for name in ("n_pre", "n_post"):
            check_range("topology dense", name, getattr(self, name), 1, MAX_NEURONS, "(neurons); choose another width")

    @property
    def weight_shape(self) -> tuple[int, int]:
        """(n_post, n_pre)."""
        return self.n_post, self.n_pre

    @property
    def shared(self) -> bool:
        """Never: each edge has its own weight."""
        return False

    @property
    def fan_in(self) -> int:
        """The pre-synaptic neurons."""
        return self.n_pre

    def edges(self) -> Edges:
        """n_post * n_pre edges; edge e names weight e."""
        post, pre = np.divmod(np.arange(self.n_post * self.n_pre, dtype=np.int32), self.n_pre)
        return Edges(pre.astype(np.int32), post.astype(np.int32), np.arange(self.n_post * self.n_pre, dtype=np.int32))
