"""What a run has counted beside its state, so that a resumed run goes on counting where the first part stopped."""
from dataclasses import dataclass, field, replace
from typing import Any

from lava_opzo.engines import largest, touches
from lava_opzo.engines.engine import Seen
from lava_opzo.engines.largest import Largest
from lava_opzo.engines.touches import Touches


@dataclass(frozen=True)
class Counted:
    """Counts of a whole run up to a sample.

    hits: right predictions of the running epoch. touches: rail touches by connection. largest: the largest sizes. layers: of
    `LayerMetrics.counted`. {} where nothing was learned yet; touches and largest are None where a part of the run did not count.
    """

    hits: int = 0
    touches: Touches | None = field(default_factory=dict)
    largest: Largest | None = field(default_factory=dict)
    layers: dict[str, Any] = field(default_factory=dict)

    def with_seen(self, seen: Seen) -> "Counted":
        """The same after another part of the run, in which an engine saw this."""
        return replace(self, touches=touches.add(self.touches, seen.rail_touches),
                       largest=largest.merge(self.largest, seen.largest))
