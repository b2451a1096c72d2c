"""The training samples as a run presents them: each epoch in its own order, or in theirs, images moved or mirrored."""
import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.data.moving import check_movable, mirrored, moved
from lava_opzo.experiment.experiment import Training

MOVES, MIRRORS = 1, 2
"""Tell the random numbers of an epoch's moves, and of what it mirrors, from those of its order."""


def epoch_order(training: Training, epoch: int, n: int) -> np.ndarray:
    """The order of the n training samples in an epoch, counted from 0."""
    if training.in_order:
        return np.arange(n)
    return np.random.default_rng([training.order_seed, epoch]).permutation(n)


def epoch_moves(training: Training, epoch: int, n: int) -> np.ndarray:
    """By how many pixels the n images of an epoch, in its order, move down and right: int64 (n, 2), -jitter..jitter."""
    rng = np.random.default_rng([training.order_seed, epoch, MOVES])
    return rng.integers(-training.jitter, training.jitter, (n, 2), endpoint=True)


def epoch_mirrors(training: Training, epoch: int, n: int) -> np.ndarray:
    """Which of the n images of an epoch, in its order, are mirrored: bool (n,), one in two."""
    return np.random.default_rng([training.order_seed, epoch, MIRRORS]).integers(0, 2, n) == 1


class Presentation:
    """The samples of a run one after the other, decided by the experiment alone. Raises UserError for jitter or mirror without
    images.
    """

    def __init__(self, dataset: Dataset, training: Training):
        check_movable(dataset, training.jitter, training.mirror)
        self._dataset, self._training, self._epoch = dataset, training, -1
        self._order = self._moves = self._mirrors = np.empty(0, np.int64)

    def part(self, done: int, most: int) -> tuple[np.ndarray, np.ndarray]:
        """(frames, labels) of the next samples after `done`, up to `most` of them and none beyond the end of their epoch."""
        n = len(self._dataset.train_labels)
        epoch, offset = divmod(done, n)
        if epoch != self._epoch:
            self._order, self._epoch = epoch_order(self._training, epoch, n), epoch
            self._moves = epoch_moves(self._training, epoch, n) if self._training.jitter else self._moves
            self._mirrors = epoch_mirrors(self._training, epoch, n) if self._training.mirror else self._mirrors
        part = self._order[offset:offset + most]
        frames = self._dataset.train_frames[part]
        if (shape := self._dataset.shape) is not None:
            frames = mirrored(frames, shape, self._mirrors[offset:offset + most]) if self._training.mirror else frames
            frames = moved(frames, shape, self._moves[offset:offset + most]) if self._training.jitter else frames
        return frames, self._dataset.train_labels[part]
