"""What lies in a folder, read without the product: names and contents, the arrays of a checkpoint, the epochs of its metrics."""
import hashlib
import json
import os
import stat
from pathlib import Path
from typing import Any

CHECKPOINT, METRICS = "checkpoint.safetensors", "metrics.jsonl"


def contents(folder: Path) -> dict[str, bytes | str]:
    """Every file below a folder by its path: its content, and a word for what is no regular file."""
    found: dict[str, bytes | str] = {}
    for above, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            path = Path(above) / name
            kind = path.lstat().st_mode
            if stat.S_ISREG(kind):
                found[str(path.relative_to(folder))] = path.read_bytes()
            elif not stat.S_ISDIR(kind):
                found[str(path.relative_to(folder))] = f"{stat.S_IFMT(kind):o} {os.readlink(path) if stat.S_ISLNK(kind) else ''}"
    return found


def weights(run: Path) -> dict[str, str] | None:
    """`weights_of` the checkpoint of a run; None where there is none."""
    try:
        return weights_of(_regular(run / CHECKPOINT))
    except OSError:
        return None


def weights_of(content: bytes | str | None) -> dict[str, str] | None:
    """The sha256 of every array of a checkpoint with type and shape, and its n_trained; None for what is no checkpoint."""
    try:
        assert isinstance(content, bytes)
        size = int.from_bytes(content[:8], "little")
        header, data = json.loads(content[8:8 + size]), content[8 + size:]
        about = header.pop("__metadata__")
        found = {name: f"{entry['dtype']}{entry['shape']}{hashlib.sha256(data[slice(*entry['data_offsets'])]).hexdigest()}"
                 for name, entry in header.items()}
        return {**found, "n_trained": str(int(about["n_trained"]))}
    except (AssertionError, ValueError, KeyError, TypeError, AttributeError):
        return None


def n_trained(run: Path) -> int:
    """Samples learned by a run's checkpoint; -1 for no whole one."""
    return n_trained_of(weights(run))


def n_trained_of(found: dict[str, str] | None) -> int:
    """The same from `weights_of`."""
    return -1 if found is None else int(found["n_trained"])


def epochs(run: Path) -> dict[int, tuple[Any, Any]]:
    """The accuracies that the last record of every epoch in a run's metrics has, by samples learned."""
    try:
        lines = _regular(run / METRICS).split(b"\n")
    except OSError:
        return {}
    found = {}
    for line in lines:
        try:
            record = json.loads(line)
            if record["kind"] == "epoch":
                found[record["n_trained"]] = (record["train_accuracy"], record["test_accuracy"])
        except (ValueError, KeyError, TypeError):
            continue
    return found


def _regular(path: Path) -> bytes:
    """The content of a regular file. Raises OSError for anything else: a pipe that a trial left would be waited for."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(f"{path} is no regular file")
    return path.read_bytes()
