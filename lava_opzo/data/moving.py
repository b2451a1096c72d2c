"""Images moved by whole pixels, with nothing where they were: more of the same samples than a file holds."""
import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.errors import UserError


def check_movable(dataset: Dataset, jitter: int) -> None:
    """Raise UserError for samples that are no images, or images that would be moved by their own size."""
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
    pixels = rows * columns * channels
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


def _overlap(by: int, size: int) -> tuple[slice, slice]:
    """(where what stays inside goes to, where it comes from) along one side."""
    return slice(max(by, 0), size + min(by, 0)), slice(max(-by, 0), size - max(by, 0))
