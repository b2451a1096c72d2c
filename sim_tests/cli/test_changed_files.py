"""A run whose files changed after it began: refused by name, and nothing that was learned is touched; class words come back."""
import hashlib
import json

import numpy as np
import pytest

from lava_opzo.runs import checkpoint
from sim_tests.helpers.commands import assert_one_line, command

HEAD = "width,height,tree\n"


def rows(n):
    """Lines of two features that tell three trees apart."""
    rng, lines = np.random.default_rng(1), []
    for number in range(n):
        tree = number % 3
        width, height = 10 * tree + rng.random(2)
        lines.append(f"{width:.3f},{height:.3f},{('ash', 'oak', 'yew')[tree]}\n")
    return "".join(lines)


@pytest.fixture(scope="module")
def trees(tmp_path_factory):
    """A folder with a table and the run that learned it."""
    folder = tmp_path_factory.mktemp("trees")
    (folder / "trees.csv").write_text(HEAD + rows(90))
    said = command("train", "--dataset", "csv", "--data", folder / "trees.csv", "--hidden", 20, "--epochs", 4, "--out",
                   folder / "run")
    assert said.code == 0
    (folder / "new.csv").write_text("width,height\n0.5,0.5\n10.5,10.5\n20.5,20.5\n")
    return folder


def digest(folder):
    return hashlib.sha256((folder / "run" / checkpoint.NAME).read_bytes()).hexdigest()


def test_words_of_classes_are_what_predict_writes_and_evaluate_names(trees, tmp_path):
    said = command("predict", trees / "run", trees / "new.csv")
    words = [line.split(",")[1] for line in said.output.splitlines()[2:5]]
    found = json.loads(command("predict", trees / "run", trees / "new.csv", "--json").output)
    assert words == [found["names"][number] for number in found["predictions"]] and set(words) <= {"ash", "oak", "yew"}
    assert found["names"] == ["ash", "oak", "yew"] and all(f"of class {word}" in said.output for word in words)
    assert command("predict", trees / "run", trees / "new.csv", "--out", tmp_path / "a.npz").code == 0
    with np.load(tmp_path / "a.npz") as kept:
        assert kept["names"][kept["predictions"]].tolist() == words
    taken = [line for line in command("evaluate", trees / "run").output.splitlines() if " taken for " in line]
    assert all(line.split()[0] in found["names"] and line.split()[3].rstrip(":") in found["names"] for line in taken)


@pytest.mark.parametrize("arguments", [("evaluate",), ("resume", "--epochs", 5), ("plot",), ("report",), ("predict", "new.csv")],
                         ids=lambda arguments: arguments[0])
def test_a_table_that_has_grown_since_is_refused_and_one_put_back_goes_on(trees, arguments):
    name, *others = arguments
    table, before = trees / "trees.csv", digest(trees)
    others = [trees / one if one == "new.csv" else one for one in others]
    whole = table.read_text()
    table.write_text(whole + "1000,1000,ash\n")
    try:
        assert_one_line(command(name, trees / "run", *others), 2, "its training samples have changed since it began to learn",
                        "give it the files as they were")
    finally:
        table.write_text(whole)
    assert digest(trees) == before
    if name in ("evaluate", "predict"):
        assert command(name, trees / "run", *others).code == 0


def test_labels_that_changed_are_refused_and_other_test_samples_are_not(tmp_path):
    rng = np.random.default_rng(2)
    arrays = {"frames": rng.integers(0, 16, (40, 1, 9)), "labels": np.arange(40) % 3,
              "test_frames": rng.integers(0, 16, (10, 1, 9)), "test_labels": np.arange(10) % 3}
    np.savez(tmp_path / "data.npz", **arrays)
    assert command("train", "--dataset", "npz", "--data", tmp_path / "data.npz", "--hidden", 9, "--epochs", 1, "--out",
                   tmp_path / "run").code == 0
    np.savez(tmp_path / "data.npz", **arrays | {"labels": np.roll(arrays["labels"], 1)})
    assert_one_line(command("evaluate", tmp_path / "run"), 2, "its training samples have changed")
    np.savez(tmp_path / "data.npz", **arrays | {"test_labels": np.roll(arrays["test_labels"], 1)})
    assert command("evaluate", tmp_path / "run").code == 0
