"""Images of 8 bits as payloads of up to 4 bits: as they are, or what is above and below a mean on lines of their own."""
from collections.abc import Mapping

import numpy as np

from lava_opzo.data.contrast import contrast as local_contrast
from lava_opzo.errors import UserError
from lava_opzo.silicon.profile import PAYLOAD_MAX

MOST_ONOFF = 5
"""With it the difference from the mean loses 7 of its 8 bits."""


MOST_BITS = PAYLOAD_MAX.bit_length()
"""Of a payload."""

SETS, BITS = ("mnist", "idx", "cifar10", "png"), "bits"
"""The data sets that are encoded here, and the option of their payloads' bits."""


def said(options: Mapping[str, int]) -> str:
    """That payloads have fewer bits than they could, in a line, or nothing."""
    bits = options.get(BITS, MOST_BITS)
    return f"payloads of {bits} bits: pixel >> {8 - bits} (bits = {bits})" if bits < MOST_BITS else ""


def check_encoding(name: str, onoff: int, contrast: int = 0, bits: int = MOST_BITS) -> None:
    """Raise UserError for a choice that there is not, or for two of them."""
    if not 1 <= bits <= MOST_BITS:
        raise UserError(f"data set '{name}': bits {bits} is outside 1..{MOST_BITS}, the bits of a payload; give one of these")
    if bits < MOST_BITS and (onoff or contrast):
        raise UserError(f"data set '{name}': bits {bits} is of payloads of pixels, and {'onoff' if onoff else 'contrast'} shows "
                        "none; leave one of them out")
    if not 0 <= onoff <= MOST_ONOFF:
        raise UserError(f"data set '{name}': onoff {onoff} is outside 0..{MOST_ONOFF}; give 1 for lines above and below the mean "
                        "image, larger ones for smaller payloads")
    if contrast not in (0, 1):
        raise UserError(f"data set '{name}': contrast {contrast} is not 0 or 1; give 1 for lines above and below what surrounds "
                        "a pixel")
    if onoff and contrast:
        raise UserError(f"data set '{name}': onoff {onoff} and contrast {contrast} are two encodings of one image; give one")


def levels(images: np.ndarray, bits: int = MOST_BITS) -> np.ndarray:
    """payload = pixel >> (8 - bits). Shapes: uint8 (n, rows, columns, channels) in and out."""
    return images >> 8 - bits


def mean_image(images: np.ndarray) -> np.ndarray:
    """The mean of some images, rounded: (sum + n // 2) // n, int16 (rows, columns, channels)."""
    return ((images.sum(axis=0, dtype=np.int64) + len(images) // 2) // len(images)).astype(np.int16)


def above_and_below(images: np.ndarray, mean: np.ndarray, onoff: int) -> np.ndarray:
    """What a pixel has more than the mean image on one line, what it has less on another:
    min(max(+-(pixel - mean), 0) >> (onoff + 2), 15).

    Shapes:
        images: uint8 (n, rows, columns, channels). mean: (rows, columns, channels). Returns uint8 (n, rows, columns, 2*channels),
        the lines above the mean first.
    """
    payloads = np.empty((*images.shape[:-1], 2 * images.shape[-1]), np.uint8)
    for start in range(0, len(images), 1000):  # the difference needs 16 bits
        part = slice(start, start + 1000)
        difference = images[part].astype(np.int16) - mean
        for side, values in enumerate((difference, -difference)):
            channels = slice(side * mean.shape[-1], (side + 1) * mean.shape[-1])
            payloads[part, ..., channels] = np.minimum(np.maximum(values, 0) >> onoff + 2, PAYLOAD_MAX)
    return payloads


def encoded(images: np.ndarray, test_images: np.ndarray, onoff: int, contrast: int = 0,
            bits: int = MOST_BITS) -> tuple[list[np.ndarray], str]:
    """Training and test images as payloads, and how in words. onoff: from 1 on, lines above and below the mean training image.
    contrast: 1 for lines above and below what surrounds a pixel (`lava_opzo.data.contrast`). bits: of other payloads.

    Shapes:
        images, test_images: uint8 (n, rows, columns, channels). Returns (n, rows, columns, channels or twice as many).
    """
    if contrast:
        return [local_contrast(one) for one in (images, test_images)], "local contrast"
    if not onoff:
        return [levels(one, bits) for one in (images, test_images)], f"pixel >> {8 - bits}"
    mean = mean_image(images)
    return [above_and_below(one, mean, onoff) for one in (images, test_images)], f"above and below the mean image >> {onoff + 2}"
