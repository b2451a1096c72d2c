"""Local contrast is what a loop over pixels and fractions makes of it, the same for every image whatever lies beside it."""
from fractions import Fraction
from math import isqrt

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.data.contrast import BLOCK, contrast, surroundings
from lava_opzo.errors import UserError
from sim_tests.helpers.idx_files import write_set
from sim_tests.helpers.image_files import write_batch, write_png

RNG = np.random.default_rng(8)


def slowly(image):
    """The payloads of one image, pixel by pixel, with exact fractions up to the one root, which is a whole number."""
    rows, columns, channels = image.shape
    pixels = [int(pixel) for pixel in image.flat]
    n, mean = len(pixels), Fraction(sum(pixels), len(pixels))
    spread = Fraction(isqrt(int(n * n * (sum((pixel - mean) ** 2 for pixel in pixels) / n + 100))), n)
    found = np.zeros((rows, columns, 2 * channels), int)
    for y, x, channel in np.ndindex(image.shape):
        near = [int(image[min(max(y + down, 0), rows - 1), min(max(x + right, 0), columns - 1), channel])
                for down in range(-3, 4) for right in range(-3, 4)]
        away = int(image[y, x, channel]) - mean - Fraction(3, 4) * (Fraction(sum(near), 49) - mean)
        level = int(6 * abs(away) / spread + Fraction(1, 2))
        found[y, x, channel + (channels if away < 0 else 0)] = min(level, 15)
    return found


@pytest.mark.parametrize("shape", [(9, 11, 3), (5, 4, 1), (2, 2, 3)])
def test_payloads_are_those_of_a_loop_over_pixels(shape):
    images = RNG.integers(0, 256, (4, *shape), np.uint8)
    images[1] //= 16  # pale
    found = contrast(images)
    assert found.dtype == np.uint8 and found.tolist() == [slowly(image).tolist() for image in images]
    assert 0 < np.count_nonzero(found[0]) <= found[0].size // 2


def test_an_image_of_one_colour_says_nothing_and_a_lone_bright_pixel_as_much_as_a_line_can():
    assert not contrast(np.full((1, 8, 8, 3), 77, np.uint8)).any()
    dark = np.zeros((1, 32, 32, 3), np.uint8)
    dark[0, 10, 10, 1] = 255
    found = contrast(dark)
    assert found[0, 10, 10].tolist() == [0, 15, 0, 0, 0, 0] and found[0, 10, 11, 4] > 0 == found[0, 20, 20].max()


def test_an_image_is_the_same_whatever_comes_with_it_and_however_many():
    images = RNG.integers(0, 256, (2 * BLOCK + 3, 4, 3, 1), np.uint8)
    whole = contrast(images)
    for number in (0, BLOCK - 1, BLOCK, 2 * BLOCK + 2):
        assert np.array_equal(whole[number], contrast(images[number:number + 1])[0])
    assert contrast(images[:0]).shape == (0, 4, 3, 2)


def test_surroundings_go_on_with_the_nearest_pixel_beyond_an_edge():
    image = np.zeros((1, 8, 8, 1), np.uint8)
    image[0, 0, 0] = 200
    assert surroundings(image)[0, :5, 0, 0].tolist() == [200 * 16, 200 * 12, 200 * 8, 200 * 4, 0]


def test_loaders_of_photographs_have_it_as_an_option_beside_none_other(tmp_path):
    _, images = write_batch(tmp_path / "data_batch_1.bin", 5)
    _, test_images = write_batch(tmp_path / "test_batch.bin", 2)
    dataset, order = load("cifar10", tmp_path, contrast=1, bias=0), np.random.default_rng(0).permutation(5)
    assert dataset.shape == (32, 32, 6) and "local contrast" in dataset.provenance
    assert np.array_equal(dataset.train_frames.reshape(5, 32, 32, 6), contrast(images)[order])
    assert np.array_equal(dataset.test_frames.reshape(2, 32, 32, 6), contrast(test_images))
    written = write_png(tmp_path / "png", (6, 5, 3), 3)
    pictures = load("png", tmp_path / "png", contrast=1, n_test=1, bias=0)
    there = contrast(np.array([*written.values()])).reshape(6, -1).tolist()
    assert sorted(np.concatenate((pictures.train_frames, pictures.test_frames))[:, 0].tolist()) == sorted(there)
    (grey_images, _), _ = write_set(tmp_path / "idx")
    grey = load("idx", tmp_path / "idx", contrast=1, bias=0)
    assert grey.shape == (4, 5, 2)
    expected = contrast(grey_images[..., None].astype(np.uint8))[np.random.default_rng(0).permutation(6)]
    assert np.array_equal(grey.train_frames.reshape(6, 4, 5, 2), expected)
    with pytest.raises(UserError, match="contrast 2 is not 0 or 1"):
        load("cifar10", tmp_path, contrast=2)
    with pytest.raises(UserError, match="onoff 1 and contrast 1 are two encodings of one image; give one"):
        load("png", tmp_path / "png", onoff=1, contrast=1)
