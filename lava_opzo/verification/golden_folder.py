"""A folder of golden vectors on disk: a manifest and compressed arrays, whole and unchanged or refused."""
import contextlib
import importlib.metadata
import os
import shutil
from collections.abc import Mapping
from math import prod
from pathlib import Path

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.files import zipped_arrays
from lava_opzo.files.memory import check_size
from lava_opzo.files.npy import Header
from lava_opzo.files.system import told
from lava_opzo.verification.golden_manifest import FORMAT, MANIFEST, Manifest, entry, refuse

LIBRARIES = ("lava-opzo", "lava-nc", "numpy", "numba")

Files = dict[str, dict[str, np.ndarray]]
"""File name without ending -> array name -> array."""

Expected = Mapping[str, tuple[tuple[int, ...], str]]
"""FILE/MANIFEST of an array -> its shape and type."""


def refuse_used(folder: Path) -> None:
    """Raise UserError where a new folder cannot be made: something is there, or there is no folder above to write into."""
    with told(f"golden vectors {folder}: cannot be made"):
        if os.path.lexists(folder):
            raise UserError(f"golden vectors {folder}: already exists; choose a new folder")
        parent = _first_there(folder)
        if not parent.is_dir() or not os.access(parent, os.W_OK | os.X_OK):
            raise UserError(f"golden vectors {folder}: {parent} is no folder that can be written to; choose another folder")


def write(folder: Path, engine: str, experiment: str, seed: int, n_trained: int, files: Files, form: str = FORMAT) -> None:
    """Write the files and their manifest aside, then rename the folder into place: whole or not at all.

    Raises UserError when `folder` exists or cannot be written; nothing of it is left then, nor of folders made for it.
    """
    refuse_used(folder)
    aside = folder.with_name(f".{folder.name}.{os.getpid()}")
    above = _first_there(folder)
    arrays = {f"{file}/{name}": entry(array) for file, arrays in files.items() for name, array in arrays.items()}
    versions = {name: importlib.metadata.version(name) for name in LIBRARIES}
    manifest = Manifest(form, engine, experiment, seed, n_trained, versions, arrays)
    with told(f"golden vectors {folder}: cannot be written"):
        try:
            aside.mkdir(parents=True)
            for file, named in files.items():
                np.savez_compressed(aside / f"{file}.npz", **named)
            (aside / MANIFEST).write_text(manifest.text())
            aside.rename(folder)
        except BaseException:
            shutil.rmtree(aside, ignore_errors=True)
            for parent in aside.parents:
                if parent == above:
                    break
                with contextlib.suppress(OSError):
                    parent.rmdir()
            raise


def read(folder: Path, manifest: Manifest, expected: Expected) -> Files:
    """The arrays of a folder, those that are expected and no others, each as the manifest has it.

    Raises UserError with the reason for a foreign, truncated or edited folder; names, shapes and types are compared before
    anything is unpacked.
    """
    for name in sorted(manifest.arrays.keys() ^ expected.keys()):
        refuse(folder, f"array {shown(repr(name))} is {'missing' if name in expected else 'none of its network'}")
    for name, (shape, kind) in expected.items():
        said = manifest.arrays[name]
        if (said.shape, said.type) != (shape, kind):
            refuse(folder, f"array '{name}' has shape {shown(said.shape)} and type {shown(repr(said.type))}, its network needs "
                           f"{shape} and '{kind}'")
    check_size(f"golden vectors {folder}", sum(prod(shape) * np.dtype(kind).itemsize for shape, kind in expected.values()))
    names: dict[str, list[str]] = {}
    for name in expected:
        file, _, array = name.partition("/")
        names.setdefault(file, []).append(array)
    return {file: _arrays(folder, manifest, file, arrays) for file, arrays in names.items()}


def _arrays(folder: Path, manifest: Manifest, file: str, names: list[str]) -> dict[str, np.ndarray]:
    def wanted(headers: Mapping[str, Header]) -> None:
        for name in names:
            if name not in headers:
                refuse(folder, f"{file}.npz has no array '{name}'")
        if len(headers) > len(names):
            refuse(folder, f"{file}.npz has an array that is not in the manifest")
        for name in names:
            said, header = manifest.arrays[f"{file}/{name}"], headers[name]
            if (header.shape, header.dtype.str) != (said.shape, said.type):
                _changed(folder, file, name)

    arrays = zipped_arrays.load("golden vectors", folder / f"{file}.npz", wanted)
    for name, array in arrays.items():
        if entry(array) != manifest.arrays[f"{file}/{name}"]:
            _changed(folder, file, name)
    return arrays


def _changed(folder: Path, file: str, name: str) -> None:
    refuse(folder, f"array '{name}' of {file}.npz was changed (sha256, shape or type differs from the manifest)")


def _first_there(folder: Path) -> Path:
    """The nearest of the folders above that is there."""
    return next((parent for parent in folder.absolute().parents if os.path.lexists(parent)), Path("/"))
