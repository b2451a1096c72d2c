"""A user's own features and classes as comma-separated text."""
from pathlib import Path

import numpy as np

from lava_opzo.data.dataset import UNASKED_CLASSES, Dataset, held_back
from lava_opzo.data.features import encode, fit, outside
from lava_opzo.data.files import is_folder, user_path
from lava_opzo.errors import UserError, shown
from lava_opzo.files import numeric_table
from lava_opzo.files.numeric_table import Table

OWNER = "data set 'csv':"
PARTS = ("train.csv", "test.csv")


def load(path: str | Path | None = None, steps: int = 8, seed: int = 0, label: int = 0, onoff: int = 0, n_classes: int = 0,
         n_test: int | None = None, validation: int = 0) -> Dataset:
    """One sample a line: features as real numbers, and its class in the column `label`, from 1; 0 is the last one.

    path: a file, of which n_test samples are held back (default: a fifth), or a folder with train.csv and test.csv. Classes are
    whole numbers from 0, or words, which are numbered in their order. n_classes 0: largest label + 1, or as many as there are
    words. onoff: 1 for two lines a feature (`lava_opzo.data.features.encode`). validation: the last so many training samples,
    which `lava_opzo.data.load` is to set apart: the ranges of the features are those of the training samples before them.
    Training samples come in seeded order. Raises UserError that names line and column.
    """
    if onoff not in (0, 1):
        raise UserError(f"{OWNER} onoff {onoff} is not 0 or 1; give 1 for two lines a feature")
    train, test = _tables(path, label, n_test)
    names, limit = _names(train), n_classes or UNASKED_CLASSES
    labels = _classes(train, names, limit)
    order, apart = _split(train, test, n_test, seed)
    features, tested = train.numbers[order], train.numbers[apart] if test is None else test.numbers
    test_labels = labels[apart] if test is None else _classes(test, names, limit)
    fitted = features[:max(1, len(features) - validation)]
    low, high = fit(fitted)
    frames, test_frames = (encode(one, low, high, bool(onoff)) for one in (features, tested))
    classes = n_classes or len(names) or int(max(labels.max(initial=0), test_labels.max(initial=0))) + 1
    halves, words = ", above and below the middle" if onoff else "", f", classes {shown(', '.join(names))}" if names else ""
    return Dataset("csv", classes, frames, labels[order], test_frames, test_labels,
                   f"rows of {train.path}, each feature from its least to its largest of {len(fitted)} training samples onto "
                   f"0..15{halves} ({outside(tested, low, high)} of {tested.size} test values outside){words}, order with seed "
                   f"{seed}", names=tuple(names))


def unlabelled(file: Path, path: str | Path | None, seed: int, label: int = 0, onoff: int = 0, n_test: int | None = None,
               validation: int = 0, **others: int) -> np.ndarray:
    """Samples without classes, encoded as those of a training were, whose file is read once more for the ranges.

    path, seed and options: of the training. Raises UserError for a file that has other features.

    Shapes:
        Returns uint8 (n, 1, lines) without a bias line.
    """
    train, test = _tables(path, label, n_test)
    order, _ = _split(train, test, n_test, seed)
    low, high = fit(train.numbers[order[:max(1, len(order) - validation)]])
    found = numeric_table.load("samples", file, None).numbers
    if found.shape[1] != len(low):
        raise UserError(f"samples {file}: has {found.shape[1]} columns, the training samples have {len(low)} features; leave the "
                        "classes out")
    return encode(found, low, high, bool(onoff))


def _tables(path: str | Path | None, label: int, n_test: int | None) -> tuple[Table, Table | None]:
    """The training table, and that of the test where it has a file of its own."""
    if path is None:
        raise UserError("data set 'csv' needs a path: a .csv file with one sample a line, or a folder of train.csv and test.csv")
    given = user_path("csv", path)
    if not is_folder(given):
        return numeric_table.load(OWNER, given, label), None
    if n_test is not None:
        raise UserError(f"{OWNER} n_test {n_test} given, but {given / PARTS[1]} has test samples; leave n_test out")
    train, test = (numeric_table.load(OWNER, given / part, label) for part in PARTS)
    if train.numbers.shape[1] != test.numbers.shape[1]:
        raise UserError(f"{OWNER} {test.path} has {test.numbers.shape[1]} features, {train.path} has {train.numbers.shape[1]}; "
                        "give both the same columns")
    return train, test


def _split(train: Table, test: Table | None, n_test: int | None, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """The order of the training rows, and the rows held back."""
    return held_back(f"{OWNER} {train.path}", len(train.words), n_test if test is None else 0, seed)


def _names(table: Table) -> list[str]:
    """The classes of a table that are words, in their order; none where any is a whole number.

    Raises UserError where all are numbers and none is whole: they are values, and no classes.
    """
    if any(map(_is_whole, table.words)):
        return []
    if table.words and all(map(_is_number, table.words)):
        raise UserError(f"{OWNER} {table.path}: line {table.lines[0]}: class {shown(repr(table.words[0]))} is a number, but no "
                        "whole one, nor is any other; give classes as words or whole numbers, name their column with the option "
                        "label, or learn values from an .npz file with the array targets (docs/datasets.md)")
    return sorted(set(table.words))


def _classes(table: Table, names: list[str], limit: int) -> np.ndarray:
    """The class of every row, int64 (rows,). Raises UserError for a word that is none of the names, or a number too large."""
    numbers = {name: number for number, name in enumerate(names)}
    found = np.empty(len(table.words), np.int64)
    for row, word in enumerate(table.words):
        number = int(word) if not names and _is_whole(word) else numbers.get(word)
        if number is None or number >= limit:
            wanted = (f"one of the {min(len(names), limit)} classes of the training" if names else
                      f"a whole number in 0..{limit - 1}")
            raise UserError(f"{OWNER} {table.path}: line {table.lines[row]}: class {shown(repr(word))} is not {wanted}; mend it, "
                            "or name the column of the classes with the option label")
        found[row] = number
    return found


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _is_whole(word: str) -> bool:
    return word.isascii() and word.isdigit() and len(word) < 10
