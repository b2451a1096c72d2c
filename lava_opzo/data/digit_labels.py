"""scikit-learn's digits with two labels at once in the place of their class: whether it is odd, and whether it is above 4."""
from dataclasses import replace
from pathlib import Path

import numpy as np

from lava_opzo.data import digits
from lava_opzo.data.dataset import Dataset


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_test: int = 360) -> Dataset:
    """As data set `digits`, with the labels (odd, above 4) of each image. Raises UserError as that does."""
    found = digits.load(path, steps, seed, n_test)
    return replace(found, name="digit_labels", n_classes=2, train_labels=_labels(found.train_labels),
                   test_labels=_labels(found.test_labels), kind="labels",
                   provenance=f"{found.provenance}; labels: odd, above 4")


def _labels(classes: np.ndarray) -> np.ndarray:
    return np.stack([classes % 2, classes > 4], axis=1).astype(np.int64)
