"""A user's own images: a folder of PNG files for each class."""
import io
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import Dataset, held_back
from lava_opzo.data.files import is_folder, user_path, visible
from lava_opzo.data.pixels import MOST_BITS, check_encoding, encoded
from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.files.reading import read_bytes

MOST_BYTES, MOST_SIDE = 1 << 24, 1 << 10
PARTS = ("train", "test")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, onoff: int = 0, contrast: int = 0,
         bits: int = MOST_BITS, n_test: int | None = None) -> Dataset:
    """Images of one size from train/CLASS/*.png and test/CLASS/*.png, or from CLASS/*.png, of which n_test are held back.

    Classes are numbered in the order of their names. Grey images have one channel, coloured ones three; transparency is refused.
    onoff: 0 for payload = pixel >> (8 - bits); from 1 on lines above and below the mean of the training images
    (`lava_opzo.data.pixels`).
    contrast: 1 for lines above and below what surrounds a pixel (`lava_opzo.data.contrast`).
    Training images come in seeded order. Raises UserError that names the file and what is wrong.
    """
    if path is None:
        raise UserError("data set 'png' needs a path: a folder with train/CLASS/*.png and test/CLASS/*.png, or CLASS/*.png")
    check_encoding("png", onoff, contrast, bits)
    folder = user_path("png", path)
    if not is_folder(folder):
        raise UserError(f"data set 'png': {folder} is not a folder; give one with a folder of PNG files a class")
    split = is_folder(folder / "train")
    if split and n_test is not None:
        raise UserError(f"data set 'png': n_test {n_test} given, but {folder / 'test'} has test images; leave n_test out")
    roots = [folder / part for part in PARTS] if split else [folder]
    names = [entry.name for entry in visible(roots[0]) if is_folder(entry)]
    if len(names) < 2:
        raise UserError(f"data set 'png': {roots[0]} has {len(names)} folders of classes; give at least 2")
    parts = [_images(root, names) for root in roots]
    (images, labels), (test_images, test_labels) = parts if split else _held_back(*parts[0], folder, n_test, seed)
    if len(test_images) and images.shape[1:] != test_images.shape[1:]:
        raise UserError(f"data set 'png': images of {roots[0]} have shape {images.shape[1:]}, those of the test part "
                        f"{test_images.shape[1:]}; give all the same size and colours")
    order = np.random.default_rng(seed).permutation(len(labels)) if split else np.arange(len(labels))
    payloads, said = encoded(images, test_images, onoff, contrast, bits)
    train, test = (one.reshape(len(one), 1, -1) for one in payloads)
    return Dataset("png", len(names), train[order], labels[order], test, test_labels,
                   f"PNG files of {folder}, classes {shown(', '.join(names))}, payload {said}, order with seed {seed}",
                   payloads[0].shape[1:], names=tuple(names))


def _held_back(images: np.ndarray, labels: np.ndarray, folder: Path, n_test: int | None, seed: int):
    first, second = held_back(f"data set 'png': {folder}", len(labels), n_test, seed)
    return (images[first], labels[first]), (images[second], labels[second])


def _images(root: Path, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """(uint8 (n, rows, columns, channels), labels (n,)) of the classes below a folder."""
    files = []
    for label, name in enumerate(names):
        if not is_folder(root / name):
            raise UserError(f"data set 'png': {root} has no folder '{shown(name)}'; give every class in both parts")
        files += [(file, label) for file in visible(root / name)]
    if not files:
        raise UserError(f"data set 'png': {root} holds no images; expected CLASS/*.png")
    first = _read(files[0][0])
    check_size("data set 'png'", len(files) * first.size)
    images = np.empty((len(files), *first.shape), np.uint8)
    for i, (file, _) in enumerate(files):
        image = _read(file)
        if image.shape != first.shape:
            raise UserError(f"data set 'png': {file} has shape {image.shape}, {files[0][0]} has {first.shape}; give all the same")
        images[i] = image
    return images, np.array([label for _, label in files], np.int64)


def _read(file: Path) -> np.ndarray:
    """The pixels of a PNG file, uint8 (rows, columns, 1 or 3)."""
    from PIL import Image

    content = read_bytes("image", file, MOST_BYTES)
    try:
        with Image.open(io.BytesIO(content), formats=["PNG"]) as image:
            if image.mode not in ("L", "RGB") or max(image.size) > MOST_SIDE:
                size = f"{image.size[0]} x {image.size[1]}"
                raise UserError(f"image {file}: {size} pixels of kind {image.mode}; give grey or RGB of 8 bits without "
                                f"transparency, up to {MOST_SIDE} a side")
            pixels = np.asarray(image)
    except UserError:
        raise
    except Exception as error:  # whatever a decoder raises on a damaged file
        raise UserError(f"image {file}: is no PNG file that can be read: {shown(str(error))}; replace it") from None
    return pixels.reshape(*pixels.shape[:2], -1)
