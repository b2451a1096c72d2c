"""Samples in, predictions out: arrays that the host and the forked Lava processes share without a copy.

A Lava port or `Var.set` costs tens of microseconds an element; memory that was shared before the fork costs nothing.
"""
import numpy as np

from lava_opzo.engines.lava.shared import shared_array
from lava_opzo.errors import UserError


class Mailbox:
    """Room for `capacity` samples of `n_frames` rows (1 or K), their labels and predictions.

    answers: how many numbers each of these has where they are no classes, 0 for classes. steps: K, where each step has a class
    of its own and an answer; 0 where a sample has one.

    The host calls `post` while the network waits at the border of a sample; process models call the other methods with the
    number of the sample since the network started.
    """

    def __init__(self, capacity: int, n_frames: int, n_in: int, n_out: int, answers: int = 0, steps: int = 0) -> None:
        self.capacity, self.n_in, self.n_out = capacity, n_in, n_out
        self._frames = shared_array((capacity, n_frames, n_in), np.uint8)
        shape, self._steps = (capacity, answers or steps) if answers or steps else (capacity,), steps
        self._labels, self._predictions = shared_array(shape, np.int32), shared_array(shape, np.int32)
        self._first = shared_array((1,), np.int64)
        self._posted = 0

    def post(self, frames: np.ndarray, labels: np.ndarray | None) -> None:
        """Put the next samples in.

        Shapes:
            frames: uint8 (n, n_frames, n_in), n <= capacity. labels: (n,), (n, answers) or (n, steps), or None.
        """
        n = len(frames)
        if n > self.capacity or frames.shape[1:] != self._frames.shape[1:]:
            raise UserError(f"mailbox: samples {frames.shape} do not fit {self._frames.shape}; post fewer or build it larger")
        self._first[0] = self._posted
        self._posted += n
        self._frames[:n] = frames
        self._labels[:n] = 0 if labels is None else labels
        self._predictions[:] = -1

    def predictions(self, n: int) -> np.ndarray:
        """The answers to the first n samples of the last post, int32, as labels; -1 where there is none yet."""
        return self._predictions[:n].copy()

    def frame(self, sample: int, k: int) -> np.ndarray:
        """Payloads of window step k, uint8 (n_in,)."""
        rows = self._frames[sample - self._first[0]]
        return rows[k if len(rows) > 1 else 0]

    def label(self, sample: int, k: int) -> int | np.ndarray:
        """The class of the sample, or of its step k, or (answers,) labels or values."""
        label = self._labels[sample - self._first[0]]
        if self._steps:
            return int(label[k])
        return label if self._labels.ndim > 1 else int(label)

    def answer(self, sample: int, k: int, prediction: int | np.ndarray) -> None:
        """The class predicted after step k, or (answers,) labels or values."""
        place = (sample - self._first[0], k) if self._steps else sample - self._first[0]
        self._predictions[place] = prediction
