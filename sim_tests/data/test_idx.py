"""idx files as MNIST's are read whatever their name's variant and packing; a missing or damaged one is named."""
import gzip
import os
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest

from lava_opzo.data import load
from lava_opzo.errors import UserError

MNIST_TRAIN_CLASSES = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
"""Images of each class in MNIST's training part, published with the set."""


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


@pytest.mark.parametrize("pack", [False, True])
@pytest.mark.parametrize("names, test", [
    ("{part}-{kind}-idx{dims}-ubyte", "t10k"), ("{part}-{kind}.idx{dims}-ubyte", "t10k"),
    ("emnist-letters-{part}-{kind}-idx{dims}-ubyte", "test")])
def test_every_variant_of_the_names_is_read_with_four_bits_a_pixel(tmp_path, names, test, pack):
    (images, labels), (test_images, test_labels) = write_set(tmp_path, names, test, pack)
    dataset = load("idx", tmp_path, bias=0)
    assert dataset.train_frames.shape == (6, 1, 20) and dataset.n_classes == 3
    expected = sorted((int(q), bytes(int(pixel) // 16 for pixel in image.ravel()))
                      for image, q in zip(images, labels, strict=True))
    found = zip(dataset.train_frames, dataset.train_labels, strict=True)
    assert sorted((int(q), frame.tobytes()) for frame, q in found) == expected
    assert np.array_equal(dataset.test_frames[:, 0], test_images.reshape(3, 20) // 16)
    assert np.array_equal(dataset.test_labels, test_labels)


def test_lines_above_and_below_the_mean_training_image_are_those_of_the_difference(tmp_path):
    (images, _), (test_images, _) = write_set(tmp_path)
    dataset = load("idx", tmp_path, onoff=2, bias=0)
    mean = (images.sum(axis=0) + 3) // 6
    expected = [[value for pixel, middle in zip(image.ravel(), mean.ravel(), strict=True)
                 for value in (max(pixel - middle, 0) // 16, max(middle - pixel, 0) // 16)] for image in test_images]
    assert dataset.test_frames[:, 0].tolist() == expected and dataset.shape == (4, 5, 2)


def test_the_training_order_follows_the_seed(tmp_path):
    write_set(tmp_path, n_train=50)
    one, same, other = (load("idx", tmp_path, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(one.train_frames, same.train_frames) and not np.array_equal(one.train_frames, other.train_frames)


def test_a_packed_file_without_the_gz_ending_is_read(tmp_path):
    write_set(tmp_path, pack=True)
    for file in tmp_path.iterdir():
        file.rename(file.with_suffix(""))
    assert len(load("idx", tmp_path).train_frames) == 6


def test_classes_can_be_more_than_occur_but_not_fewer(tmp_path):
    write_set(tmp_path)
    assert load("idx", tmp_path, n_classes=47).n_classes == 47
    with pytest.raises(UserError, match=r"train_labels\[\d\] = 2 is outside 0\.\.1"):
        load("idx", tmp_path, n_classes=2)


@pytest.mark.parametrize("role", ["train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"])
def test_a_missing_file_is_named(tmp_path, role):
    write_set(tmp_path)
    (tmp_path / f"{role}-ubyte").unlink()
    with pytest.raises(UserError, match=f"{tmp_path} has no file {role}-ubyte"):
        load("idx", tmp_path)


def cut(content):
    return content[:-1]


def longer(content):
    return content + b"\0"


@pytest.mark.parametrize("damage, what", [
    (cut, "holds 119 bytes of data; expected 6x4x5 = 120"), (longer, "holds more than 120 bytes of data; expected 6x4x5 = 120"),
    (lambda content: b"", "begins with nothing"), (lambda content: content[:9], "no idx header"),
    (lambda content: b"GIF8" + content, "begins with 47494638"),
    (lambda content: content[:2] + b"\x0d" + content[3:], "idx type 0x0d; expected unsigned bytes"),
    (lambda content: b"\0\0\x08\xff" + bytes(4 * 255), "255 dimensions are outside 1..8"),
    (lambda content: b"\0\0\x08\x00" + content, "0 dimensions are outside 1..8"),
    (lambda content: b"\0\0\x08\x03" + b"\xff" * 12 + content, "bytes of arrays are above"),
    (lambda content: gzip.compress(b"\0\0\x08\x03" + b"\0\x04\0\0" * 3), "bytes of arrays are above"),
    (lambda content: gzip.compress(content) + b"\x1f\x8b", "cannot be read"),
    (lambda content: gzip.compress(content)[:-9], "cannot be read"),
    (lambda content: gzip.compress(content)[:40] + b"damage" + gzip.compress(content)[46:], "cannot be read"),
    (lambda content: idx(np.zeros((5, 4, 5))), r"train-images has shape \(5, 4, 5\), train-labels \(6,\)"),
    (lambda content: idx(np.zeros((6, 0, 5))), r"train-images has shape \(6, 0, 5\)"),
    (lambda content: idx(np.zeros(6)), r"train-images has shape \(6,\)")])
def test_a_damaged_file_is_named_with_what_was_expected(tmp_path, damage, what):
    write_set(tmp_path)
    file = tmp_path / "train-images-idx3-ubyte"
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(UserError, match=what) as caught:
        load("idx", tmp_path)
    assert str(file) in str(caught.value) or "train-images has shape" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_packed_file_that_unpacks_to_more_than_its_header_says_is_not_unpacked(tmp_path):
    write_set(tmp_path)
    file = tmp_path / "train-images-idx3-ubyte"
    file.write_bytes(gzip.compress(file.read_bytes() + bytes(1 << 26), 1))
    tracemalloc.start()
    with pytest.raises(UserError, match="holds more than 120 bytes of data"):
        load("idx", tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 23


@pytest.mark.parametrize("put", [os.mkfifo, Path.mkdir, lambda file: file.symlink_to(file.name)])
def test_a_pipe_a_folder_and_a_circle_of_links_are_never_waited_for(tmp_path, put):
    write_set(tmp_path)
    (tmp_path / "train-labels-idx1-ubyte").unlink()
    put(tmp_path / "train-labels-idx1-ubyte")
    with pytest.raises(UserError, match="train-labels-idx1-ubyte: ") as caught:
        load("idx", tmp_path)
    assert "\n" not in str(caught.value)


def test_two_sets_in_one_folder_are_refused(tmp_path):
    write_set(tmp_path)
    write_set(tmp_path, "other-{part}-{kind}-idx{dims}-ubyte")
    with pytest.raises(UserError, match="several files for train-images"):
        load("idx", tmp_path)


def test_images_of_the_test_part_with_another_size_are_refused(tmp_path):
    write_set(tmp_path)
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(idx(np.zeros((3, 4, 4))))
    with pytest.raises(UserError, match=r"training images have shape \(4, 5\), test images \(4, 4\)"):
        load("idx", tmp_path)


def test_another_set_is_not_taken_for_mnist(tmp_path):
    write_set(tmp_path)
    with pytest.raises(UserError, match="is not MNIST's train-images file: sha256 .* expected ba891046"):
        load("mnist", tmp_path)


def test_a_missing_mnist_file_comes_with_its_count_and_the_command_that_fetches_it(tmp_path):
    with pytest.raises(UserError, match=r"no file train-images-idx3-ubyte.*60000 items.*torchvision.datasets.MNIST"):
        load("mnist", tmp_path)


@pytest.mark.data
def test_mnist_has_the_published_number_of_images_of_each_class(data_folder):
    dataset = load("mnist", data_folder / "mnist")
    assert dataset.train_frames.shape == (60000, 1, 785) and dataset.test_frames.shape == (10000, 1, 785)
    assert np.bincount(dataset.train_labels).tolist() == MNIST_TRAIN_CLASSES
    with gzip.open(data_folder / "mnist" / "t10k-images-idx3-ubyte.gz") as file:
        content = file.read()
    for i in (0, 1, 9999):
        assert dataset.test_frames[i, 0, :784].tolist() == [pixel // 16 for pixel in content[16 + 784 * i:16 + 784 * (i + 1)]]


def test_labels_that_begin_at_1_stay_as_they_are_beside_a_class_without_samples(tmp_path):
    write_set(tmp_path)
    for part, n in (("train", 6), ("t10k", 3)):
        (tmp_path / f"{part}-labels-idx1-ubyte").write_bytes(idx(1 + np.arange(n) % 3))
    dataset = load("idx", tmp_path)
    assert dataset.n_classes == 4 and set(dataset.train_labels) == set(dataset.test_labels) == {1, 2, 3}
