"""Bright images on lines above and below a mean, by a rule on what the samples hold.

What all samples have in common teaches nothing, but it drives every neuron, and every update goes along it: where it is most of
the input, half of the neurons fire in every step and nothing is learned (docs/results.md).
"""
from dataclasses import replace

import numpy as np

from lava_opzo.data import Dataset, options_of
from lava_opzo.experiment.experiment import Data
from lava_opzo.experiment.scaling import MANY

MOST_COMMON = 0.5
"""The share of the mean from which images are centred: MNIST has 0.40, Fashion-MNIST 0.58, natural images 0.80."""

ONOFF = {"dense": 3, "image": 1}
"""`onoff` of `lava_opzo.data.pixels`: all-to-all layers add up so many lines that their currents stay within 16 bits only where
differences lose 5 of 8 bits; patches have fewer.
"""

OPTION, CONTRAST = "onoff", "contrast"
"""Lines above and below the mean image, or what surrounds a pixel. Where the loader has the latter, patches take it, and
all-to-all layers from `MANY` samples on: fewer they would learn by heart.
"""


def common_share(frames: np.ndarray) -> float:
    """The share of the mean sample in the power of the samples: sum of mean_j^2 over the mean of the sum of p_j^2.

    Shapes:
        frames: uint8 (n, F, n_in).
    """
    sums = frames.sum(axis=(0, 1), dtype=np.int64) / (len(frames) * frames.shape[1])
    power = sum(payload ** 2 * int(np.count_nonzero(frames == payload)) for payload in range(1, int(frames.max(initial=0)) + 1))
    return float((sums ** 2).sum() * len(frames) * frames.shape[1] / power) if power else 0.0


def is_centred(data: Data) -> bool:
    """Whether its lines are above and below a mean."""
    return any(data.options.get(option) for option in (OPTION, CONTRAST))


def said(data: Data) -> str:
    """How bright images are shown, in a line, or nothing."""
    if data.options.get(CONTRAST):
        return f"bright images: lines above and below what surrounds a pixel in the place of pixels ({CONTRAST} = 1)"
    if onoff := data.options.get(OPTION):
        return f"bright images: lines above and below the mean image in the place of pixels ({OPTION} = {onoff})"
    return ""


def centred(data: Data, samples: Dataset, image: bool) -> Data:
    """The data with lines above and below a mean, where its loader has them, nobody chose and the rule says so.

    samples: of `data`, without a bias line or with one, which is left out of the share. image: whether the first layer is one.
    """
    there = options_of(data.name)
    if samples.shape is None or OPTION not in there or {OPTION, CONTRAST} & data.options.keys():
        return data
    pixels = samples.train_frames[:, :, :np.prod(samples.shape)]
    if common_share(pixels) <= MOST_COMMON:
        return data
    local = CONTRAST in there and (image or len(samples.train_labels) >= MANY)
    chosen = {CONTRAST: 1} if local else {OPTION: ONOFF["image" if image else "dense"]}
    return replace(data, options={**data.options, **chosen})
