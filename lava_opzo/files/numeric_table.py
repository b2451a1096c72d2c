"""A table of numbers as comma-separated text, one column of which may hold words: read strictly, or refused by its place."""
import csv
import io
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.files.reading import read_text
from lava_opzo.files.rows import BYTE_ORDER_MARK, MOST_TEXT

CHECKED = 1000
"""Rows after which the memory is asked again whether there is room for as many more."""


@dataclass(frozen=True, eq=False)
class Table:
    """Numbers and the cells of the column of words. lines: the line of the file where each row ends, from 1.

    Shapes:
        numbers: float64 (rows, columns without that of the words). words: (rows,), empty where no column was asked for.
    """

    path: str | Path
    numbers: np.ndarray
    words: list[str]
    lines: list[int]


def load(owner: str, path: str | Path, word_column: int | None) -> Table:
    """Read a file with commas; a first line with words alone in its other columns has their names and is left out.

    word_column: the column of words, from 1, 0 for the last one, None where all are numbers. Raises UserError that begins with
    `owner` and names line and column of a cell that is no finite number, and a line that is longer or shorter than the first.
    """
    named = f"{owner} {path}"
    reader = csv.reader(io.StringIO(read_text(owner, path, MOST_TEXT).removeprefix(BYTE_ORDER_MARK), newline=""), strict=True)
    rows: list[np.ndarray] = []
    words, lines, width, place = [], [], 0, None
    try:
        for cells in reader:
            if not rows and not width:
                width, place = len(cells), _place(named, word_column, len(cells))
                if _is_header([cell for column, cell in enumerate(cells) if column != place]):
                    continue
            if not cells:
                raise UserError(f"{named}: line {reader.line_num} is empty; remove it")
            if len(cells) != width:
                raise UserError(f"{named}: line {reader.line_num} has {len(cells)} values, the first has {width}; give all the "
                                "same")
            if place is not None:
                words.append(cells[place].strip())
            rows.append(_numbers(named, reader.line_num, cells, place))
            lines.append(reader.line_num)
            if len(rows) % CHECKED == 1:
                check_size(named, 8 * width * (len(rows) + CHECKED))
    except csv.Error as error:
        raise UserError(f"{named}: line {reader.line_num}: {shown(str(error))}; write it with commas and whole quotes") from None
    if not rows:
        raise UserError(f"{named}: has no samples; give one a line")
    return Table(path, np.stack(rows), words, lines)


def _place(named: str, word_column: int | None, width: int) -> int | None:
    if word_column is None:
        return None
    if width < 2 or word_column > width:
        raise UserError(f"{named}: column {word_column or 'last'} is to hold the classes, but line 1 has {width} columns; give "
                        "features and classes, separated by commas")
    return (word_column or width) - 1


def _is_header(cells: list[str]) -> bool:
    return bool(cells) and all(_is_word(cell) for cell in cells)


def _is_word(cell: str) -> bool:
    """Whether a cell can be the name of a column: neither empty, nor a number of any kind (nan and inf are missing values)."""
    try:
        float(cell)
    except ValueError:
        return any(letter.isalpha() for letter in cell)
    return False


def _numbers(named: str, line: int, cells: list[str], place: int | None) -> np.ndarray:
    found = [_number(cell) for column, cell in enumerate(cells) if column != place]
    if None in found:
        column = next(column for column, cell in enumerate(cells) if column != place and _number(cell) is None)
        raise UserError(f"{named}: line {line}, column {column + 1}: {shown(repr(cells[column]))} is no finite number; fill in "
                        "or leave out what is missing, and write words as numbers")
    return np.array(found, np.float64)


def _number(cell: str) -> float | None:
    """A finite number in Python's spelling without underscores, None for any other text."""
    try:
        value = float(cell) if "_" not in cell else math.nan
    except ValueError:
        return None
    return value if math.isfinite(value) else None
