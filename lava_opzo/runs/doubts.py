"""What makes it doubtful that a network learns: a layer that is all but silent or never rests, answers no better than chance."""
import warnings
from collections.abc import Sequence

import numpy as np

from lava_opzo.errors import LearningWarning
from lava_opzo.network.network import Network
from lava_opzo.runs.scores import Running, Scores
from lava_opzo.silicon.readouts import CLASSES, LABELS, NO_LABEL, VALUES

SILENT, BUSY = 0.005, 0.45
"""Spikes per step and neuron of a layer below and above which it passes hardly anything on; presets have up to 0.36."""

LEAST_SAMPLES = 500
"""Learned samples before which nothing is doubted."""

WELL = 0.9
"""The share of right answers from which spike rates are not doubted: few neurons that tell all apart may be busy."""

Doubts = dict[tuple[str, str], str]
"""(population, what is doubtful) -> a line that says it with its value, its limit and what to try."""


def doubts(network: Network, spike_rates: Sequence[float], n_trained: int, right: float, answers: int, chance: float) -> Doubts:
    """What is doubtful after so many learned samples; {} where all is well, or where it is too early to tell.

    spike_rates: of each hidden layer. right: share of the last `answers` predictions that were right, of values their R2. chance:
    the share that always naming the most frequent class gets right (`chance_of`).
    """
    if n_trained < LEAST_SAMPLES:
        return {}
    found: Doubts = {}
    for layer, below, rate in zip(network.hidden, network.forward, spike_rates, strict=False):
        if rate < SILENT and right < WELL:
            found[layer.name, "silent"] = (
                f"population '{layer.name}': {rate:.4f} spikes per step and neuron, below {SILENT}: it is all but silent and "
                f"passes nothing on; lower its vth or raise sigma of '{below.name}'")
        if rate > BUSY and right < WELL:
            found[layer.name, "busy"] = (
                f"population '{layer.name}': {rate:.2f} spikes per step and neuron, above {BUSY}: it hardly tells inputs apart; "
                f"raise its vth, lower sigma of '{below.name}' or the payloads")
    if answers and chance < 1 and right <= chance + 2 * (chance * (1 - chance) / answers) ** 0.5:
        narrow = min(layer.n for layer in network.hidden)
        found[network.readout.name, "chance"] = (
            f"population '{network.readout.name}': {100 * right:.1f} % of the last {answers} answers were right, and naming the "
            f"most frequent class always gets {100 * chance:.1f} %; try more than {narrow} neurons in the narrowest layer, "
            "another seed or y_shift, or a smaller error_shift")
    if network.readout.kind == VALUES and right <= 0:
        found[network.readout.name, "chance"] = (
            f"population '{network.readout.name}': R2 of the last {answers} answers is {right:.3f}, and always naming the mean "
            "has 0; try another seed or y_shift, another error_shift or wider layers")
    return found


def chance_of(labels: np.ndarray, kind: str = CLASSES) -> float:
    """The share of right answers of always naming the most frequent class, or of each label what is more frequent; 1 where there
    are no labels, and for values, whose R2 says it.
    """
    if not len(labels) or kind == VALUES:
        return 1.0
    if kind == LABELS:
        shares = labels.mean(axis=0)
        return float(np.maximum(shares, 1 - shares).mean())
    return float(np.bincount(labels).max() / len(labels))


def right_of(accuracy: float | None, scores: Scores | None) -> float:
    """The share of right answers, and of values R2 in its place, or 1 where they do not differ."""
    r2 = (scores or {}).get("r2")
    return accuracy if accuracy is not None else 1.0 if r2 is None else r2


class Said:
    """Warns of every doubt once."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()

    def say(self, found: Doubts) -> None:
        """A LearningWarning for each that was not said before."""
        for key in [key for key in found if key not in self._keys]:
            warnings.warn(found[key], LearningWarning, stacklevel=3)
        self._keys |= found.keys()


class Judge:
    """Judges a stream whenever it has learned twice as many samples as at the last time, from `LEAST_SAMPLES` on."""

    def __init__(self, kind: str = CLASSES) -> None:
        self._learned, self._due, self._said = 0, LEAST_SAMPLES, Said()
        self._kind, self._running = kind, Running(kind)

    def add(self, predictions: np.ndarray, labels: np.ndarray) -> bool:
        """Count learned samples, or steps that had a label; whether it is time to judge.

        Shapes:
            predictions, labels: (n,), (n, K) classes of steps, or (n, n_out).
        """
        if self._kind == CLASSES:
            predictions, labels = predictions[labels != NO_LABEL], labels[labels != NO_LABEL]
        if not len(labels):
            return False
        self._running.add(predictions, labels)
        self._learned += len(labels)
        return self._learned >= self._due

    def judge(self, network: Network, spike_rates: Sequence[float]) -> None:
        """Warn of what is doubtful now, and begin to count anew."""
        seen = self._running
        self._said.say(doubts(network, spike_rates, self._learned, seen.right, seen.samples, seen.chance))
        self._due, self._running = 2 * self._learned, Running(self._kind)
