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
    up, left, mirror, row, column = torch.rand((len(frames), 5), generator=generator).double().to(frames.device).T[..., None]
    padded = functional.pad(frames, [MARGIN] * 4)
    (rows, covered_rows), (columns, covered_columns) = (
        _along(size, shift, at) for size, shift, at in zip(frames.shape[-2:], (up, left), (row, column), strict=True))
    columns = torch.where(mirror < 0.5, columns.flip(1), columns)
    sample = torch.arange(len(frames), device=frames.device)[:, None, None]
    changed = padded.movedim((3, 4), (1, 2))[sample, rows[:, :, None], columns[:, None]].movedim((1, 2), (3, 4))
    covered = covered_rows[:, :, None] & covered_columns[:, None]
    return changed.masked_fill(covered[:, None, None], 0)


def _along(size: int, shift: Tensor, at: Tensor) -> tuple[Tensor, Tensor]:
    """In one direction of an image: which of the padded pixels are seen, and which of these are covered.

    Shapes:
        shift, at: draws from 0 to 1, (batch, 1). Returns (batch, size) each.
    """
    places, half = torch.arange(size, device=shift.device), int(size * COVERED / 2)
    middle = (at * size).long()
    return (shift * (2 * MARGIN + 1)).long() + places, (places >= middle - half) & (places < middle + half)
