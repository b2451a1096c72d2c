"""Measures one thing in the checkout that is the working directory, and prints one number. `benchmarks.before_after` starts it.

Run: `python -c "$(cat benchmarks/before_after_driver.py)" twin 200` and the like. It knows how version 0.1 builds an engine, and
how it is built today.
"""
import importlib
import statistics
import sys
import time
from pathlib import Path

TODAY = Path("lava_opzo/engines/registry.py").exists() and Path("lava_opzo/network/initial.py").exists()
PARTS = ({"scaling": "lava_opzo.experiment.scaling", "presets": "lava_opzo.experiment.presets",
          "state": "lava_opzo.network.initial", "cli": "lava_opzo.cli.app"} if TODAY else
         {"scaling": "lava_opzo.scaling", "presets": "lava_opzo.presets", "state": "lava_opzo.state", "cli": "lava_opzo.cli"})


def part(name):
    """A module of the checkout by what it is for."""
    module = importlib.import_module(PARTS[name])
    assert Path(module.__file__).is_relative_to(Path.cwd()), f"{module.__file__} is not in {Path.cwd()}"
    return module


def engine(name, network, state):
    """An engine of the checkout."""
    if TODAY:
        return importlib.import_module("lava_opzo.engines.registry").make(name, network, state)
    if name == "twin":
        return importlib.import_module("lava_opzo.twin_engine").TwinEngine(network, state)
    return importlib.import_module("lava_opzo.engine").LavaEngine(network, state, capacity=32)


def samples(n, n_in, n_classes):
    """A fifth of the lines active with a payload of 1..15, the bias line at 15, and random labels: as sparse as MNIST."""
    import numpy as np

    rng = np.random.default_rng(0)
    frames = rng.integers(1, 16, (n, 1, n_in)) * (rng.random((n, 1, n_in)) < 0.2)
    frames[:, :, -1] = 15
    return frames.astype(np.uint8), rng.integers(0, n_classes, n).astype(np.int32)


def seconds_a_sample(name, network, warm, n, passes):
    """Seconds of one learned sample: the median of some passes over n of them, after `warm` of them."""
    frames, labels = samples(n, network.input.n if TODAY else network.n_in, network.readout.n)
    made = engine(name, network, part("state").initial_state(network))
    try:
        made.train(frames[:warm], labels[:warm])
        return statistics.median(one_pass(made, frames, labels) for _ in range(passes)) / n
    finally:
        made.stop()


def one_pass(made, frames, labels):
    """Seconds of learning the samples in chunks of the engine's size."""
    start = time.perf_counter()
    for begin in range(0, len(frames), made.chunk):
        made.train(frames[begin:begin + made.chunk], labels[begin:begin + made.chunk])
    return time.perf_counter() - start


def twin(width):
    """Samples/s of the twin in 784-width-width-10 with a bias line."""
    network = part("scaling").network(785, (int(width), int(width)), 10)
    return 1 / seconds_a_sample("twin", network, 500, 8000 if int(width) < 400 else 3000, 7)


def lava():
    """Milliseconds of a time step in Lava with the event-driven model, digits preset."""
    network = part("presets").digits().network
    return 1000 * seconds_a_sample("fast", network, 8, 64, 3) / network.schedule().length


def loaded(name):
    """Milliseconds that an import takes."""
    start = time.perf_counter()
    importlib.import_module(PARTS.get(name, name))
    return 1000 * (time.perf_counter() - start)


if __name__ == "__main__":
    print({"twin": twin, "lava": lava, "loaded": loaded}[sys.argv[1]](*sys.argv[2:]))
