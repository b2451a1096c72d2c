"""The share of right predictions over the last samples of a stream."""
from collections import deque

from lava_opzo.errors import UserError, shown

MOST = 1 << 30
"""The largest window, and the most samples that are taken together."""


def check_count(name: str, value: object) -> int:
    """A whole number of samples. Raises UserError for anything else, 0 included."""
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST:
        raise UserError(f"learner: {name} {shown(value)} is no whole number of samples in 1..{MOST}; choose another one")
    return value


class Rolling:
    """Counts right predictions over the last `window` samples. Raises UserError for a window that is no number of samples."""

    def __init__(self, window: int) -> None:
        self._last: deque[bool] = deque(maxlen=check_count("window", window))
        self._right = 0

    def add(self, right: bool) -> float:
        """One more prediction; the share afterwards."""
        if len(self._last) == self._last.maxlen:
            self._right -= self._last[0]
        self._last.append(right)
        self._right += right
        return self._right / len(self._last)

    @property
    def accuracy(self) -> float | None:
        """The share, None before the first prediction."""
        return self._right / len(self._last) if self._last else None
