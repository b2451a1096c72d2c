"""Colour images: official binary CIFAR-10 and folders of PNG files, pixel by pixel, and all that can be wrong with them."""
import numpy as np
import pytest
from PIL import Image

from lava_opzo.data import load
from lava_opzo.data.cifar10 import RECORD, TEST, TRAINING
from lava_opzo.data.dataset import Dataset
from lava_opzo.data.pixels import above_and_below, mean_image
from lava_opzo.errors import UserError
from sim_tests.helpers.image_files import write_batch, write_png

RNG = np.random.default_rng(5)


def plain_above_and_below(pixel, mean):
    difference = int(pixel) - int(mean)
    return min(max(difference, 0) // 8, 15), min(max(-difference, 0) // 8, 15)


def test_cifar_10_keeps_rows_columns_and_colours_of_every_training_and_test_image(tmp_path):
    inner = tmp_path / "cifar-10-batches-bin"
    inner.mkdir()
    parts = [write_batch(inner / name, 4) for name in TRAINING[:2]]
    labels, images = (np.concatenate(one) for one in zip(*parts, strict=True))
    test_labels, test_images = write_batch(inner / TEST, 3)
    dataset, order = load("cifar10", tmp_path, seed=3), np.random.default_rng(3).permutation(8)
    assert dataset.shape == (32, 32, 3) and dataset.train_frames.shape == (8, 1, 3073) and dataset.n_classes == 10
    assert dataset.train_frames[:, 0, :-1].reshape(8, 32, 32, 3).tolist() == (images[order] >> 4).tolist()
    assert dataset.test_frames[:, 0, :-1].reshape(3, 32, 32, 3).tolist() == (test_images >> 4).tolist()
    assert dataset.train_labels.tolist() == labels[order].tolist() and dataset.test_labels.tolist() == test_labels.tolist()


def test_lines_above_and_below_the_mean_of_the_training_images_share_out_the_difference(tmp_path):
    labels, images = write_batch(tmp_path / TRAINING[0], 5)
    write_batch(tmp_path / TEST, 1)
    dataset, order = load("cifar10", tmp_path, onoff=1, bias=0), np.random.default_rng(0).permutation(5)
    mean = [[[(sum(int(image[r, c, d]) for image in images) + 2) // 5 for d in range(3)] for c in range(32)] for r in range(32)]
    assert mean_image(images).tolist() == mean and dataset.shape == (32, 32, 6)
    frames = dataset.train_frames[:, 0].reshape(5, 32, 32, 6)
    for i, r, c, d in [(0, 0, 0, 0), (1, 31, 31, 2), (2, 5, 9, 1), (4, 17, 30, 0)]:
        assert (frames[i, r, c, d], frames[i, r, c, d + 3]) == plain_above_and_below(images[order[i], r, c, d], mean[r][c][d])


def test_the_difference_from_the_mean_is_cut_at_15():
    images = np.array([0, 255, 120, 129], np.uint8).reshape(4, 1, 1, 1)
    assert above_and_below(images, np.array([[[121]]]), 1).reshape(4, 2).tolist() == [[0, 15], [15, 0], [0, 0], [1, 0]]
    assert above_and_below(images, np.array([[[121]]]), 3).reshape(4, 2).tolist() == [[0, 3], [4, 0], [0, 0], [0, 0]]


def test_payloads_of_fewer_bits_keep_the_upper_ones_of_a_pixel(tmp_path):
    _, images = write_batch(tmp_path / TRAINING[0], 5)
    write_batch(tmp_path / TEST, 1)
    order = np.random.default_rng(0).permutation(5)
    for bits in (1, 3, 4):
        dataset = load("cifar10", tmp_path, bits=bits)
        assert dataset.train_frames[:, 0, :-1].reshape(5, 32, 32, 3).tolist() == (images[order] // 2 ** (8 - bits)).tolist()
        assert f"pixel >> {8 - bits}" in dataset.provenance and (dataset.train_frames[:, :, -1] == 15).all()
    write_png(tmp_path / "png", (6, 5))
    assert load("png", tmp_path / "png", bits=3, n_test=2, bias=0).train_frames.max() <= 7
    for options, words in (({"bits": 0}, "bits 0 is outside 1..4"), ({"bits": 5}, "bits 5 is outside 1..4"),
                           ({"bits": 3, "onoff": 1}, "bits 3 is of payloads of pixels, and onoff shows none"),
                           ({"bits": 3, "contrast": 1}, "and contrast shows none; leave one of them out")):
        with pytest.raises(UserError, match=words):
            load("cifar10", tmp_path, **options)


@pytest.mark.parametrize("shape", [(6, 5), (6, 5, 3)], ids=["grey", "colour"])
def test_a_folder_of_png_files_a_class_is_read_pixel_by_pixel_and_a_part_is_held_back(shape, tmp_path):
    written = write_png(tmp_path, shape)
    dataset = load("png", tmp_path, n_test=2, bias=0)
    frames = np.concatenate([dataset.train_frames, dataset.test_frames])
    labels = np.concatenate([dataset.train_labels, dataset.test_labels])
    expected = sorted(((pixels >> 4).ravel().tolist(), int(file.parent.name == "dog")) for file, pixels in written.items())
    assert sorted(zip(frames[:, 0].tolist(), labels.tolist(), strict=True)) == expected
    assert dataset.shape == (6, 5, shape[2] if len(shape) == 3 else 1) and len(dataset.test_labels) == 2


def test_png_files_with_a_test_part_of_their_own_keep_to_it(tmp_path):
    write_png(tmp_path / "train", (4, 4)), write_png(tmp_path / "test", (4, 4), 1)
    dataset = load("png", tmp_path)
    assert (len(dataset.train_labels), dataset.test_labels.tolist()) == (6, [0, 1])
    with pytest.raises(UserError, match="n_test 1 given"):
        load("png", tmp_path, n_test=1)


def damaged(tmp_path, case):
    """The name of a data set in `tmp_path` with something wrong, and what must be said."""
    if case.startswith("batch"):
        write_batch(tmp_path / TRAINING[0], 2), write_batch(tmp_path / TEST, 1)
        content = bytearray((tmp_path / TRAINING[0]).read_bytes())
        if case == "batch cut":
            content.pop()
        elif case == "batch empty":
            content.clear()
        elif case == "batch label":
            content[RECORD] = 10
        (tmp_path / TRAINING[0]).write_bytes(bytes(content))
        if case == "batch of tests missing":
            (tmp_path / TEST).unlink()
        return "cifar10"
    files = list(write_png(tmp_path, (4, 4)))
    if case == "png cut":
        files[1].write_bytes(files[1].read_bytes()[:40])
    elif case == "png size":
        Image.fromarray(np.zeros((4, 5), np.uint8)).save(files[-1])
    elif case == "png kind":
        Image.fromarray(np.zeros((4, 4, 4), np.uint8)).save(files[2])
    elif case == "png other":
        (tmp_path / "cat" / "notes.txt").write_text("hello")
    elif case == "png one class":
        for file in files[3:]:
            file.unlink()
        (tmp_path / "dog").rmdir()
    return "png"


@pytest.mark.parametrize("case, reason", [
    ("batch cut", f"6145 bytes is not a whole number of {RECORD}-byte records"), ("batch empty", "0 bytes"),
    ("batch label", "record 1 has label 10"), ("batch of tests missing", TEST), ("png cut", "1.png: is no PNG file"),
    ("png size", r"2.png has shape \(4, 5, 1\)"), ("png kind", "pixels of kind RGBA"), ("png other", "notes.txt: is no PNG file"),
    ("png one class", "1 folders of classes")])
def test_a_damaged_set_of_images_is_one_line_that_names_the_file(case, reason, tmp_path):
    with pytest.raises(UserError, match=reason) as error:
        load(damaged(tmp_path, case), tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("name", ["cifar10", "png"])
def test_a_choice_of_lines_that_there_is_not_is_refused(name, tmp_path):
    with pytest.raises(UserError, match="onoff 6 is outside 0..5"):
        load(name, tmp_path, onoff=6)


@pytest.mark.parametrize("shape", [(2, 2, 2), (4,), (0, 4, 1)])
def test_a_shape_that_is_not_that_of_the_lines_is_refused(shape):
    frames = np.zeros((1, 1, 4), np.uint8)
    with pytest.raises(UserError, match="is no image of"):
        Dataset("own", 2, frames, np.zeros(1, int), frames, np.zeros(1, int), "test", shape)
