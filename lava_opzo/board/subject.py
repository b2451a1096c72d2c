"""What pre-flight looks at: a network, perhaps its weights and some samples, on a board, in a mode."""
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from lava_opzo.board.mapping import Mapping, mapping_report
from lava_opzo.engines.twin.base import Result
from lava_opzo.engines.twin.integers.loop import evaluate
from lava_opzo.learning.rules import FEEDBACK, FORWARD, Product
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.network.state import State
from lava_opzo.silicon.boards import Board
from lava_opzo.silicon.limits import LIMITS, Limits


@dataclass(frozen=True)
class Subject:
    """What the rules are applied to.

    state: weights to check, or None. frames: payloads uint8 (n, rows, n_in) for a measured run of the twin, or None.
    rules: products of each kind of plastic connection. t_epoch: of all of them.
    """

    network: Network
    board: Board
    state: State | None = None
    frames: np.ndarray | None = None
    mode: str = "on-chip"
    limits: Limits = LIMITS
    rules: dict[str, tuple[Product, ...]] = field(default_factory=lambda: {"W": FORWARD, "M": FEEDBACK})
    t_epoch: int = 1

    @cached_property
    def mapping(self) -> Mapping:
        """Where the network would lie."""
        return mapping_report(self.network, self.board, self.mode, self.limits)

    @property
    def connections(self) -> tuple[Connection, ...]:
        """The connections that are on the board."""
        return self.network.connections if self.mode == "on-chip" else self.network.forward

    @cached_property
    def measured(self) -> Result | None:
        """What the twin did with the samples, without noise and learning; None without samples or weights."""
        if self.frames is None or self.state is None:
            return None
        return evaluate(self.network, self.state.copy(), self.frames)
