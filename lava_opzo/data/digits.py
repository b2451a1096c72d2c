"""scikit-learn's handwritten digits: 1,797 images of 8 x 8, embedded in that package, no file needed."""
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.data.without_files import refuse_path
from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import PAYLOAD_MAX


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_test: int = 360) -> Dataset:
    """64 lines, one frame; payload = min(value, 15) of the original 0..16; stratified split 1,437/360, seeded order.

    Source: sklearn.datasets.load_digits (UCI optical recognition of handwritten digits, test part).
    """
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    refuse_path("digits", path, "it is part of scikit-learn")
    images, labels = load_digits(return_X_y=True)
    if not 10 <= n_test <= len(labels) - 10:
        raise UserError(f"data set 'digits': n_test {n_test} is outside 10..{len(labels) - 10} (one of each class on both sides)")
    frames = np.minimum(images, PAYLOAD_MAX).astype(np.uint8)[:, None]
    parts = train_test_split(frames, labels, test_size=n_test, stratify=labels, random_state=seed % 2**32)
    train_frames, test_frames, train_labels, test_labels = parts
    return Dataset("digits", 10, train_frames, train_labels, test_frames, test_labels,
                   f"scikit-learn load_digits, payload min(value, 15), stratified split with seed {seed}", (8, 8, 1))
