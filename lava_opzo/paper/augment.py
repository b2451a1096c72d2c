"""Images changed at random while they are learned: shifted by up to 4 pixels, mirrored, and covered in a square."""
import torch
from torch import Tensor
from torch.nn import functional

MARGIN = 4
"""Pixels by which an image may be shifted in any direction."""

COVERED = 0.5
"""Side of the covered square as a share of the image's."""


def augmented(frames: Tensor, generator: torch.Generator) -> Tensor:
    """Every sample changed in its own way, all its frames alike.

    Shapes:
        frames: (batch, frames, channels, rows, columns), also that of the result.
    """
    rows, columns = frames.shape[-2:]
    padded = functional.pad(frames, [MARGIN] * 4)
    changed = torch.empty_like(frames)
    draws = torch.rand((len(frames), 5), generator=generator).tolist()
    for sample, (up, left, mirror, row, column) in enumerate(draws):
        top, side = int(up * (2 * MARGIN + 1)), int(left * (2 * MARGIN + 1))
        image = padded[sample, ..., top:top + rows, side:side + columns]
        image = image.flip(-1) if mirror < 0.5 else image.clone()
        half_rows, half_columns = int(rows * COVERED / 2), int(columns * COVERED / 2)
        r, c = int(row * rows), int(column * columns)
        image[..., max(0, r - half_rows):r + half_rows, max(0, c - half_columns):c + half_columns] = 0
        changed[sample] = image
    return changed
