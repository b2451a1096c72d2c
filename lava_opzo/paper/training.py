"""Epochs of a run: batches in an order that the seed alone decides, a rate that falls as a cosine, test accuracy after each."""
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from lava_opzo.errors import UserError
from lava_opzo.paper.augment import augmented
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.noise import Source
from lava_opzo.paper.samples import Part, Samples, values

TEST_BATCH = 500


@dataclass(frozen=True)
class Epoch:
    """What an epoch came to. right: share of samples right while learning, test: afterwards, None without test samples.

    rates: spikes a step and neuron of every hidden layer on the first test batch, or on the first training batch.
    """

    number: int
    right: float
    test: float | None
    seconds: float
    rates: tuple[float, ...]


def check(samples: Samples, network: Network) -> None:
    """Raise UserError where samples and network do not fit together."""
    setup = network.setup
    if setup.augment and len(samples.shape) != 3:
        raise UserError(f"paper: augment changes images, data set '{setup.data.name}' has none; set augment=false")
    if samples.train.frames.shape[1] not in (1, setup.steps):
        raise UserError(f"paper: samples have {samples.train.frames.shape[1]} frames, the network has {setup.steps} steps; set "
                        "steps to it")


Show = Callable[[int, int, int], object]
"""What is told after every batch: the epoch, counted from 1, its samples learned so far, and of how many."""


def train(learner: Learner, samples: Samples, done: int, show: Show = lambda *_: None) -> Iterator[Epoch]:
    """The epochs from number `done` on, counted from 0.

    Every epoch has generators of its own, so that a run that goes on after a checkpoint ends with the bits of an unbroken one.
    """
    network, setup = learner.network, learner.network.setup
    check(samples, network)
    n = len(samples.train.labels)
    for epoch in range(done, setup.epochs):
        started, right = time.monotonic(), torch.zeros((), dtype=torch.int64, device=network.device)
        rng = np.random.default_rng([setup.seed, epoch])
        order = torch.from_numpy(rng.permutation(n)).to(network.device)
        noise = torch.Generator(network.device).manual_seed(int(rng.integers(1 << 62)))
        changes = torch.Generator().manual_seed(int(rng.integers(1 << 62)))
        for group in learner.optimiser.param_groups:
            group["lr"] = group["share"] * setup.rate * (1 + math.cos(math.pi * epoch / setup.epochs)) / 2
        for first in range(0, n, setup.batch):
            chosen = order[first:first + setup.batch]
            frames = samples.train.frames[chosen]
            frames = values(augmented(frames, changes) if setup.augment else frames, setup)
            labels = samples.train.labels[chosen]
            right += (learner.learn(frames, labels, Source(network, len(frames), noise)) == labels).sum()
            show(epoch + 1, first + len(chosen), n)
        tested = samples.test if len(samples.test.labels) else samples.train
        right_then = accuracy(network, samples.test)
        yield Epoch(epoch + 1, int(right) / n, right_then, time.monotonic() - started, rates(network, tested))


@torch.no_grad()
def accuracy(network: Network, part: Part) -> float | None:
    """Share of samples that the network predicts right, without noise; None where there are none."""
    if not len(part.labels):
        return None
    right = 0
    for first in range(0, len(part.labels), TEST_BATCH):
        frames = values(part.frames[first:first + TEST_BATCH], network.setup)
        right += int((network.outputs(frames).argmax(1) == part.labels[first:first + TEST_BATCH]).sum())
    return right / len(part.labels)


@torch.no_grad()
def rates(network: Network, part: Part) -> tuple[float, ...]:
    """Spikes a step and neuron of every hidden layer, over one batch, without noise."""
    frames = values(part.frames[:TEST_BATCH], network.setup)
    membranes, sums = network.still(len(frames)), [0.0] * len(network.shapes)
    for t in range(network.setup.steps):
        step = network.step(membranes, frames[:, t if frames.shape[1] > 1 else 0], None)
        membranes = step.membranes
        sums = [total + float(spikes.mean()) for total, spikes in zip(sums, step.spikes, strict=True)]
    return tuple(round(total / network.setup.steps, 4) for total in sums)
