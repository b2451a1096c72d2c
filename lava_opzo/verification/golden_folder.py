"""A folder of golden vectors on disk: manifest.json and compressed arrays, whole and unchanged or refused."""
import hashlib
import importlib.metadata
import json
import os
import shutil
import zipfile
import zlib
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from lava_opzo.errors import UserError

FORMAT = "lava-opzo golden vectors 2"
"""What `write` writes."""

FORMATS = ("lava-opzo golden vectors 1", FORMAT)
"""What `read` reads. Format 1 has names of before version 0.2 (lava_opzo.network.old_names)."""

MANIFEST = "manifest.json"
LIBRARIES = ("lava-opzo", "lava-nc", "numpy", "numba")


def write(folder: Path, about: dict[str, Any], files: dict[str, dict[str, np.ndarray]]) -> None:
    """Write `files` (file name without ending -> array name -> array) and the manifest aside, then rename the folder into place.

    about: further entries of the manifest. Raises UserError when `folder` exists or cannot be written.
    """
    folder = Path(folder)
    if folder.exists():
        raise UserError(f"golden vectors {folder}: already exists; choose a new folder")
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    manifest = {"format": FORMAT, **about, "libraries": {name: importlib.metadata.version(name) for name in LIBRARIES},
                "arrays": {f"{file}/{name}": _entry(array) for file, arrays in files.items() for name, array in arrays.items()}}
    manifest["sha256"] = _digest(manifest)
    try:
        aside.mkdir(parents=True)
        for file, arrays in files.items():
            np.savez_compressed(aside / f"{file}.npz", **arrays)
        (aside / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n")
        aside.rename(folder)
    except OSError as error:
        shutil.rmtree(aside, ignore_errors=True)
        raise UserError(f"golden vectors {folder}: cannot be written: {error}; free space or choose another folder") from None


def read(folder: Path) -> tuple[dict[str, Any], dict[str, dict[str, np.ndarray]]]:
    """(manifest, files as given to `write`). Raises UserError with the reason for a foreign, truncated or edited folder."""
    folder = Path(folder)
    manifest = _manifest(folder)
    files: dict[str, dict[str, np.ndarray]] = {}
    for name, entry in manifest["arrays"].items():
        file, array = name.split("/", 1)
        if file not in files:
            files[file] = _arrays(folder, file)
        if array not in files[file]:
            _refuse(folder, f"{file}.npz has no array '{array}'")
        if _entry(files[file][array]) != entry:
            _refuse(folder, f"array '{array}' of {file}.npz was changed (sha256, shape or type differs from the manifest)")
    return manifest, files


def _manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        _refuse(folder, f"there is no {MANIFEST}, so these are no golden vectors")
    except (OSError, ValueError) as error:
        _refuse(folder, f"{MANIFEST} cannot be read: {error}")
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if not isinstance(manifest, dict) or found not in FORMATS:
        _refuse(folder, f"format {found!r} is not one of {', '.join(map(repr, FORMATS))}, so another program or version wrote it")
    if manifest.get("sha256") != _digest(manifest):
        _refuse(folder, f"{MANIFEST} was edited (its sha256 differs)")
    return manifest


def _arrays(folder: Path, file: str) -> dict[str, np.ndarray]:
    try:
        with np.load(folder / f"{file}.npz", allow_pickle=False) as archive:
            return dict(archive)
    except (OSError, EOFError, ValueError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        _refuse(folder, f"{file}.npz is missing or truncated: {error}")


def _refuse(folder: Path, reason: str) -> NoReturn:
    raise UserError(f"golden vectors {folder}: {reason}; take an undamaged copy or record them again") from None


def _entry(array: np.ndarray) -> dict[str, Any]:
    array = np.ascontiguousarray(array)
    return {"sha256": hashlib.sha256(array.tobytes()).hexdigest(), "shape": list(array.shape), "type": array.dtype.str}


def _digest(manifest: dict[str, Any]) -> str:
    rest = {name: value for name, value in manifest.items() if name != "sha256"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()
