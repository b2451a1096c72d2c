"""Files of JSON objects, one a line, that are only ever added to: a damaged line is named and left out, and stays in the file."""
import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lava_opzo.files.reading import read_bytes
from lava_opzo.files.system import told

Record = dict[str, Any]


def append(owner: str, path: Path, record: Record) -> None:
    """Add one line; a line that a killed process left unfinished is closed first. Raises UserError that begins with `owner`."""
    line = json.dumps(record).encode() + b"\n"
    with told(f"{owner} {path}: cannot be written"), open(path, "a+b") as file:
        if file.tell():
            file.seek(-1, 2)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)


def read(owner: str, path: Path, fits: Callable[[Record], bool]) -> tuple[list[Record], list[int]]:
    """(records, numbers from 1 of the damaged lines): those that are no JSON object, and those that `fits` refuses."""
    lines = read_bytes(owner, path).split(b"\n")
    records, damaged = [], []
    for number, line in enumerate(lines, 1):
        record = parsed(line)
        if record is not None and fits(record):
            records.append(record)
        elif line.strip():
            damaged.append(number)
    return records, damaged


def is_number(value: Any) -> bool:
    """Whether a JSON value is a finite number that a float can hold."""
    return type(value) is float and math.isfinite(value) or type(value) is int and abs(value) < 1 << 63


def parsed(line: bytes) -> Record | None:
    """A line as a JSON object, None for anything else."""
    try:
        record = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return record if isinstance(record, dict) else None
