"""Resident memory of a process that trains the twin on 60,000 samples of MNIST's shape, uint8 (60000, 1, 785): its peak.

Measured in a child process: after its imports, with the samples in memory, and after an epoch; then the whole command
`lava-opzo train` on the same samples, with test, checkpoint and picture.
"""
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np

SAMPLES = 60_000
PART = 1000
HIDDEN = (200, 200)
KIB = 1024


def dataset():
    """The samples, made in parts: a generator of random numbers for all of them at once would set the peak."""
    from benchmarks.twin import samples
    from lava_opzo.data.dataset import Dataset

    frames, labels = np.empty((SAMPLES, 1, 785), np.uint8), np.empty(SAMPLES, np.int64)
    for start in range(0, SAMPLES, PART):
        frames[start:start + PART], labels[start:start + PART] = samples(PART, seed=start)
    return Dataset("generated", 10, frames, labels, frames[:0], labels[:0], "benchmarks.memory")


def peak_mb() -> float:
    """The largest resident set of this process so far, in MB (10^6 bytes)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB / 1e6


def child() -> None:
    """One epoch in this process; prints the peaks as JSON."""
    from lava_opzo.engines.twin.integers.engine import TwinEngine
    from lava_opzo.experiment.experiment import Training
    from lava_opzo.experiment.scaling import network
    from lava_opzo.network.initial import initial_state
    from lava_opzo.runs.loop import train

    peaks = {"imports": peak_mb()}
    data, chosen = dataset(), network(785, HIDDEN, 10)
    peaks["samples in memory"] = peak_mb()
    for _ in train(TwinEngine(chosen, initial_state(chosen)), data, Training(1)):
        pass
    peaks["one epoch in the twin"] = peak_mb()
    print(json.dumps(peaks))


def command(folder: Path) -> float:
    """Peak of `lava-opzo train` for one epoch; its Lava children, which draw one raster, not counted."""
    data = dataset()
    np.savez(folder / "data.npz", frames=data.train_frames[:, :, :-1], labels=data.train_labels,
             test_frames=data.train_frames[:10_000, :, :-1], test_labels=data.train_labels[:10_000])
    program = ("import atexit, sys; from benchmarks.memory import peak_mb; atexit.register(lambda: print(peak_mb())); "
               "from lava_opzo.cli.app import main; main()")
    arguments = ["train", "--dataset", "npz", "--data", folder / "data.npz", "--hidden", ",".join(map(str, HIDDEN)),
                 "--epochs", "1", "--out", folder / "run"]
    return float(_python("-c", program, *arguments).splitlines()[-1])


def _python(*arguments: object) -> str:
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=300).stdout


def run(show: Callable[[str], None]) -> list[dict]:
    """One row a stage; show(text) is called with signs of life."""
    show(f"memory: a child process trains {SAMPLES} samples in the twin, then `lava-opzo train` does")
    rows = [{"stage": stage, "peak_mb": peak} for stage, peak in json.loads(_python("-m", "benchmarks.memory")).items()]
    with tempfile.TemporaryDirectory() as folder:
        return rows + [{"stage": "the whole command", "peak_mb": command(Path(folder))}]


if __name__ == "__main__":
    child()
