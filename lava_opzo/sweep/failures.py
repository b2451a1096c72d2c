"""Why the last attempt of a member failed: one small file of JSON, written by whoever saw it, damaged or not still one line."""
import json
import os
from pathlib import Path

from lava_opzo.errors import UserError
from lava_opzo.files.json_lines import parsed
from lava_opzo.files.reading import read_bytes
from lava_opzo.files.system import told
from lava_opzo.files.whole import write_whole

LARGEST = 1 << 20
"""More bytes than any reason has."""


def path_of(logs: Path, name: str) -> Path:
    """The file of a member in the folder of logs."""
    return logs / f"{name}.failed"


def write(path: Path, reason: str, log: Path) -> None:
    """Keep a reason, as one line, and which file says more. Raises UserError where the disk refuses."""
    write_whole(path, json.dumps({"reason": " ".join(reason.split()), "log": str(log)}).encode())


def read(path: Path) -> dict[str, str] | None:
    """`{"reason": ..., "log": ...}`, None where there is no such file; of a damaged one the reason says that it is."""
    if not os.path.lexists(path):
        return None
    try:
        record = parsed(read_bytes("reason of a failure", path, LARGEST))
    except UserError as error:
        return {"reason": str(error), "log": str(path)}
    if record is None or record.keys() != {"reason", "log"} or not all(isinstance(text, str) for text in record.values()):
        return {"reason": f"unknown, {path} is damaged; run the sweep again", "log": str(path)}
    return {"reason": " ".join(record["reason"].split()), "log": record["log"]}


def clear(path: Path) -> None:
    """Remove it, as another attempt begins. Raises UserError where that is not possible."""
    with told(f"{path}: cannot be removed"):
        path.unlink(missing_ok=True)
