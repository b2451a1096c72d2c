"""Samples as tensors: payloads 0..15 of any data set as real numbers, images with their channels first."""
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from lava_opzo.data import load
from lava_opzo.errors import UserError
from lava_opzo.paper.layers import Shape
from lava_opzo.paper.network import PRECISION
from lava_opzo.paper.setup import Setup
from lava_opzo.silicon.readouts import CLASSES


@dataclass(frozen=True)
class Part:
    """Samples with labels: frames uint8 (n, 1 or steps, *shape), labels int64 (n,)."""

    frames: Tensor
    labels: Tensor

    def to(self, device: torch.device | str) -> "Part":
        """The same on a device."""
        return Part(self.frames.to(device), self.labels.to(device))


@dataclass(frozen=True)
class Samples:
    """A data set. shape: of one frame, (lines,) or (channels, rows, columns). said: where it comes from."""

    train: Part
    test: Part
    shape: Shape
    n_classes: int
    said: str

    def to(self, device: torch.device | str) -> "Samples":
        """The same on a device, as a learner wants them that computes there."""
        return replace(self, train=self.train.to(device), test=self.test.to(device))


def loaded(setup: Setup) -> Samples:
    """The data set of a setup, on the processor. Raises UserError where it is missing, damaged, or does not fit the setup."""
    data, options = setup.data, {"bias": 0, **setup.data.options}
    if options["bias"]:
        raise UserError(f"paper: data.options.bias {options['bias']} adds lines that are no pixels; leave it at 0 and set "
                        "bias=true")
    found = load(data.name, data.path or None, setup.steps, data.seed, **options)
    if found.kind != CLASSES:
        raise UserError(f"paper: data set '{data.name}' teaches {found.kind}, and the paper's algorithm learns classes; choose "
                        "another data set, or lava-opzo train")
    lines, image = found.train_frames.shape[2], setup.shape or found.shape or ()
    if image and np.prod(image) != lines:
        raise UserError(f"paper: shape {image} has {np.prod(image)} values, data set '{data.name}' has {lines} lines; give the "
                        "right one")
    limit = setup.limit or len(found.train_labels)
    train = _part(found.train_frames[:limit], found.train_labels[:limit], image)
    return Samples(train, _part(found.test_frames, found.test_labels, image), tuple(train.frames.shape[2:]), found.n_classes,
                   found.provenance)


def values(frames: Tensor, setup: Setup) -> Tensor:
    """Payloads as real numbers, 1 for the unit of the setup."""
    return frames.to(PRECISION[setup.precision]) / setup.unit


def _part(frames: np.ndarray, labels: np.ndarray, image: tuple[int, ...]) -> Part:
    if image:
        frames = frames.reshape(*frames.shape[:2], *image).transpose(0, 1, 4, 2, 3)
    return Part(torch.from_numpy(np.ascontiguousarray(frames)), torch.from_numpy(labels))
