"""Images as their local contrast: what a pixel has more or less than its surroundings, beside the spread of its image.

Neighbouring pixels of a photograph say nearly the same, and some photographs are paler than others. A network that learns from
one sample at a time spends most of its updates on that, unless the encoding takes it away (Coates, Lee and Ng 2011). All is
whole numbers, and nothing is fitted to the training images: each image is encoded by itself.
"""
from functools import reduce
from math import isqrt

import numpy as np

from lava_opzo.silicon.profile import PAYLOAD_MAX

SIDE = 7
"""Pixels of a side of the surroundings."""

PER_SPREAD = 6
"""Payload of a pixel that lies one standard deviation of its image away from what surrounds it."""

LEAST_VARIANCE = 100
"""Added to the variance of an image, so that an empty one is not made of noise alone."""

BLOCK = 500
"""Images encoded at once, in 64 bits."""


def contrast(images: np.ndarray) -> np.ndarray:
    """What a pixel has more than its surroundings on one line, what it has less on another: min(max(+-level, 0), 15).

    With N pixels p in an image, counted in every channel, S their sum, and B the sum of the 49 pixels of the same channel around
    one, those outside of the image being the nearest inside:
    D = 196*N*p - 49*S - 3*N*B, which is 196*N times ((p - mean) - 3/4 * (mean of the surroundings - mean);
    r = isqrt(N * sum of p^2 - S^2 + 100*N^2), N times the standard deviation;
    |level| = (2*6*|D| + 196*r) // (2*196*r), the quotient 6*|D|/(196*r) rounded, with the sign of D.

    Shapes:
        images: uint8 (n, rows, columns, channels). Returns uint8 (n, rows, columns, 2*channels), the lines of more first.
    """
    channels = images.shape[-1]
    payloads = np.empty((*images.shape[:-1], 2 * channels), np.uint8)
    for start in range(0, len(images), BLOCK):
        part = slice(start, start + BLOCK)
        level = _levels(images[part])
        payloads[part, ..., :channels] = np.clip(level, 0, PAYLOAD_MAX)
        payloads[part, ..., channels:] = np.clip(-level, 0, PAYLOAD_MAX)
    return payloads


def _levels(images: np.ndarray) -> np.ndarray:
    """The signed levels of some images, int64."""
    n, area, pixels = images[0].size, SIDE * SIDE, images.astype(np.int64)
    sums, squares = (values.sum(axis=(1, 2, 3)) for values in (pixels, pixels * pixels))
    spread = np.array([isqrt(int(n * square - total * total + LEAST_VARIANCE * n * n))
                       for square, total in zip(squares, sums, strict=True)], np.int64)
    away = 4 * area * n * pixels - area * sums[:, None, None, None] - 3 * n * surroundings(images)
    unit = (4 * area * spread)[:, None, None, None]
    return np.sign(away) * ((2 * PER_SPREAD * np.abs(away) + unit) // (2 * unit))


def surroundings(images: np.ndarray) -> np.ndarray:
    """The sum of the pixels of the same channel in a square around each; outside of the image its nearest pixel counts.

    Shapes:
        images: uint8 (n, rows, columns, channels). Returns int32 of the same shape.
    """
    rows, columns, reach = *images.shape[1:3], SIDE // 2
    wide = np.pad(images, ((0, 0), (reach, reach), (reach, reach), (0, 0)), mode="edge").astype(np.int32)
    down = reduce(np.add, (wide[:, first:first + rows] for first in range(SIDE)))
    return reduce(np.add, (down[:, :, first:first + columns] for first in range(SIDE)))
