"""The house: one small thing of every kind that lava-opzo reads or makes, made by its own commands; trials copy parts of it."""
import gzip
import json
import os
import shutil
import signal
import struct
from pathlib import Path

import numpy as np

from lava_opzo.data import load
from lava_opzo.experiment import experiment
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.files.whole import write_whole
from lava_opzo.network.form import changed
from lava_opzo.runs.progress import Display
from sim_tests.helpers.gesture_files import write_gestures
from sim_tests.helpers.networks import random_samples, small_network
from sim_tests.helpers.nmnist_files import write_nmnist
from sim_tests.hostile.child import Inside, forked

EPOCHS, TRAINED, STOPPED = 3, 40, 40
"""Of the tiny run: epochs, training samples, and samples after which the interrupted copy stopped."""


def build(house: Path) -> None:
    """Fill an empty folder."""
    _tiny(house)
    _idx(house / "idx", plain=True)
    _idx(house / "gz", plain=False)
    write_nmnist(house / "nmnist", each=2)
    write_gestures(house / "dvs")
    for name, loader, path, options in (
            ("idx", "idx", "idx", {}), ("gz", "idx", "gz", {}), ("nmnist", "nmnist", "nmnist", {"downsample": 8, "n_test": 4}),
            ("dvs", "dvs_gesture", "dvs", {"downsample": 32, "n_test": 4})):
        _config(house, f"{name}.toml", Data(loader, path, 0, options))
    (house / "sweep.toml").write_text('base = "tiny.toml"\n[sweep]\nseeds = [1, 2]\n[sweep.parameters]\n'
                                      '"training.epochs" = [1]\n')
    _command(house, "train", "--config", "tiny.toml", "--out", "done")
    _command(house, "train", "--config", "tiny.toml", "--out", "half", inside=_stopped, code=130)
    _command(house, "train", "--config", "tiny.toml", "--number", "real", "--out", "real")
    _command(house, "record", "golden", "--config", "tiny.toml", "--samples", "2", "--engine", "twin")
    _command(house, "export", "done", "a.net", "--round-odd")
    _command(house, "export", "done", "a.nir", "--to", "nir", "--round-odd")
    _command(house, "sweep", "sweep.toml", "--out", "swept")
    shutil.copytree(house / "half", house / "torn")
    os.truncate(house / "torn" / "checkpoint.safetensors", 1000)
    _queued(house)
    (house / "swept" / "logs" / "p1-seed2.failed").write_text(json.dumps({"reason": "killed by SIGKILL", "log": "p1-seed2.log"}))


def without_lava() -> None:
    """In a child: the picture of a run becomes a few bytes, as Lava, which plays its raster, takes seconds to start."""
    from lava_opzo.report import run as report

    report.draw = lambda run, dataset: write_whole(run.picture, b"picture")


def _stopped() -> None:
    without_lava()
    show = Display.show

    def shown(self, progress, text):
        show(self, progress, text)
        if progress.done >= STOPPED:
            os.kill(os.getpid(), signal.SIGINT)

    Display.show = shown


def _command(house: Path, *arguments: str, inside: Inside = without_lava, code: int = 0) -> None:
    ended = forked(arguments, house, inside, seconds=300).ended()
    if ended.code != code:
        raise SystemExit(f"the house cannot be built: {' '.join(ended.command)} ended with {ended.code}\n{ended.errors}")


def _tiny(house: Path) -> None:
    bare = small_network()
    frames, labels = random_samples(bare, TRAINED + 10)
    np.savez(house / "data.npz", frames=frames[:TRAINED], labels=labels[:TRAINED], test_frames=frames[TRAINED:],
             test_labels=labels[TRAINED:])
    np.savez(house / "bare.npz", frames=frames[TRAINED:])
    np.savetxt(house / "bare.csv", frames[TRAINED:, 0], "%d", ",")
    tiny = Experiment(Data("npz", "data.npz"), changed(bare, n_in=bare.input.n + 1), Training(EPOCHS))
    (house / "tiny.toml").write_text(experiment.dumps(tiny))


def _config(house: Path, name: str, data: Data) -> None:
    """A config for a data set of the house, a small network of its sizes; its path is relative to the house."""
    dataset = load(data.name, house / data.path, steps=5, seed=data.seed, **data.options)
    network = small_network(hidden=(6,), n_in=dataset.train_frames.shape[2], n_out=dataset.n_classes)
    (house / name).write_text(experiment.dumps(Experiment(data, network, Training(1))))


def _queued(house: Path) -> None:
    """The same sweep, of one member of which a job is said to be on a cluster."""
    shutil.copytree(house / "swept", house / "queued")
    (house / "queued" / "cluster-0123abcd").mkdir(0o700)
    jobs = {"folder": "cluster-0123abcd", "cluster": "local", "jobs": {"p1-seed1": "4000001"}}
    (house / "queued" / "jobs.json").write_text(json.dumps(jobs, indent=2) + "\n")


def _idx(folder: Path, plain: bool) -> None:
    """Four files of random images of 4 x 4 pixels in four classes."""
    folder.mkdir()
    rng = np.random.default_rng(3)
    for part, n in (("train", 24), ("t10k", 8)):
        for kind, shape, high in (("images-idx3", (n, 4, 4), 256), ("labels-idx1", (n,), 4)):
            values = rng.integers(0, high, shape).astype(np.uint8)
            if kind == "labels-idx1":
                values[:4] = np.arange(4)
            content = struct.pack(f">BBBB{len(shape)}I", 0, 0, 8, len(shape), *shape) + values.tobytes()
            (folder / f"{part}-{kind}-ubyte").write_bytes(content if plain else gzip.compress(content, mtime=0))
