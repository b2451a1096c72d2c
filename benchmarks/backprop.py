"""Backpropagation through time in plain PyTorch on the network that `lava-opzo train` learns: what our accuracy is held against.

Run: `python -m benchmarks.backprop DIR [--samples N] [--validation N] [--hidden 200,200] [--epochs 12] [--rates 3e-4 1e-3 3e-3]
[--inputs pixels centred contrast] [--jitter PIXELS] [--seeds 3] [--device cuda]` for a folder of idx files; layers are all to all
or convolutions (32c9s2). Integrate and fire, hard reset, a box as surrogate, K = 8, Adam with a cosine schedule, batches of 128,
cross entropy of the summed output. Input and rate are those that are best on the last N training samples with seed 11; then it
learns all training samples with seeds 1, 2, ... and is tested.
"""
import argparse
import statistics
import sys
from dataclasses import replace
from functools import cache

import numpy as np
import torch

from lava_opzo.data import load
from lava_opzo.data.dataset import Dataset
from lava_opzo.data.moving import moved
from lava_opzo.experiment.experiment import Training
from lava_opzo.experiment.layers import Layer, parse_layers, wired
from lava_opzo.network.connections import Wiring
from lava_opzo.runs.presentation import epoch_moves
from lava_opzo.topology.conv import Conv

STEPS, BATCH, TUNING_SEED = 8, 128, 11
INPUTS = ("pixels", "centred", "contrast")
"""Pixels as they are, without their mean, or as `lava_opzo.data.contrast` shows them."""


class Spike(torch.autograd.Function):
    """1 above the threshold; backwards a box of the width of the threshold."""

    @staticmethod
    def forward(ctx, v):
        ctx.save_for_backward(v)
        return (v > 1).float()

    @staticmethod
    def backward(ctx, gradient):
        (v,) = ctx.saved_tensors
        return gradient * ((v - 1).abs() < 0.5).float()


def answered(layers: torch.nn.ModuleList, images: torch.Tensor) -> torch.Tensor:
    """The mean output over a window, (n, classes); the input is the same current in every step."""
    current, *above = layers
    first, total = current(images), torch.zeros(())
    v = [torch.zeros(())] * len(above)
    for _ in range(STEPS):
        a = first
        for i, layer in enumerate(above):
            v[i] = v[i] + a
            spikes = Spike.apply(v[i])
            v[i] = v[i] * (1 - spikes)
            a = layer(spikes)
        total = total + a
    return total / STEPS


class Convolution(torch.nn.Module):
    """A convolution without bias between images whose pixels, all channels of one after the other, are flat."""

    def __init__(self, of: Conv):
        super().__init__()
        self.shape, depth = of.shape, of.shape[2]
        self.inner = torch.nn.Conv2d(depth, of.channels, of.kernel, of.stride, of.padding, bias=False)

    def forward(self, flat: torch.Tensor) -> torch.Tensor:
        return self.inner(flat.unflatten(1, self.shape).permute(0, 3, 1, 2)).permute(0, 2, 3, 1).flatten(1)


def layer(topology: Wiring) -> torch.nn.Module:
    """Weights of that topology, as PyTorch draws them."""
    return Convolution(topology) if isinstance(topology, Conv) else torch.nn.Linear(topology.n_pre, topology.n_post)


class Scale:
    """Payloads in real numbers: pixels from 0 to 1, else of unit deviation, centred ones without the mean of training images."""

    def __init__(self, dataset: Dataset, kind: str):
        frames = dataset.train_frames[:, 0].astype(np.float32)
        self.mean = frames.mean(axis=0) if kind == "centred" else np.float32(0)
        self.deviation = np.float32(15) if kind == "pixels" else frames.std()

    def __call__(self, frames: np.ndarray) -> torch.Tensor:
        return torch.from_numpy((frames[:, 0].astype(np.float32) - self.mean) / self.deviation)


def accuracy(dataset: Dataset, kind: str, hidden: tuple[Layer, ...], rate: float, epochs: int, jitter: int, device: str,
             seed: int) -> float:
    """Test accuracy in percent after the last epoch."""
    torch.manual_seed(seed)
    training, scale, frames = Training(epochs, order_seed=seed, jitter=jitter), Scale(dataset, kind), dataset.train_frames
    images = scale(frames).to(device)
    labels = torch.from_numpy(dataset.train_labels).to(device)
    wiring = wired(hidden, dataset.shape, frames.shape[2], dataset.n_classes)
    layers = torch.nn.ModuleList(map(layer, wiring)).to(device)
    optimiser = torch.optim.Adam(layers.parameters(), rate)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, epochs * -(-len(frames) // BATCH))
    for epoch in range(epochs):
        if jitter:
            images = scale(moved(frames, dataset.shape or (), epoch_moves(training, epoch, len(frames)))).to(device)
        for part in torch.randperm(len(images)).to(device).split(BATCH):
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(answered(layers, images[part]), labels[part]).backward()
            optimiser.step()
            schedule.step()
    with torch.no_grad():
        tested = scale(dataset.test_frames).to(device).split(1000)
        found = torch.cat([answered(layers, part).argmax(1) for part in tested]).cpu().numpy()
    return 100 * float((found == dataset.test_labels).mean())


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.backprop", description=__doc__)
    parser.add_argument("folder", metavar="DIR")
    parser.add_argument("--samples", type=int, default=0, help="learn the first N only (default: all)")
    parser.add_argument("--validation", type=int, default=5000)
    parser.add_argument("--hidden", default="200,200")
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--rates", type=float, nargs="+", default=[3e-4, 1e-3, 3e-3])
    parser.add_argument("--inputs", nargs="+", choices=INPUTS, default=list(INPUTS))
    parser.add_argument("--jitter", type=int, default=0, help="move training images by up to so many pixels")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    given = parser.parse_args()
    hidden = parse_layers(given.hidden)
    if odd := [one.word for one in hidden if one.kind not in (None, "c")]:
        parser.error(f"--hidden {odd[0]}: layers here are all to all or convolutions, as 200 and 32c9s2")
    torch.set_num_threads(1)
    how = given.epochs, given.jitter, given.device
    tried = {}
    for kind in given.inputs:
        held = shown(given.folder, kind == "contrast", given.validation, given.samples)
        for rate in given.rates:
            tried[kind, rate] = accuracy(held, kind, hidden, rate, *how, TUNING_SEED)
            print(f"{kind}, rate {rate}: {tried[kind, rate]:.2f} % of the validation samples", file=sys.stderr, flush=True)
    kind, rate = max(tried, key=lambda one: tried[one])
    tested = shown(given.folder, kind == "contrast", 0, given.samples)
    found = [accuracy(tested, kind, hidden, rate, *how, seed) for seed in range(1, given.seeds + 1)]
    print(f"{kind}, rate {rate}: test {', '.join(f'{one:.2f}' for one in found)}, mean {statistics.mean(found):.2f}")


@cache
def shown(folder: str, contrast: bool, validation: int, n: int) -> Dataset:
    """The images of a folder or their local contrast, the first n training samples, 0 for all; validation: as in `load`."""
    dataset = load("idx", folder, validation=validation, bias=0, contrast=int(contrast))
    return replace(dataset, train_frames=dataset.train_frames[:n], train_labels=dataset.train_labels[:n]) if n else dataset


if __name__ == "__main__":
    main()
