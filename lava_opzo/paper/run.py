"""One run in a folder: begun or gone on with, a checkpoint after every epoch, and what it came to."""
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from lava_opzo.errors import UserError, shown
from lava_opzo.files import lock
from lava_opzo.files.new import refuse_existing
from lava_opzo.files.whole import make_folder
from lava_opzo.paper import checkpoint, compiling, memory, samples, training
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.presets import preset
from lava_opzo.paper.samples import Samples
from lava_opzo.paper.setup import Setup, changed
from lava_opzo.paper.training import Epoch

SIGN_OF_LIFE = 10.0
"""Seconds between two lines of progress inside an epoch."""


@dataclass
class Run:
    """A run that may begin or go on. done: its epochs so far. said: lines about it for a reader."""

    folder: Path
    learner: Learner
    samples: Samples
    done: list[Epoch]

    @property
    def said(self) -> list[str]:
        """What is trained on what, and what the run came to before."""
        network, setup = self.learner.network, self.learner.network.setup
        weights = sum(one.numel() for one in self.learner.parameters.values())
        kind = setup.credit + (", local readouts" if setup.local else "") + (f", relay {setup.relay}" if setup.relay else "")
        train, other = len(self.samples.train.labels), len(self.samples.test.labels)
        return [f"{self.samples.said}; {train} training samples, {other} {setup.data.measured_on} samples",
                f"{'x'.join(map(str, self.samples.shape))} -> {setup.hidden} -> {network.n_out}, {setup.steps} steps, credit "
                f"{kind}, {weights} parameters, {sum(one.numel() for one in self.learner.arrays.values())} entries of M",
                *map(self.line, self.done)]

    def line(self, epoch: Epoch) -> str:
        """One line of an epoch."""
        measured_on = self.learner.network.setup.data.measured_on
        found = "" if epoch.test is None else f"{measured_on} {100 * epoch.test:.2f} %, "
        return (f"epoch {epoch.number}: {100 * epoch.right:.2f} % right while learning, {found}{epoch.seconds:.1f} s, spikes per "
                f"step and neuron {', '.join(f'{rate:.3f}' for rate in epoch.rates)}")

    def epochs(self) -> Iterator[Epoch]:
        """Learn the epochs that are left, each kept on disk before it is told; the folder is held meanwhile.

        Raises UserError that names the process that holds it, where another one has gone on with the run since it was read, and
        for a lack of memory and of a compiler that compiled=true needs.
        """
        setup, owner, path = self.learner.network.setup, f"paper run {self.folder}", self.folder / checkpoint.NAME
        if len(self.done) >= setup.epochs:
            return
        with lock.held(owner, self.folder), memory.told(setup), compiling.told():
            if (there := len(checkpoint.load(path)[1])) != len(self.done):
                raise UserError(f"{owner}: its checkpoint has {there} epochs, {len(self.done)} when it was read; resume it again")
            for epoch in training.train(self.learner, self.samples, len(self.done), _Signs().show):
                self.done.append(epoch)
                checkpoint.save(path, self.learner, self.done)
                yield epoch

    def result(self) -> dict[str, Any]:
        """What `--json` answers; what was measured on validation samples is called so."""
        setup = self.learner.network.setup
        on = setup.data.measured_on
        epochs = [{on if key == "test" else key: value for key, value in asdict(epoch).items()} for epoch in self.done]
        return {"folder": str(self.folder), "setup": asdict(setup), "seen": self.learner.seen, "measured_on": on,
                f"{on}_accuracy": self.done[-1].test if self.done else None, "epochs": epochs}


class _Signs:
    """Lines on standard error, every ten seconds of an epoch."""

    def __init__(self) -> None:
        self._last = time.monotonic()

    def show(self, epoch: int, learned: int, n: int) -> None:
        """Tell how far an epoch is."""
        if time.monotonic() - self._last > SIGN_OF_LIFE:
            self._last = time.monotonic()
            print(f"epoch {epoch}: {learned}/{n} samples", file=sys.stderr, flush=True)


def first_line(device: str) -> str:
    """Where a run computes. Raises UserError for a device that is unknown or not here."""
    if device not in ("cpu", "cuda"):
        raise UserError(f"paper: device '{shown(device)}' is not cpu or cuda; choose one of them")
    if device == "cuda" and not torch.cuda.is_available():
        raise UserError("paper: device 'cuda' is not here, or this torch was built without it; leave --device out")
    where = f"cuda ({torch.cuda.get_device_name()})" if device == "cuda" else f"cpu, {torch.get_num_threads()} threads"
    return f"paper: torch {torch.__version__} in real numbers on {where}; no board is used"


def chosen(name: str, data: Path | None, credit: str | None, epochs: int | None, seed: int | None, settings: list[str]) -> Setup:
    """A preset with what a command line gave in the place of its own values. Raises UserError for a key that it gave twice."""
    options = {"data.path": data and str(data), "credit": credit, "epochs": epochs, "seed": seed}
    given = {key: value for key, value in options.items() if value is not None}
    for setting in settings:
        key = setting.partition("=")[0]
        if key in given:
            raise UserError(f"paper: --set {shown(setting)} stands beside --{key.partition('.')[0]}, which sets the same; leave "
                            "one of them out")
    return changed(preset(name), given, settings)


def started(setup: Setup, folder: Path, device: str = "cpu") -> Run:
    """A new run. Raises UserError where its folder is there already, or where data and network do not fit."""
    refuse_existing(folder)
    run = _built(setup, folder, device)
    make_folder(f"run folder {folder}", folder)
    checkpoint.save(folder / checkpoint.NAME, run.learner, [])
    return run


def resumed(folder: Path, device: str = "cpu") -> Run:
    """A run as its last whole epoch left it."""
    setup, done, seen, arrays = checkpoint.load(folder / checkpoint.NAME)
    run = _built(setup, folder, device)
    checkpoint.restore(run.learner, seen, arrays)
    run.done = done
    return run


def _built(setup: Setup, folder: Path, device: str) -> Run:
    found = samples.loaded(setup)
    memory.check_held(setup, found.shape, found.n_classes)
    with memory.told(setup):
        network = Network(setup, found.shape, found.n_classes, device)
        training.check(found, network)
        return Run(folder, Learner(network), found.to(network.device), [])
