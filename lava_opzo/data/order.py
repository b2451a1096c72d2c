"""Two classes that differ in the order of time alone: which half of the lines sends first. No file is needed."""
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import PAYLOAD_MAX

MOST_LINES, MOST_SAMPLES, MOST_STEPS = 4096, 100_000, 1024


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, lines: int = 32, n_train: int = 2000,
         n_test: int = 500) -> Dataset:
    """Every line sends one event in every sample, in a random step of the first half of the steps or of the second.

    In class 0 the lower half of the lines sends in the first half of the steps, in class 1 the upper half does. So the counts of
    all lines are the same in all samples, and only their order tells the classes apart.
    """
    refuse_path("order", path)
    check("order", lines=(lines, 2, MOST_LINES), steps=(steps, 2, MOST_STEPS), n_train=(n_train, 1, MOST_SAMPLES),
          n_test=(n_test, 0, MOST_SAMPLES))
    if lines % 2:
        raise UserError(f"data set 'order': lines {lines} is odd, and they are two halves; choose an even number")
    rng, n, half = np.random.default_rng(seed), n_train + n_test, steps // 2
    labels = rng.integers(0, 2, n)
    first = (np.arange(lines) < lines // 2) ^ (labels[:, None] == 1)
    when = np.where(first, rng.integers(0, half, (n, lines)), rng.integers(half, steps, (n, lines)))
    frames = (np.arange(steps)[None, :, None] == when[:, None, :]).astype(np.uint8) * PAYLOAD_MAX
    return Dataset("order", 2, frames[:n_train], labels[:n_train], frames[n_train:], labels[n_train:],
                   f"{lines} lines with one event each, a half of them before the other, drawn with seed {seed}")


def refuse_path(name: str, path: str | Path | None) -> None:
    """Raise UserError for a path that a data set without files is given."""
    if path is not None:
        raise UserError(f"data set '{name}' needs no path, got {path}; it is drawn from its seed. Leave the path out")


def check(name: str, **options: tuple[int, int, int]) -> None:
    """Raise UserError for an option (value, smallest, largest) outside its range."""
    for option, (value, low, high) in options.items():
        if not low <= value <= high:
            raise UserError(f"data set '{name}': {option} {value} is outside {low}..{high}; choose another number")
