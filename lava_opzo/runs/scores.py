"""How good predictions are that are no classes: right labels, exact matches and F1, or errors of values and R2."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.silicon.readouts import CLASSES, LABELS, NO_LABEL

Scores = dict[str, float | None]
"""Of labels: accuracy (share of right outputs), exact_match (share of samples with all outputs right), f1 (of all outputs
together; None where nothing was said or wanted). Of values, in the units of the integers: mean_squared_error,
mean_absolute_error, r2 (1 - summed squared errors / summed squared distances from the means; None where all samples want the
same)."""

Sums = tuple[int, ...]
"""What scores follow from, over some samples. Of labels: right outputs, exact matches, labels that were said and wanted. Of
values: squared errors, absolute errors."""


@dataclass(frozen=True)
class Measure:
    """What the predictions of a readout are measured by.

    kind: of its outputs. outputs: how many. spread: of values the summed variances of what the outputs are to give.
    """

    kind: str
    outputs: int
    spread: float = 0.0

    def of(self, predictions: np.ndarray, labels: np.ndarray) -> Sums:
        """The sums of some samples; () for classes, whose right answers are counted elsewhere.

        Shapes:
            predictions, labels: (n, outputs).
        """
        if self.kind == CLASSES:
            return ()
        right = predictions == labels
        if self.kind == LABELS:
            return int(right.sum()), int(right.all(axis=1).sum()), int((right & (labels != 0)).sum())
        difference = predictions.astype(np.int64) - labels
        return int((difference ** 2).sum()), int(np.abs(difference).sum())

    def scores(self, sums: Sums, n: int) -> Scores:
        """The scores of n samples with these sums."""
        count = max(1, n * self.outputs)
        if self.kind == LABELS:
            right, exact, hits = sums
            named = 2 * hits + count - right
            return {"accuracy": right / count, "exact_match": exact / max(1, n), "f1": 2 * hits / named if named else None}
        squares, sizes = sums
        r2 = 1 - squares / max(1, n) / self.spread if self.spread else None
        return {"mean_squared_error": squares / count, "mean_absolute_error": sizes / count, "r2": r2}


def measure_of(kind: str, labels: np.ndarray) -> Measure:
    """The measure of samples that teach this.

    Shapes:
        labels: (n,) classes, or (n, outputs).
    """
    if labels.ndim == 1:
        return Measure(kind, 1)
    values = labels.astype(np.float64)
    return Measure(kind, labels.shape[1], float(values.var(axis=0).sum()) if len(values) else 0.0)


class Running:
    """What the predictions of a stream come to: their share of right ones, or R2, and what always naming the same gets.

    kind: of the outputs.
    """

    def __init__(self, kind: str) -> None:
        self._kind, self.samples = kind, 0
        self._sums: Sums = ()
        self._wanted = np.zeros((0, 2), np.int64)

    def add(self, predictions: np.ndarray, labels: np.ndarray) -> None:
        """More predictions.

        Shapes:
            predictions, labels: (n,) classes, or (n, outputs).
        """
        if self._kind == CLASSES:
            added, wanted = (int(np.count_nonzero(predictions == labels)),), np.bincount(labels)[:, None].repeat(2, axis=1)
        else:
            added = Measure(self._kind, labels.shape[1]).of(predictions, labels)
            wanted = np.stack([labels.sum(axis=0, dtype=np.int64), (labels.astype(np.int64) ** 2).sum(axis=0)], axis=1)
        size = max(len(wanted), len(self._wanted))
        self._wanted = _longer(self._wanted, size) + _longer(wanted, size)
        self._sums = tuple(a + b for a, b in zip(self._sums or (0,) * len(added), added, strict=True))
        self.samples += len(labels)

    @property
    def right(self) -> float:
        """The share of right predictions or labels; of values R2, or 1 where they do not differ."""
        if self._kind == CLASSES:
            return self._sums[0] / self.samples
        scores = Measure(self._kind, len(self._wanted), self._spread).scores(self._sums, self.samples)
        share = scores["accuracy"] if self._kind == LABELS else scores["r2"]
        return 1.0 if share is None else share

    @property
    def chance(self) -> float:
        """The share of right answers of always naming what is most frequent; 1 for values."""
        shares = self._wanted[:, 0] / self.samples
        if self._kind == CLASSES:
            return float(shares.max())
        return float(np.maximum(shares, 1 - shares).mean()) if self._kind == LABELS else 1.0

    @property
    def _spread(self) -> float:
        means = self._wanted / self.samples
        return float((means[:, 1] - means[:, 0] ** 2).sum())


def _longer(rows: np.ndarray, size: int) -> np.ndarray:
    return np.pad(rows, ((0, size - len(rows)), (0, 0)))


def counted(kind: str, predictions: np.ndarray, labels: np.ndarray) -> list[list[int]]:
    """What is counted of every sample: whether its class was right, or that of each step with a label; how many labels were, or
    its summed absolute errors.

    Shapes:
        predictions, labels: (n,), (n, K) classes of steps, or (n, outputs).
    """
    if kind == CLASSES:
        rows = zip(np.atleast_2d((predictions == labels).T).T, np.atleast_2d((labels != NO_LABEL).T).T, strict=True)
        return [right[labelled].astype(int).tolist() for right, labelled in rows]
    if kind == LABELS:
        return (predictions == labels).sum(axis=1, keepdims=True).tolist()
    return np.abs(predictions.astype(np.int64) - labels).sum(axis=1, keepdims=True).tolist()


def scored(dataset: Dataset, predictions: np.ndarray) -> Scores:
    """The scores of the predictions of all test samples of a data set whose outputs are no classes."""
    measure = measure_of(dataset.kind, dataset.test_labels)
    return measure.scores(measure.of(predictions, dataset.test_labels), len(predictions))


def words(scores: Scores) -> str:
    """Scores in a line."""
    def share(value: float | None) -> str:
        return "-" if value is None else f"{100 * value:.2f} %"

    if "exact_match" in scores:
        return (f"{share(scores['accuracy'])} of the labels right, {share(scores['exact_match'])} of the samples in all of them, "
                f"F1 {_number(scores['f1'])}")
    return (f"R2 {_number(scores['r2'])}, mean squared error {_number(scores['mean_squared_error'])}, "
            f"mean absolute error {_number(scores['mean_absolute_error'])}")


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.4g}"
