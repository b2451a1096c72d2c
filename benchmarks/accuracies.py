"""What benchmarks of accuracy share: how right a network is after every epoch, and a row of a table over seeds."""
import statistics
from collections.abc import Iterator

from lava_opzo.data.dataset import Dataset
from lava_opzo.engines.engine import Engine
from lava_opzo.experiment.experiment import Training
from lava_opzo.runs.loop import Progress, accuracy, train


def after_epochs(engine: Engine, dataset: Dataset, training: Training) -> Iterator[tuple[Progress, float]]:
    """Learn the training samples; after every epoch where the run is, and the percent of test samples that are right then."""
    for progress in train(engine, dataset, training):
        if progress.epoch_done:
            yield progress, 100 * accuracy(engine, dataset.test_frames, dataset.test_labels)


def row(name: str, found: list[float]) -> str:
    """One row of a table in Markdown: accuracies in percent, their mean and standard deviation."""
    spread = statistics.stdev(found) if len(found) > 1 else 0.0
    return f"| {name} | {', '.join(f'{right:.2f}' for right in found)} | {statistics.mean(found):.2f} | {spread:.2f} |"
