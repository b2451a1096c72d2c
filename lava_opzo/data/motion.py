"""A bar that moves over a small field, as events: four classes, which differ in its direction. No file is needed."""
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.data.without_files import DRAWN, MOST_SAMPLES, MOST_STEPS, check, refuse_path
from lava_opzo.silicon.profile import PAYLOAD_MAX

MOST_SIDE, MOST_EVENTS = 64, 1 << 28


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, side: int = 8, missing: int = 20, noise: int = 2,
         n_train: int = 2000, n_test: int = 500, stay: int = 0) -> Dataset:
    """An upright bar that moves right (class 0) or left (1), or a lying one that moves down (2) or up (3), one pixel a step.

    It starts anywhere and comes in again at the other edge, so that neither its place nor, over a whole way, the counts of the
    lines tell its direction. missing: percent of its events that are lost. noise: percent of the pixels that send beside it.
    stay: 0 for samples that have nothing to do with each other; else they are pieces of one stream, in which the bar goes on from
    where it was, and a direction is drawn anew at the border of one sample in so many.
    """
    refuse_path("motion", path, DRAWN)
    check("motion", side=(side, 2, MOST_SIDE), missing=(missing, 0, 99), noise=(noise, 0, 99), steps=(steps, 2, MOST_STEPS),
          n_train=(n_train, 1, MOST_SAMPLES), n_test=(n_test, 0, MOST_SAMPLES), stay=(stay, 0, MOST_SAMPLES))
    n = n_train + n_test
    check("motion", **{"events (samples x steps x side x side)": (n * steps * side * side, 1, MOST_EVENTS)})
    rng = np.random.default_rng(seed)
    labels, start = rng.integers(0, 4, n), rng.integers(0, side, n)
    if stay:
        turns = rng.random(n) * stay < 1
        turns[0] = True
        labels = labels[np.maximum.accumulate(np.where(turns, np.arange(n), 0))]
    forth = (1 - 2 * (labels[:, None] % 2)) * np.ones(steps, np.int64)
    way = start[0] + np.cumsum(forth).reshape(n, steps) if stay else start[:, None] + np.arange(steps) * forth
    place = way % side
    bar = place[:, :, None] == np.arange(side)
    upright = labels[:, None, None, None] < 2
    field = np.where(upright, bar[:, :, None, :], bar[:, :, :, None])
    field = field & (rng.random(field.shape, np.float32) * 100 >= missing)
    field |= rng.random(field.shape, np.float32) * 100 < noise
    frames = field.reshape(n, steps, side * side).astype(np.uint8) * PAYLOAD_MAX
    return Dataset("motion", 4, frames[:n_train], labels[:n_train], frames[n_train:], labels[n_train:],
                   f"a bar on {side} x {side} pixels, {missing} % of its events missing, {noise} % noise, drawn with seed {seed}"
                   + (f", its direction drawn anew at the border of one sample in {stay}" if stay else ""),
                   (side, side, 1))
