"""The share of right predictions over the last samples of a stream."""
from collections import deque

from lava_opzo.errors import check_range


class Rolling:
    """Counts right predictions over the last `window` samples."""

    def __init__(self, window: int) -> None:
        check_range("learner", "window", window, 1, 1 << 30, "(samples of the rolling accuracy); choose another number")
        self._last: deque[bool] = deque(maxlen=int(window))
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
