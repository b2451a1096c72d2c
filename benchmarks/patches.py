"""Training samples per second of the twins with local and shared weights, against backpropagation through time in plain PyTorch.

Run: `python -m benchmarks patches`. The network is 28x28x1 -> 14x14x8 (5x5, stride 2) -> 7x7x16 (3x3, stride 2) -> 10, K = 8; one
thread each. PyTorch runs the convolutional network in one window, the twins their two. All take turns, and the quickest round of
each counts, as another job on the machine slows some rounds of one and others of another. Where torch is not installed (extra
`dl`), its rows are left out.
"""
import importlib.util
import time
from collections.abc import Callable

from benchmarks.twin import samples
from lava_opzo.engines.twin.base import CompiledEngine
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.engines.twin.reals.engine import RealTwinEngine
from lava_opzo.experiment.image_scaling import image_network
from lava_opzo.experiment.layers import parse_layers
from lava_opzo.network.initial import initial_state

NETWORKS = {"shared": "8c5s2,16c3s2", "local": "8l5s2,16l3s2"}
TWINS: dict[str, type[CompiledEngine]] = {"integers": TwinEngine, "reals": RealTwinEngine}
STEPS, ROUNDS, SAMPLES = 8, 12, 1000
BATCHES = (128, 1)
TORCH_SAMPLES = {128: 1280, 1: 100}

Round = tuple[int, Callable[[], object]]
"""How many samples a round learns, and what learns them."""


def twin(kind: type[CompiledEngine], hidden: str) -> Round:
    """A round of a twin, which is compiled by then and has learned its samples once."""
    frames, labels = samples(SAMPLES)
    network = image_network(frames, (28, 28, 1), 10, parse_layers(hidden))
    engine = kind(network, initial_state(network))
    engine.train(frames, labels)
    return SAMPLES, lambda: engine.train(frames, labels)


def backpropagation(batch: int) -> Round:
    """A round of plain PyTorch: integrate and fire, hard reset, a box as surrogate, cross entropy of the sums."""
    import torch

    from benchmarks.backprop import Spike

    torch.set_num_threads(1)

    first, second = torch.nn.Conv2d(1, 8, 5, 2, 2, bias=False), torch.nn.Conv2d(8, 16, 3, 2, 1, bias=False)
    last = torch.nn.Linear(784, 10, bias=False)
    optimiser = torch.optim.SGD([*first.parameters(), *second.parameters(), *last.parameters()], 0.01)
    frames, labels = samples(TORCH_SAMPLES[batch])
    images = torch.from_numpy(frames[:, 0, :-1].reshape(-1, 1, 28, 28)).float() / 15
    targets = torch.from_numpy(labels).long()

    def learn(x, y) -> None:
        optimiser.zero_grad()
        v1, v2, o = torch.zeros(len(x), 8, 14, 14), torch.zeros(len(x), 16, 7, 7), torch.zeros(len(x), 10)
        for _ in range(STEPS):
            v1 = v1 + first(x)
            s1 = Spike.apply(v1)
            v1 = v1 * (1 - s1)
            v2 = v2 + second(s1)
            s2 = Spike.apply(v2)
            v2 = v2 * (1 - s2)
            o = o + last(s2.flatten(1))
        torch.nn.functional.cross_entropy(o, y).backward()
        optimiser.step()

    def learn_all() -> None:
        for i in range(0, len(images), batch):
            learn(images[i:i + batch], targets[i:i + batch])

    learn_all()
    return len(images), learn_all


def run(show: Callable[[str], None]) -> list[dict]:
    """One row a network or batch size; show(text) is called with signs of life."""
    rounds: dict[str, Round] = {}
    for numbers, kind in TWINS.items():
        for name, hidden in NETWORKS.items():
            show(f"patches: twin in {numbers}, {name} weights, {hidden}")
            rounds[f"twin in {numbers}, {name} weights ({hidden})"] = twin(kind, hidden)
    if importlib.util.find_spec("torch") is not None:
        for batch in BATCHES:
            show(f"patches: PyTorch, batch {batch}")
            rounds[f"PyTorch BPTT, shared weights, batch {batch}"] = backpropagation(batch)
    best = dict.fromkeys(rounds, 0.0)
    for number in range(ROUNDS):
        show(f"patches: round {number + 1} of {ROUNDS}")
        for name, (n, learn) in rounds.items():
            start = time.perf_counter()
            learn()
            best[name] = max(best[name], n / (time.perf_counter() - start))
    return [{"what": name, "samples_per_s": rate} for name, rate in best.items()]
