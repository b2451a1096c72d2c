"""What a command works on: an experiment and a state from a path, and samples of its data set."""
from pathlib import Path

import numpy as np

from lava_opzo.data import Dataset
from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment as experiments, presets
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.experiment.samples import load_data
from lava_opzo.files.system import told
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import State
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.presentation import Presentation


def open_source(path: Path | None, real: bool = False) -> tuple[Experiment, State]:
    """The experiment and its state: of a checkpoint or run folder the learned one, else the initial one.

    path: a config file, a checkpoint, a run folder, or None for the digits preset. Raises UserError when it is none of these,
    damaged, or (unless `real`) holds a network trained in real numbers.
    """
    path = None if path is None else checkpoint_of(path)
    if path is not None and path.suffix == ".safetensors":
        experiment, state, _ = checkpoint.load(path)
        if not real and experiment.number == "real":
            raise UserError(f"{path}: holds a network of real numbers; boards and exports take one trained with --number fixed")
        return experiment, state
    if path is not None and path.suffix != ".toml":
        raise UserError(f"{path}: neither a config (.toml) nor a checkpoint (.safetensors) nor a run folder; give one of these")
    experiment = experiments.load(path) if path else presets.digits()
    return experiment, initial_state(experiment.network)


def checkpoint_of(path: str | Path) -> Path:
    """The checkpoint of a run folder; any other path as it is."""
    with told(f"{path}: cannot be read"):
        return RunFolder(path).checkpoint if Path(path).is_dir() else Path(path)


def samples(experiment: Experiment, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The first n test samples of the experiment's data set, or training samples where it has no test part: (frames, labels)."""
    return samples_of(load_data(experiment), n)


def samples_of(dataset: Dataset, n: int) -> tuple[np.ndarray, np.ndarray]:
    """The same of a data set that is there."""
    if len(dataset.test_labels):
        return dataset.test_frames[:n], dataset.test_labels[:n]
    return dataset.train_frames[:n], dataset.train_labels[:n]


def training_samples(experiment: Experiment, n: int, done: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """The next n samples in the order in which the experiment learns them, or all that its epochs have left: (frames, labels).

    done: samples learned before. After the last epoch the order goes on with one more.
    """
    dataset = load_data(experiment)
    size = max(1, len(dataset.train_labels))
    end = max(experiment.training.epochs, done // size + 1) * size
    stop, presented, parts = min(done + n, end), Presentation(dataset, experiment.training), []
    while done < stop:
        parts.append(presented.part(done, stop - done))
        done += len(parts[-1][1])
    frames, labels = zip(*parts, strict=True)
    return np.concatenate(frames), np.concatenate(labels)
