"""The manifest of golden vectors: what was recorded, in which engine, and a sha256 of every array; read strictly."""
import hashlib
import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files.reading import read_text
from lava_opzo.network.checks import MOST_TRAINED

FORMAT = "lava-opzo golden vectors 2"
"""What is written."""

FORMAT_READ = "lava-opzo golden vectors 3"
"""What is written of a target that tells only what a host can read after each sample: one row of the variables that it shows."""

FORMATS = ("lava-opzo golden vectors 1", FORMAT, FORMAT_READ)
"""What is read. Format 1 has names of before version 0.2 (lava_opzo.network.old_names)."""

MANIFEST = "manifest.json"
MOST_BYTES = 1 << 26
"""More than the manifest of some thousand samples has."""

SHA256 = re.compile(r"[0-9a-f]{64}")
ARRAY = re.compile(r"[a-z]+[0-9]*/[^/].*")
"""Name of an array in a manifest: its file without the ending, a slash, its name in that file."""

KINDS: dict[str, type] = {"format": str, "engine": str, "experiment": str, "seed": int, "n_trained": int, "libraries": dict,
                          "arrays": dict, "sha256": str}
"""Every key of a manifest and the type of its value."""

MOST_ENGINE = 20
"""Most characters of an engine's name."""


@dataclass(frozen=True)
class Entry:
    """What the manifest says of an array: its shape, its type as numpy writes it, and the sha256 of its bytes."""

    sha256: str
    shape: tuple[int, ...]
    type: str


@dataclass(frozen=True)
class Manifest:
    """What was recorded. experiment: its TOML. seed, n_trained: where the recording started. arrays: by FILE/MANIFEST."""

    format: str
    engine: str
    experiment: str
    seed: int
    n_trained: int
    libraries: dict[str, str]
    arrays: dict[str, Entry]

    def text(self) -> str:
        """The manifest as JSON, with its own sha256."""
        content = asdict(self)
        return json.dumps({**content, "sha256": _digest(json.loads(json.dumps(content)))}, indent=1) + "\n"


def entry(array: np.ndarray) -> Entry:
    """What a manifest says of this array."""
    return Entry(hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest(), array.shape, array.dtype.str)


def read(folder: Path) -> Manifest:
    """The manifest of a folder. Raises UserError with the reason for one that is missing, foreign, damaged or edited."""
    try:
        text = read_text("manifest", folder / MANIFEST, MOST_BYTES)
    except UserError as error:
        refuse(folder, f"there is no {MANIFEST} that can be read, so these are no golden vectors ({error})")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        refuse(folder, f"{MANIFEST} cannot be read: {shown(str(error))}")
    found = content.get("format") if isinstance(content, dict) else None
    if not isinstance(content, dict) or found not in FORMATS:
        refuse(folder, f"format {shown(repr(found))} is not one of {', '.join(map(repr, FORMATS))}, so another program or "
                       "version wrote it")
    wrong = sorted(content.keys() ^ KINDS.keys()) or [key for key, kind in KINDS.items() if type(content[key]) is not kind]
    if wrong:
        refuse(folder, f"{MANIFEST}: key {shown(repr(wrong[0]))} is missing, unknown or of another type")
    if content["sha256"] != _digest(content):
        refuse(folder, f"{MANIFEST} was edited (its sha256 differs)")
    if not 0 <= content["n_trained"] <= MOST_TRAINED:
        refuse(folder, f"{MANIFEST}: n_trained {shown(content['n_trained'])} is outside 0..{MOST_TRAINED}")
    if not 0 < len(content["engine"]) <= MOST_ENGINE or not content["engine"].isidentifier():
        refuse(folder, f"{MANIFEST}: engine {shown(repr(content['engine']))} is no name of an engine")
    if not all(type(version) is str for version in content["libraries"].values()):
        refuse(folder, f"{MANIFEST}: libraries are not versions by name")
    arrays = {name: _entry(folder, name, said) for name, said in content["arrays"].items()}
    return Manifest(**{key: content[key] for key in KINDS if key not in ("sha256", "arrays")}, arrays=arrays)


def refuse(folder: Path, reason: str) -> NoReturn:
    """Raise the UserError for golden vectors that are not whole."""
    raise UserError(f"golden vectors {folder}: {reason}; take an undamaged copy or record them again") from None


def _entry(folder: Path, name: str, said: Any) -> Entry:
    whole = (isinstance(said, dict) and said.keys() == {"sha256", "shape", "type"} and isinstance(said["type"], str)
             and isinstance(said["sha256"], str) and SHA256.fullmatch(said["sha256"]) and isinstance(said["shape"], list)
             and all(type(size) is int and size >= 0 for size in said["shape"]))
    if not whole or not ARRAY.fullmatch(name) or not name.isprintable():
        refuse(folder, f"{MANIFEST}: array {shown(repr(name))} is not described by sha256, shape and type")
    return Entry(said["sha256"], tuple(said["shape"]), said["type"])


def _digest(content: dict[str, Any]) -> str:
    rest = {name: value for name, value in content.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
