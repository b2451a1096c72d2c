"""The share of right predictions, or the mean absolute error of values, over the last samples of a stream."""
from collections import deque
from collections.abc import Iterable

from lava_opzo.errors import UserError, shown

MOST = 1 << 30
"""The largest window, and the most samples that are taken together."""


def check_count(name: str, value: object) -> int:
    """A whole number of samples. Raises UserError for anything else, 0 included."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise UserError(f"learner: {name} {shown(value)} is no whole number of samples in 1..{MOST}; choose another one")
    return value


class Rolling:
    """Counts right predictions over the last `window` samples, or adds up what else is counted of them.

    outputs: how many are counted of a sample. Raises UserError for a window that is no number of samples.
    """

    def __init__(self, window: int, outputs: int = 1) -> None:
        self._last: deque[int] = deque(maxlen=check_count("window", window))
        self._sum, self._outputs = 0, outputs

    def add(self, counts: Iterable[int]) -> float | None:
        """What is counted of one more sample, or of each of its steps that has a label; the mean afterwards."""
        for count in counts:
            if len(self._last) == self._last.maxlen:
                self._sum -= self._last[0]
            self._last.append(count)
            self._sum += count
        return self.mean

    @property
    def mean(self) -> float | None:
        """The share, or the mean error; None before the first prediction."""
        return self._sum / (len(self._last) * self._outputs) if self._last else None
