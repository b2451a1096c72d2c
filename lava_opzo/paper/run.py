"""One run in a folder: begun or gone on with, a checkpoint after every epoch, and what it came to."""
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from lava_opzo.errors import UserError, shown
from lava_opzo.files.new import refuse_existing
from lava_opzo.files.whole import make_folder
from lava_opzo.paper import checkpoint, samples, training
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
        return [f"{self.samples.said}; {len(self.samples.train.labels)} to learn, {len(self.samples.test.labels)} to test",
                f"{'x'.join(map(str, self.samples.shape))} -> {setup.hidden} -> {network.n_out}, {setup.steps} steps, credit "
                f"{kind}, {weights} parameters, {sum(one.numel() for one in self.learner.arrays.values())} entries of M",
                *map(line, self.done)]

    def epochs(self) -> Iterator[Epoch]:
        """Learn the epochs that are left, each kept on disk before it is told."""
        for epoch in training.train(self.learner, self.samples, len(self.done), _Signs().show):
            self.done.append(epoch)
            checkpoint.save(self.folder / checkpoint.NAME, self.learner, self.done)
            yield epoch

    def result(self) -> dict[str, Any]:
        """What `--json` answers."""
        return {"folder": str(self.folder), "setup": asdict(self.learner.network.setup), "seen": self.learner.seen,
                "test_accuracy": self.done[-1].test if self.done else None, "epochs": [asdict(epoch) for epoch in self.done]}


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


def line(epoch: Epoch) -> str:
    """One line of an epoch."""
    test = "" if epoch.test is None else f"test {100 * epoch.test:.2f} %, "
    return (f"epoch {epoch.number}: {100 * epoch.right:.2f} % right while learning, {test}{epoch.seconds:.1f} s, spikes per step "
            f"and neuron {', '.join(f'{rate:.3f}' for rate in epoch.rates)}")


def chosen(name: str, data: Path | None, credit: str | None, epochs: int | None, seed: int | None, settings: list[str]) -> Setup:
    """A preset with what a command line gave in the place of its own values."""
    given = {"data.path": data and str(data), "credit": credit, "epochs": epochs, "seed": seed}
    return changed(preset(name), {key: value for key, value in given.items() if value is not None}, settings)


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
    network = Network(setup, found.shape, found.n_classes, device)
    training.check(found, network)
    return Run(folder, Learner(network), found, [])
