"""Right and wrong answers of a trained network, counted."""
from typing import Any

import numpy as np

from lava_opzo.errors import UserError

WORST = 5
"""How many of the most frequent confusions are listed."""


def evaluation(predictions: np.ndarray, labels: np.ndarray, n_classes: int) -> dict[str, Any]:
    """How often each class was taken for each.

    {"samples": n, "accuracy": share, "confusion": counts [true][predicted], "most_confused": [(true, predicted, count)]}.
    Raises UserError where there are no samples.
    """
    if not len(labels):
        raise UserError("evaluation: the data set has no test samples; hold some back (option n_test) or give test data")
    counts = np.zeros((n_classes, n_classes), np.int64)
    np.add.at(counts, (labels, predictions), 1)
    wrong = counts - np.diag(np.diag(counts))
    order = np.argsort(-wrong, axis=None, kind="stable")[:WORST]
    worst = [(*map(int, np.unravel_index(i, wrong.shape)), int(wrong.flat[i])) for i in order if wrong.flat[i]]
    return {"samples": len(labels), "accuracy": float(np.trace(counts) / len(labels)), "confusion": counts.tolist(),
            "most_confused": worst}
