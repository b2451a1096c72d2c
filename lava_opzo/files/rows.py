"""Rows of small whole numbers as comma-separated text, read strictly: every cell is one of them, or the file is refused."""
from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.files.reading import read_text

MOST_TEXT = 1 << 30
"""Bytes of text that are read at most; larger files belong into an .npz."""

BYTE_ORDER_MARK = "\ufeff"
"""What some spreadsheets write before the first cell."""


def load(owner: str, path: str | Path, n_columns: int, most: int) -> np.ndarray:
    """The numbers 0..most of a file, one row a line. Raises UserError that begins with `owner` and names line and column.

    A line that holds no number anywhere is refused too, be it empty or of column names.

    Shapes:
        Returns uint8 (rows, n_columns).
    """
    named = f"{owner} {path}"
    lines = read_text(owner, path, MOST_TEXT).removeprefix(BYTE_ORDER_MARK).split("\n")
    if not lines[-1]:
        lines.pop()
    if not lines:
        raise UserError(f"{named}: is empty; give one sample a line")
    check_size(named, len(lines) * n_columns)
    values = {str(number): number for number in range(most + 1)}
    rows = np.empty((len(lines), n_columns), np.uint8)
    for number, line in enumerate(lines):
        cells = [cell.strip() for cell in line.split(",")]
        if len(cells) != n_columns:
            raise UserError(f"{named}: line {number + 1} has {len(cells)} values, {n_columns} are needed; give one sample a "
                            "line, without names of columns or labels")
        try:
            rows[number] = [values[cell] for cell in cells]
        except KeyError:
            column = next(column for column, cell in enumerate(cells) if cell not in values)
            raise UserError(f"{named}: line {number + 1}, column {column + 1}: {shown(repr(cells[column]))} is no whole number "
                            f"in 0..{most}; write payloads without names of columns, signs or decimal points") from None
    return rows
