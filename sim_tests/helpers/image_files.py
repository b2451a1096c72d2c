"""Files of colour images as their formats say: batches of CIFAR-10 and folders of PNG."""
import numpy as np
from PIL import Image

RNG = np.random.default_rng(5)


def write_batch(file, n):
    """(labels, images (n, 32, 32, 3)) of a batch in the official layout: label, red plane, green plane, blue plane."""
    labels, images = RNG.integers(0, 10, n), RNG.integers(0, 256, (n, 32, 32, 3), dtype=np.uint8)
    rows = [bytes([label]) + b"".join(image[:, :, channel].tobytes() for channel in range(3))
            for label, image in zip(labels.tolist(), images, strict=True)]
    file.write_bytes(b"".join(rows))
    return labels, images


def write_png(folder, shape, per_class=3):
    """{file: pixels} of classes 'cat' and 'dog'."""
    written = {}
    for name in ("cat", "dog"):
        (folder / name).mkdir(parents=True)
        for i in range(per_class):
            pixels = RNG.integers(0, 256, shape, dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name / f"{i}.png")
            written[folder / name / f"{i}.png"] = pixels
    return written
