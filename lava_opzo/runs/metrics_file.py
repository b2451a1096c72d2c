"""metrics.jsonl of a run folder: lines that are only ever added, each with a checksum; a damaged one is named and left out."""
import json
import os
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lava_opzo.errors import FileWarning, UserError
from lava_opzo.files import json_lines
from lava_opzo.files.json_lines import Record, is_number
from lava_opzo.files.reading import check_file
from lava_opzo.files.system import told

TAIL_BYTES = 1 << 16
"""More than the last few lines take."""

OWNER = "metrics"
"""How messages begin."""

NAMED = 10
"""Most damaged lines that a warning names."""

SUM = "crc32"
"""The key of a line's checksum, over its JSON without it. Lines of version 0.1 have none."""


def _whole(value: Any) -> bool:
    return type(value) is int and 0 <= value < 1 << 63


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(map(is_number, value))


def _or_none(fits: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: value is None or fits(value)


def _counts(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_whole, value.values()))


def _scores(value: Any) -> bool:
    return value is None or isinstance(value, dict) and all(map(_or_none(is_number), value.values()))


KINDS: dict[str, dict[str, Callable[[Any], bool]]] = {
    "progress": {"n_trained": _whole, "epoch": _whole, "accuracy": _or_none(is_number), "samples_per_s": is_number},
    "layers": {"n_trained": _whole, "spike_rates": _numbers,
               "alignment": lambda value: isinstance(value, list) and all(map(_or_none(is_number), value))},
    "epoch": {"n_trained": _whole, "epoch": _whole, "train_accuracy": _or_none(is_number), "test_accuracy": _or_none(is_number),
              "rail_touches": _or_none(_counts),
              "largest": _or_none(lambda value: isinstance(value, dict) and all(map(_counts, value.values())))},
    "resumed": {"n_trained": _whole},
    "changed": {"n_trained": _whole, "key": lambda value: isinstance(value, str), "old": lambda value: True,
                "new": lambda value: True},
}
"""The kinds of lines, and what each of their values must be."""

SCORES: dict[str, tuple[str, ...]] = {"progress": ("scores",), "epoch": ("train_scores", "test_scores")}
"""What lines of a kind have beside them where outputs are no classes (`lava_opzo.runs.scores`)."""


def append(path: Path, record: Record) -> None:
    """Add one line. Raises UserError where it cannot be written."""
    json_lines.append(OWNER, path, {**record, SUM: _sum(record)})


def read(path: Path, depth: int | None = None) -> list[Record]:
    """The lines that count, in their order: whole ones, but for those that a resumed run learned again.

    depth: hidden layers of the run's network, where lines of another number are to be left out. Damaged lines are named in a
    FileWarning. Raises UserError for what is no regular file.
    """
    if not os.path.lexists(path):
        return []
    found, damaged = json_lines.read(OWNER, path, lambda record: _fits(record, depth))
    if damaged:
        named = ", ".join(map(str, damaged[:NAMED])) + (f" and {len(damaged) - NAMED} more" if len(damaged) > NAMED else "")
        warnings.warn(f"{OWNER} {path}: line{'s' * (len(damaged) > 1)} {named} {'are' if len(damaged) > 1 else 'is'} damaged "
                      "and left out; the file stays as it is", FileWarning, stacklevel=2)
    return _counting(found)


def last(path: Path, kinds: tuple[str, ...]) -> Record | None:
    """The last whole line of one of these kinds, from the end of the file alone; None where there is none, or no file."""
    try:
        size = check_file(OWNER, path)
        with told(OWNER), open(path, "rb") as file:
            start = max(0, size - TAIL_BYTES)
            file.seek(start)
            lines = file.read().split(b"\n")[bool(start):-1]
    except UserError:
        return None
    records = (json_lines.parsed(line) for line in reversed(lines))
    return next((_bare(record) for record in records if record is not None and record.get("kind") in kinds and _fits(record)),
                None)


def _fits(record: Record, depth: int | None = None) -> bool:
    kind = record.get("kind")
    wanted = KINDS.get(kind) if isinstance(kind, str) else None
    if wanted is None or not all(key in record and fits(record[key]) for key, fits in wanted.items()):
        return False
    scores = SCORES.get(kind or "", ())
    if record.keys() - wanted.keys() - {"kind", SUM, *scores} or not all(_scores(record.get(name)) for name in scores):
        return False
    if kind == "layers" and not len(record["spike_rates"]) == len(record["alignment"]) == (depth or len(record["alignment"])):
        return False
    return SUM not in record or record[SUM] == _sum(_bare(record))


def _bare(record: Record) -> Record:
    return {key: value for key, value in record.items() if key != SUM}


def _sum(record: Record) -> str:
    return f"{zlib.crc32(json.dumps(record).encode()):08x}"


def _counting(found: list[Record]) -> list[Record]:
    """Without the lines of samples that no checkpoint held when the run was resumed after it."""
    kept: list[Record] = []
    for record in map(_bare, found):
        if record["kind"] == "resumed":
            kept = [earlier for earlier in kept if earlier["n_trained"] <= record["n_trained"]]
        kept.append(record)
    return kept
