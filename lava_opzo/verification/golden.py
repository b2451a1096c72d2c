"""Recording golden vectors in one engine and replaying them in others."""
from pathlib import Path

import numpy as np

from lava_opzo.engines.engine import Recorder
from lava_opzo.engines.reader import Reader
from lava_opzo.engines.record import Record, shapes
from lava_opzo.engines.registry import recorder
from lava_opzo.engines.samples import check_frames, check_labels, empty_answers
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError, shown
from lava_opzo.experiment.experiment import Experiment, dumps, loads
from lava_opzo.network.checks import check_kept
from lava_opzo.network.network import Network
from lava_opzo.network.old_names import LAYERS, new_arrays
from lava_opzo.network.state import State, shapes as state_shapes
from lava_opzo.verification import golden_folder as folders, golden_manifest as manifests
from lava_opzo.verification.lockstep import Report, Show, silent, verify
from lava_opzo.verification.played import Player, ReadTarget
from lava_opzo.verification.targets import verify_target

START, SAMPLES, GOLDEN = "start", "samples", "golden"
FRAMES, LABELS = f"{SAMPLES}/frames", f"{SAMPLES}/labels"

MOST_SAMPLES = 10_000
"""Most samples of one folder, a file each."""


def record(folder: Path, experiment: Experiment, state: State, frames: np.ndarray, labels: np.ndarray,
           engine: str | Target, show: Show = silent) -> None:
    """Learn the samples in `engine` and write every variable of every step; `state` stays as it is.

    Of a target what a host can read after each sample is written.
    Raises UserError when `folder` exists or cannot be written, and for samples or an experiment that cannot be recorded.

    Shapes:
        frames: uint8 (n, rows, n_in). labels: (n,), or (n, K) of steps.
    """
    folder = Path(folder)
    owner = f"golden vectors {folder}"
    folders.refuse_used(folder)
    _check_fixed(owner, experiment)
    frames = check_frames(experiment.network, frames)
    labels = check_labels(experiment.network, labels, len(frames))
    if not 0 < len(frames) <= MOST_SAMPLES:
        raise UserError(f"{owner}: {len(frames)} samples are outside 1..{MOST_SAMPLES}; choose another number")
    _check_start(experiment.network, state.arrays, state.n_trained)
    files = {START: state.arrays, SAMPLES: {"frames": frames, "labels": labels.astype(np.int64)}}
    running: Recorder | Reader
    if isinstance(engine, Target):
        engine.check(experiment.network)
        name, form, running = engine.name.replace("-", "_"), manifests.FORMAT_READ, engine.reader(experiment.network, state,
                                                                                                  frames.shape[1])
    else:
        name, form, running = engine, manifests.FORMAT, recorder(engine, experiment.network, state, frames.shape[1])
    try:
        for s, (frame, label) in enumerate(zip(frames, labels, strict=True)):
            files[_file(s)] = _flat(running.sample(frame, label))
            show(s + 1, len(frames))
    finally:
        running.stop()
    folders.write(folder, name, dumps(experiment), experiment.network.seed, state.n_trained, files, form)


class Vectors:
    """Golden vectors read from `folder`. Raises UserError with the reason when they are foreign, truncated or edited."""

    def __init__(self, folder: Path) -> None:
        folder = Path(folder)
        manifest, owner = manifests.read(folder), f"golden vectors {folder}"
        experiment = loads(manifest.experiment, owner)
        _check_fixed(owner, experiment)
        self.engine, self.n_trained, self.network = manifest.engine, manifest.n_trained, experiment.network
        self.is_read = manifest.format == manifests.FORMAT_READ
        if manifest.seed != self.network.seed:
            manifests.refuse(folder, f"seed {shown(manifest.seed)} is not the network's {self.network.seed}")
        names = _names(self.network, manifest)
        if len(names) != len(manifest.arrays):
            manifests.refuse(folder, "an array is there by its old and by its new name")
        shape = manifest.arrays[names[FRAMES]].shape if FRAMES in names else ()
        if len(shape) != 3 or shape[1] not in (1, self.network.learning.steps) or not 0 < shape[0] <= MOST_SAMPLES:
            manifests.refuse(folder, f"frames of shape {shown(shape)} are not 1..{MOST_SAMPLES} samples of its network")
        self._shapes = _shown(self.network, names) if self.is_read else shapes(self.network)
        steps = 1 if self.is_read else self.network.schedule().length
        each_step = self.network.learning.by_step and LABELS in names and len(manifest.arrays[names[LABELS]].shape) == 2
        wanted = _expected(self.network, self._shapes, steps, *shape[:2], each_step)
        expected = {names.get(name, name): what for name, what in wanted.items()}
        self._files = _renamed(folders.read(folder, manifest, expected), names)
        try:
            self.frames = check_frames(self.network, self._files[SAMPLES]["frames"])
            self.labels = check_labels(self.network, self._files[SAMPLES]["labels"], len(self.frames))
            _check_start(self.network, self._files[START], self.n_trained)
        except UserError as error:
            manifests.refuse(folder, str(error))

    @property
    def state(self) -> State:
        """Where the recording started."""
        return State(self._files[START], self.n_trained).copy()

    def sample(self, number: int) -> Record:
        """The record of one sample; what was read after it, where a target was recorded."""
        file = self._files[_file(number)]
        return {part: {name: file[f"{part}.{name}"].astype(np.int64) for name in variables}
                for part, variables in self._shapes.items()}

    def replay(self, engines: tuple[str, ...], show: Show = silent) -> Report:
        """Learn the samples in each engine and compare every value with the recorded one.

        Raises UserError for several engines where a target was recorded.
        """
        if not self.is_read:
            return verify(self.network, self.state, self.frames, self.labels, (GOLDEN, *engines), show=show, make=self._make)
        if len(engines) != 1:
            raise UserError(f"these vectors hold what could be read of '{self.engine}' after each sample; choose one engine, "
                            f"not {', '.join(engines)}")
        return verify_target(self.network, self.state, self.frames, self.labels, ReadTarget(GOLDEN, self.sample), engines[0],
                             show=show)

    def replay_target(self, target: Target, show: Show = silent) -> Report:
        """Learn the samples in a target and compare what it shows. Raises UserError where a target was recorded."""
        if self.is_read:
            raise UserError(f"these vectors hold what could be read of '{self.engine}'; replay them in an engine such as twin")
        return verify_target(self.network, self.state, self.frames, self.labels, target, GOLDEN, show=show, make=self._make)

    def _make(self, name: str, network: Network, state: State, rows: int) -> Recorder:
        return Player(self.sample, state.n_trained - self.n_trained) if name == GOLDEN else recorder(name, network, state, rows)


def _check_fixed(owner: str, experiment: Experiment) -> None:
    """Raise UserError for an experiment in real numbers, which these vectors do not hold."""
    if experiment.number != "fixed":
        raise UserError(f"{owner}: number '{experiment.number}' is not 'fixed'; only the chip's integers are recorded")


def _check_start(network: Network, arrays: dict[str, np.ndarray], n_trained: int) -> None:
    """Refuse arrays that learning cannot leave. A recording may start from odd weights, where no training starts."""
    check_kept(network, State(arrays, max(1, n_trained)), "fixed", changed=True)


def _shown(network: Network, names: dict[str, str]) -> dict[str, dict[str, tuple[int, ...]]]:
    """Part -> variable -> shape of what a target showed after its first sample; what has no such shape is left for a refusal."""
    return {part: kept for part, variables in shapes(network).items()
            if (kept := {name: shape for name, shape in variables.items() if f"{_file(0)}/{part}.{name}" in names})}


def _expected(network: Network, recorded: dict[str, dict[str, tuple[int, ...]]], steps: int, n: int, rows: int,
              each_step: bool) -> dict[str, tuple[tuple[int, ...], str]]:
    """FILE/NAME, today's names, of every array of n samples -> its shape and type. each_step: whether each step has a label."""
    expected = {f"{START}/{name}": (shape, "<i4") for name, shape in state_shapes(network).items()}
    labels = (n, network.learning.steps) if each_step else empty_answers(network, n).shape
    expected |= {FRAMES: ((n, rows, network.input.n), "|u1"), LABELS: (labels, "<i8")}
    return expected | {f"{_file(number)}/{part}.{name}": ((steps, *shape), "<i4") for number in range(n)
                       for part, variables in recorded.items() for name, shape in variables.items()}


def _names(network: Network, manifest: manifests.Manifest) -> dict[str, str]:
    """Today's FILE/NAME of every array of a manifest -> the one that it has there."""
    def new(name: str) -> str:
        file, _, array = name.partition("/")
        part, _, variable = array.rpartition(".")
        if file == START:
            return f"{file}/{next(iter(new_arrays(network, {array: np.empty(0)})))}"
        return f"{file}/{LAYERS.get(part, part)}.{variable}" if part in LAYERS else name

    return {name if manifest.format in (manifests.FORMAT, manifests.FORMAT_READ) else new(name): name for name in manifest.arrays}


def _renamed(files: folders.Files, names: dict[str, str]) -> folders.Files:
    """The arrays of all files by the names that are keys of `names`."""
    renamed: folders.Files = {file: {} for file in files}
    for new, old in names.items():
        file, _, name = new.partition("/")
        renamed[file][name] = files[file][old.partition("/")[2]]
    return renamed


def _file(sample: int) -> str:
    return f"sample{sample:04}"


def _flat(record: Record) -> dict[str, np.ndarray]:
    return {f"{part}.{name}": values.astype(np.int32) for part, variables in record.items()
            for name, values in variables.items()}
