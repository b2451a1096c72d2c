"""A memory of past samples that are learned again between new ones, so that what is new does not overwrite what is old."""
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from lava_opzo.engines.samples import check_frames, check_labels
from lava_opzo.errors import UserError, check_range, shown
from lava_opzo.files import toml
from lava_opzo.network.network import Network

MOST_KEPT, MOST_EACH, MOST_SEED, MOST_SEEN = 1 << 20, 1 << 10, (1 << 63) - 1, 1 << 48
"""The largest capacity, the most old samples after a new one, the largest seed, and more samples than any learner is handed."""

FRAMES, LABELS = "replay.frames", "replay.labels"
"""The names of the kept samples in a checkpoint."""


def check_memory_of(network: Network, replay: "Replay | None") -> None:
    """Raise UserError for a memory of samples that are pieces of one stream."""
    if replay is not None and network.learning.carry:
        raise UserError("learner: a memory of past samples would break into the stream that its neurons carry on; set replay to "
                        "None, or take a network without carry")


class Woven(NamedTuple):
    """New samples with old ones after each. new: which places of the result hold the new ones, in their order.

    slots: for every place of the memory what it holds afterwards: itself, or capacity + i for new sample i.

    Shapes:
        frames: (m, F, n_in). labels: (m,). new: (n,). slots: (capacity,).
    """

    frames: np.ndarray
    labels: np.ndarray
    new: np.ndarray
    slots: np.ndarray


@dataclass
class Replay:
    """A uniform random part of all samples so far (a reservoir), of which some are learned again after each new sample.

    capacity: samples that are kept. each: how many of them follow a new sample, drawn with replacement; 0 only keeps samples.
    It may be changed at any time. seed: of what is kept and drawn. seen: samples that were offered so far.

    What is kept and drawn follows from seed and seen alone: sample number t, counted from 0, is kept at place t while there is
    room, and then with probability capacity / (t + 1) in the place of another one.

    Raises UserError for a number outside its range.
    """

    capacity: int = 200
    each: int = 1
    seed: int = 0
    seen: int = field(default=0, init=False)
    _frames: np.ndarray | None = field(default=None, init=False, repr=False, compare=False)
    _labels: np.ndarray | None = field(default=None, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.check()

    def check(self) -> None:
        """Raise UserError for a number outside its range."""
        check_range("replay", "capacity", self.capacity, 1, MOST_KEPT, "(samples that are kept); choose another number")
        check_range("replay", "each", self.each, 0, MOST_EACH, "(old samples after each new one); choose another number")
        check_range("replay", "seed", self.seed, 0, MOST_SEED, "(63 bits); choose another seed")
        for name in ("capacity", "each", "seed"):
            if not isinstance(getattr(self, name), int):
                raise UserError(f"replay: {name} {shown(getattr(self, name))} is no whole number; choose one")

    @property
    def kept(self) -> int:
        """Samples that are kept now."""
        return min(self.seen, self.capacity)

    def samples(self) -> tuple[np.ndarray, np.ndarray]:
        """What is kept, a copy: (frames, labels). Raises UserError where nothing is kept yet.

        Shapes:
            frames: uint8 (kept, F, n_in). labels: int32 (kept,).
        """
        if self._frames is None or self._labels is None:
            raise UserError("replay: nothing is kept yet; learn a sample first")
        return self._frames[:self.kept].copy(), self._labels[:self.kept].copy()

    def woven(self, frames: np.ndarray, labels: np.ndarray) -> Woven:
        """The samples with old ones after each, of those that were kept before it; the memory stays as it is until `keep`.

        Raises UserError for samples with another number of frames than those that are kept.

        Shapes:
            frames: uint8 (n, F, n_in). labels: int32 (n,).
        """
        self.check()
        if self._frames is not None and self._frames.shape[1:] != frames.shape[1:]:
            raise UserError(f"replay: samples of shape {frames.shape[1:]} do not go with those that are kept, of shape "
                            f"{self._frames.shape[1:]}; use a memory of its own for them")
        if self._labels is not None and self._labels.shape[1:] != labels.shape[1:]:
            raise UserError(f"replay: labels of shape {labels.shape[1:]} do not go with those that are kept, of shape "
                            f"{self._labels.shape[1:]}; label all samples alike, as a whole or step by step")
        slots, order, new = np.arange(self.capacity), [], []
        for i, number in enumerate(range(self.seen, self.seen + len(frames))):
            rng, kept = np.random.default_rng([self.seed, number]), min(number, self.capacity)
            new.append(len(order))
            order.append(self.capacity + i)
            place = number if number < self.capacity else int(rng.integers(number + 1))
            if kept and self.each:
                order += slots[rng.integers(kept, size=self.each)].tolist()
            if place < self.capacity:
                slots[place] = self.capacity + i
        return Woven(*self._taken(frames, labels, np.array(order, np.int64)), np.array(new, np.int64), slots)

    def _taken(self, frames: np.ndarray, labels: np.ndarray, order: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The samples of an order: numbers from capacity on are new ones, those below it places of the memory."""
        many, taught = (np.empty((len(order), *given.shape[1:]), given.dtype) for given in (frames, labels))
        old = order < self.capacity
        many[~old], taught[~old] = frames[order[~old] - self.capacity], labels[order[~old] - self.capacity]
        if self._frames is not None and self._labels is not None:
            many[old], taught[old] = self._frames[order[old]], self._labels[order[old]]
        return many, taught

    def keep(self, frames: np.ndarray, labels: np.ndarray, woven: Woven) -> None:
        """Take over what `woven` of these samples said that is kept afterwards."""
        if not len(labels):
            return
        if self._frames is None or self._labels is None:
            self._frames, self._labels = (np.zeros((self.capacity, *given.shape[1:]), given.dtype) for given in (frames, labels))
        changed = np.flatnonzero(woven.slots >= self.capacity)
        self._frames[changed] = frames[woven.slots[changed] - self.capacity]
        self._labels[changed] = labels[woven.slots[changed] - self.capacity]
        self.seen += len(labels)


@dataclass(frozen=True)
class _Numbers:
    """The numbers of a memory as a file holds them."""

    __pydantic_config__ = toml.STRICT
    capacity: int
    each: int
    seed: int
    seen: int


def saved(replay: Replay) -> tuple[dict[str, int], dict[str, np.ndarray]]:
    """(numbers, arrays) of a memory, as a checkpoint holds them; no arrays where nothing is kept yet."""
    numbers = {name: int(getattr(replay, name)) for name in ("capacity", "each", "seed", "seen")}
    if not replay.seen:
        return numbers, {}
    frames, labels = replay.samples()
    return numbers, {FRAMES: frames, LABELS: labels}


def restored(network: Network, numbers: Mapping[str, object], arrays: Mapping[str, np.ndarray]) -> Replay:
    """A memory from what `saved` gave. Raises UserError for numbers and arrays that no memory of this network has."""
    found = toml.checked(_Numbers, dict(numbers), "replay")
    replay = Replay(found.capacity, found.each, found.seed)
    check_range("replay", "seen", found.seen, 0, MOST_SEEN, "(samples); use a file that a learner wrote")
    replay.seen = found.seen
    if arrays.keys() != ({FRAMES, LABELS} if replay.seen else set()):
        raise UserError(f"replay: arrays {shown(str(sorted(arrays)))} are not those of a memory that has seen {replay.seen} "
                        "samples; use a file that a learner wrote")
    if not replay.seen:
        return replay
    frames, labels = arrays[FRAMES], arrays[LABELS]
    if frames.dtype != np.uint8 or labels.dtype != np.int32 or frames.shape[:1] != (replay.kept,):
        raise UserError(f"replay: frames of type {frames.dtype} and shape {frames.shape} and labels of type {labels.dtype} are "
                        f"not the {replay.kept} samples that it keeps; use a file that a learner wrote")
    frames = check_frames(network, frames)
    labels = check_labels(network, arrays[LABELS], len(frames))
    replay._frames, replay._labels = (np.zeros((replay.capacity, *given.shape[1:]), given.dtype) for given in (frames, labels))
    replay._frames[:len(frames)], replay._labels[:len(labels)] = frames, labels
    return replay
