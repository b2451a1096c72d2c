"""Images moved by whole pixels, with nothing where they were, or mirrored: more of the same samples than a file holds."""
from math import prod

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.errors import UserError


def check_movable(dataset: Dataset, jitter: int, mirror: bool = False) -> None:
    """Raise UserError for samples that are to be moved or mirrored and are no images, or would be moved by their own size."""
    if mirror and dataset.shape is None:
        raise UserError(f"training: mirror turns images round, and the samples of data set '{dataset.name}' are none; set "
                        "mirror = false")
    if not jitter:
        return
    if dataset.shape is None:
        raise UserError(f"training: jitter {jitter} moves images, and the samples of data set '{dataset.name}' are none; set "
                        "jitter = 0")
    if jitter >= min(dataset.shape[:2]):
        raise UserError(f"training: jitter {jitter} is not below {min(dataset.shape[:2])}, the shorter side of the images of "
                        f"data set '{dataset.name}'; choose a smaller number")


def moved(frames: np.ndarray, shape: tuple[int, ...], moves: np.ndarray) -> np.ndarray:
    """Each image moved down and to the right by its own move: pixel (y, x) comes from (y - down, x - right), and is 0 where that
    lies outside. All frames of a sample move together; a bias line stays as it is.

    Shapes:
        frames: uint8 (n, F, n_in). shape: (rows, columns, channels). moves: int64 (n, 2), down and right. Returns as frames.
    """
    rows, columns, channels = shape
    pixels = prod(shape)
    images = frames[..., :pixels].reshape(*frames.shape[:2], rows, columns, channels)
    found = frames.copy()
    for down, right in np.unique(moves, axis=0):
        which = np.flatnonzero((moves == (down, right)).all(axis=1))
        to_rows, from_rows = _overlap(down, rows)
        to_columns, from_columns = _overlap(right, columns)
        places = np.zeros((which.size, *images.shape[1:]), np.uint8)
        places[:, :, to_rows, to_columns] = images[which][:, :, from_rows, from_columns]
        found[which, :, :pixels] = places.reshape(which.size, -1, pixels)
    return found


def mirrored(frames: np.ndarray, shape: tuple[int, ...], which: np.ndarray) -> np.ndarray:
    """Each image that `which` picks out mirrored, left for right: pixel (y, x) comes from (y, columns - 1 - x). The others, and a
    bias line, stay as they are.

    Shapes:
        frames: uint8 (n, F, n_in). shape: (rows, columns, channels). which: bool (n,). Returns as frames.
    """
    pixels = prod(shape)
    images = frames[which, :, :pixels].reshape(-1, frames.shape[1], *shape)
    found = frames.copy()
    found[which, :, :pixels] = images[:, :, :, ::-1].reshape(len(images), -1, pixels)
    return found


def _overlap(by: int, size: int) -> tuple[slice, slice]:
    """(where what stays inside goes to, where it comes from) along one side."""
    return slice(max(by, 0), size + min(by, 0)), slice(max(-by, 0), size - max(by, 0))
