"""Data set `csv`: features and classes from text, with ranges of training samples alone."""
import re

import numpy as np
import pytest

from lava_opzo.data import encode, fit, load, table
from lava_opzo.errors import UserError

ROWS = [(0.5 * i, 10.0 - i, i % 3) for i in range(20)]


def text(rows, header="", classes=str):
    return header + "".join(f"{a},{b},{classes(q)}\n" for a, b, q in rows)


def written(folder, content, name="mine.csv"):
    (folder / name).write_text(content)
    return folder / name


def test_ranges_come_from_the_rows_that_are_trained_on_alone(tmp_path):
    dataset = load("csv", written(tmp_path, text(ROWS)), seed=4, n_test=5, validation=3, bias=0)
    order = np.random.default_rng(4).permutation(20)
    x, q = np.array([row[:2] for row in ROWS]), np.array([row[2] for row in ROWS])
    low, high = fit(x[order[:12]])
    assert np.array_equal(dataset.train_frames, encode(x[order[:12]], low, high))
    assert np.array_equal(dataset.test_frames, encode(x[order[12:15]], low, high))
    assert dataset.train_labels.tolist() == q[order[:12]].tolist() and dataset.n_classes == 3


def test_a_folder_has_its_own_test_rows_and_words_are_numbered_in_their_order(tmp_path):
    words = ["iris", "aster", "rose"]
    written(tmp_path, text(ROWS, "length,width,kind\n", lambda q: words[q]), "train.csv")
    written(tmp_path, text(ROWS[:4], "", lambda q: words[q]), "test.csv")
    dataset = load("csv", tmp_path, bias=0, onoff=1)
    assert dataset.names == ("aster", "iris", "rose") and (dataset.named(1), dataset.named(3)) == ("iris", "3")
    assert dataset.test_labels.tolist() == [1, 0, 2, 1] and dataset.train_frames.shape == (20, 1, 4)
    assert "classes aster, iris, rose" in dataset.provenance and "0 of 8 test values outside" in dataset.provenance


def test_the_column_of_classes_can_be_another(tmp_path):
    moved = "".join(f"{q},{a},{b}\n" for a, b, q in ROWS)
    one, other = (load("csv", written(tmp_path, content), **options) for content, options in
                  ((text(ROWS), {}), (moved, {"label": 1})))
    assert np.array_equal(one.train_frames, other.train_frames) and np.array_equal(one.train_labels, other.train_labels)


def test_samples_without_classes_are_encoded_as_those_of_the_training(tmp_path):
    path = written(tmp_path, text(ROWS))
    options = {"n_test": 5, "validation": 3, "onoff": 1}
    new = written(tmp_path, "a,b\n" + "".join(f"{a},{b}\n" for a, b, _ in ROWS), "new.csv")
    dataset = load("csv", path, seed=1, bias=0, **options)
    order = np.random.default_rng(1).permutation(20)
    assert np.array_equal(table.unlabelled(new, path, 1, **options)[order[:12]], dataset.train_frames)
    with pytest.raises(UserError, match="has 3 columns, the training samples have 2 features"):
        table.unlabelled(path, path, 1, **options)


@pytest.mark.parametrize(("content", "options", "message"), [
    ("", {}, "has no samples"), ("a,b,kind\n", {}, "has no samples"), ("1,2,0\n1,2\n", {}, "line 2 has 2 values"),
    ("1,2,0\n1,,1\n", {}, "line 2, column 2: '' is no finite number"), ("1,2,0\n1,nan,1\n", {}, "line 2, column 2: 'nan'"),
    ("1,1_0,0\n", {}, "line 1, column 2: '1_0'"), ("1,2,0\n1,2,x\n", {}, "line 2: class 'x' is not a whole number"),
    ("1,2,0.5\n1,2,0.25\n", {}, "line 1: class '0.5' is a number, but no whole one"),
    ("1,2,-1\n1,2,0\n", {}, "line 1: class '-1' is not a whole number"), ("1,2,0.0\n1,2,1\n", {}, "line 1: class '0.0'"),
    ("1,2,5000\n1,2,0\n", {}, "class '5000' is not a whole number in 0..1023"), ("1\n2\n", {}, "line 1 has 1 columns"),
    ("1,2,0\n", {"label": 4}, "column 4 is to hold the classes"), ("1,2,0\n2,1,1\n", {"onoff": 2}, "onoff 2 is not 0 or 1"),
    ("1,2,a\n2,1,b\n3,1,c\n", {"n_classes": 2}, "class 'c' is not one of the 2 classes"), ('1,"2,0\n', {}, "line 1: "),
    ("1,2,0\n2,1,0\n", {"n_test": 0}, "n_classes 1 is below 2")])
def test_a_table_that_cannot_be_read_is_refused_by_line_and_column(tmp_path, content, options, message):
    with pytest.raises(UserError, match=re.escape(message)) as caught:
        load("csv", written(tmp_path, content), **options)
    assert "\n" not in str(caught.value)


def test_a_folder_needs_both_parts_with_the_same_features(tmp_path):
    written(tmp_path, text(ROWS), "train.csv")
    with pytest.raises(UserError, match="test.csv: cannot be read"):
        load("csv", tmp_path)
    written(tmp_path, "1,2,3,0\n", "test.csv")
    with pytest.raises(UserError, match=r"test\.csv has 3 features, .*train\.csv has 2"):
        load("csv", tmp_path)
    with pytest.raises(UserError, match="leave n_test out"):
        load("csv", tmp_path, n_test=2)


@pytest.mark.parametrize("first", ["nan,nan,ash", "?,?,ash", "inf,-inf,ash"])
def test_a_first_line_of_missing_values_is_no_header_and_is_refused(tmp_path, first):
    (tmp_path / "own.csv").write_text(f"{first}\n1,2,oak\n3,4,ash\n")
    with pytest.raises(UserError, match="line 1, column 1: .* is no finite number"):
        load("csv", tmp_path / "own.csv")


def test_an_empty_line_is_named(tmp_path):
    (tmp_path / "own.csv").write_text("1,2,oak\n3,4,ash\n\n")
    with pytest.raises(UserError, match="line 3 is empty; remove it"):
        load("csv", tmp_path / "own.csv")
