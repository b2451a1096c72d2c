"""Small image sets in the idx format, as their files hold them."""
import gzip
import struct

import numpy as np


def idx(array, type_code=0x08):
    return struct.pack(f">BBBB{array.ndim}I", 0, 0, type_code, array.ndim, *array.shape) + array.astype(np.uint8).tobytes()


def write_set(folder, names="{part}-{kind}-idx{dims}-ubyte", test="t10k", pack=False, n_train=6, n_test=3, n_classes=3):
    """A small set of 4 x 5 images; returns its images and labels."""
    rng = np.random.default_rng(1)
    folder.mkdir(exist_ok=True)
    arrays = {}
    for part, n in (("train", n_train), (test, n_test)):
        images, labels = rng.integers(0, 256, (n, 4, 5)), np.arange(n) % n_classes
        for kind, array in (("images", images), ("labels", labels)):
            name = names.format(part=part, kind=kind, dims=array.ndim)
            content = idx(array)
            (folder / (name + ".gz" * pack)).write_bytes(gzip.compress(content) if pack else content)
        arrays[part] = images, labels
    return arrays["train"], arrays[test]
