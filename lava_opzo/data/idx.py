"""Image sets in the idx format of MNIST (unsigned bytes, plain or gzip): four files in one folder."""
import hashlib
import math
import re
import struct
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset
from lava_opzo.data.files import is_folder, user_path, visible
from lava_opzo.data.pixels import MOST_BITS, check_encoding, encoded
from lava_opzo.errors import UserError
from lava_opzo.files import gzipped
from lava_opzo.files.memory import check_size

UNSIGNED_BYTES = 0x08
"""The idx type code that is read; the others (0x09..0x0E) hold wider numbers."""

MOST_DIMENSIONS = 8
"""More than images of any kind have; the format's own limit is 255."""

MNIST = {
    "train-images": (60000, "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"),
    "train-labels": (60000, "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"),
    "t10k-images": (10000, "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"),
    "t10k-labels": (10000, "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"),
}
"""Items and sha256 of the unpacked file of each part of MNIST."""

MNIST_DOWNLOAD = "python -c \"import torchvision; torchvision.datasets.MNIST('FOLDER', download=True)\""


def load_mnist(path: str | Path | None = None, steps: int = 8, seed: int = 0, onoff: int = 0, contrast: int = 0,
               bits: int = MOST_BITS) -> Dataset:
    """MNIST: as `load`, and every file must have the official content (sha256 of the unpacked bytes)."""
    folder = _folder("mnist", path, f"; to download it: {MNIST_DOWNLOAD}")
    parts = {}
    for role, (items, sha256) in MNIST.items():
        file = _find("mnist", folder, role, f" of MNIST ({items} items); to download it: {MNIST_DOWNLOAD}")
        parts[role], found = _read(file)
        if found != sha256:
            raise UserError(f"idx file {file}: is not MNIST's {role} file: sha256 of its unpacked content is {found}, expected "
                            f"{sha256}; fetch it again, or load another set in this format as 'idx'")
    return _assemble("mnist", parts, 10, seed, onoff, contrast, bits, f"MNIST from {folder}, sha256 checked")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, n_classes: int = 0, onoff: int = 0,
         contrast: int = 0, bits: int = MOST_BITS) -> Dataset:
    """Any set in MNIST's format: one frame; training images in seeded order, test images as they come.

    path: folder with {train,t10k}-images-idx3-ubyte and -labels-idx1-ubyte (a `.` before idx, `.gz`, `test` for `t10k` and a
    prefix such as emnist-letters- are all right; of a plain file and its .gz the plain one is read).
    n_classes 0: largest label + 1. onoff: from 1 on, lines above and below the mean of the training images
    (`lava_opzo.data.pixels`). contrast: 1 for lines above and below what surrounds a pixel (`lava_opzo.data.contrast`).
    bits: of payloads of pixels, pixel >> (8 - bits).
    Raises UserError that names the file and what was expected.
    """
    folder = _folder("idx", path)
    parts = {}
    for role in MNIST:
        parts[role], _ = _read(_find("idx", folder, role))
    largest = max(int(parts[role].max(initial=0)) for role in ("train-labels", "t10k-labels"))
    return _assemble("idx", parts, n_classes or largest + 1, seed, onoff, contrast, bits, f"idx files of {folder}")


def _folder(name: str, path: str | Path | None, hint: str = "") -> Path:
    if path is None:
        raise UserError(f"data set '{name}' needs a path: the folder with its four idx files{hint}")
    folder = user_path(name, path)
    if not is_folder(folder):
        raise UserError(f"data set '{name}': {folder} is not a folder; expected one with its four idx files{hint}")
    return next((raw for raw in (folder / "MNIST" / "raw",) if name == "mnist" and is_folder(raw)), folder)


def _find(name: str, folder: Path, role: str, hint: str = "") -> Path:
    part, kind = role.split("-")
    part = "(t10k|test)" if part == "t10k" else part
    pattern = re.compile(rf"(.*[-_.])?{part}-{kind}[-.]idx\d-ubyte(\.gz)?")
    found = [file for file in visible(folder) if pattern.fullmatch(file.name)]
    names = {file.name.removesuffix(".gz") for file in found}
    standard = f"{role}-idx{1 if kind == 'labels' else 3}-ubyte"
    if not names:
        raise UserError(f"data set '{name}': {folder} has no file {standard}, plain or .gz{hint}")
    if len(names) > 1:
        raise UserError(f"data set '{name}': {folder} has several files for {role}: {', '.join(sorted(names))}; "
                        "keep one set in a folder")
    return found[0]


def _read(file: Path) -> tuple[np.ndarray, str]:
    """(the numbers of an idx file, sha256 of its unpacked content). Raises UserError that names the file and the fault.

    Header: 0, 0, type code, number of dimensions, then each dimension as a big-endian 32-bit number. No more is unpacked than it
    announces, and nothing where that cannot be.
    """
    with gzipped.opened("idx file", file) as read:
        start = read(4)
        if len(start) < 4 or start[:2] != b"\0\0":
            raise UserError(f"idx file {file}: has no idx header (it begins with {start.hex() or 'nothing'}); "
                            "expected 00 00 08 and the dimensions")
        if start[2] != UNSIGNED_BYTES:
            raise UserError(f"idx file {file}: holds numbers of idx type 0x{start[2]:02x}; expected unsigned bytes, 0x08")
        if not 1 <= start[3] <= MOST_DIMENSIONS:
            raise UserError(f"idx file {file}: {start[3]} dimensions are outside 1..{MOST_DIMENSIONS}; fetch it again")
        sizes = read(4 * start[3])
        if len(sizes) < 4 * start[3]:
            raise UserError(f"idx file {file}: has no idx header (it ends within its {start[3]} dimensions); fetch it again")
        shape = struct.unpack(f">{start[3]}I", sizes)
        check_size(f"idx file {file}", math.prod(max(1, size) for size in shape))
        content = read(math.prod(shape))
        if len(content) < math.prod(shape) or read(1):
            found = f"{len(content)} bytes" if len(content) < math.prod(shape) else f"more than {len(content)} bytes"
            raise UserError(f"idx file {file}: holds {found} of data; expected {'x'.join(map(str, shape))} = {math.prod(shape)}. "
                            "Fetch it again")
    return np.frombuffer(content, np.uint8).reshape(shape), _sha256(start, sizes, content)


def _sha256(*parts: bytes) -> str:
    """sha256 of parts one after the other, without a copy of them."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _assemble(name: str, parts: dict[str, np.ndarray], n_classes: int, seed: int, onoff: int, contrast: int, bits: int,
              provenance: str) -> Dataset:
    check_encoding(name, onoff, contrast, bits)
    for part in ("train", "t10k"):
        images, labels = parts[f"{part}-images"], parts[f"{part}-labels"]
        if images.ndim < 2 or labels.ndim != 1 or len(images) != len(labels) or not images.size:
            raise UserError(f"data set '{name}': {part}-images has shape {images.shape}, {part}-labels {labels.shape}; "
                            "expected (n, height, width) and (n,)")
    order = np.random.default_rng(seed).permutation(len(parts["train-labels"]))
    shape = _image(parts["train-images"].shape[1:])
    if (onoff or contrast) and shape is None:
        raise UserError(f"data set '{name}': {'onoff' if onoff else 'contrast'} {onoff or contrast} needs images of 2 or 3 "
                        f"dimensions, these have {parts['train-images'].ndim - 1}; leave it out")
    images, test_images = (parts[f"{part}-images"] for part in ("train", "t10k"))
    if images.shape[1:] != test_images.shape[1:]:
        raise UserError(f"data set '{name}': training images have shape {images.shape[1:]}, test images {test_images.shape[1:]}; "
                        "keep one set in a folder")
    if shape:
        images, test_images = (one.reshape(len(one), *shape) for one in (images, test_images))
    payloads, said = encoded(images, test_images, onoff, contrast, bits)
    train, test = (one.reshape(len(one), 1, -1) for one in payloads)
    return Dataset(name, n_classes, train[order], parts["train-labels"][order], test, parts["t10k-labels"],
                   f"{provenance}, payload {said}, training order with seed {seed}",
                   shape and payloads[0].shape[1:])


def _image(shape: tuple[int, ...]) -> tuple[int, int, int] | None:
    """Rows, columns and channels of images of one channel or with their channels last; None for arrays of other dimensions."""
    return (*shape, 1) if len(shape) == 2 else shape if len(shape) == 3 else None
