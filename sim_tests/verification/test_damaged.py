"""Golden vectors that are foreign, truncated or edited are refused with the reason."""
import hashlib
import itertools
import json
import os
import shutil

import numpy as np
import pytest

from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.verification import golden
from lava_opzo.verification.golden import Vectors
from lava_opzo.verification.golden_manifest import MANIFEST, entry
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.foreign_files import spoiled
from sim_tests.helpers.golden_sets import FOLDER
from sim_tests.helpers.networks import random_samples, small_network


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(FOLDER / "busy", tmp_path / "vectors")


def edit_manifest(folder, change):
    manifest = json.loads((folder / MANIFEST).read_text())
    change(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


def truncate(folder):
    path = folder / "sample0001.npz"
    path.write_bytes(path.read_bytes()[:-200])


def change_one_value(folder):
    path = folder / "sample0001.npz"
    with np.load(path) as archive:
        arrays = dict(archive)
    arrays["hidden1.v"][3, 2] += 1
    np.savez_compressed(path, **arrays)


def flip_one_byte(folder):
    path = folder / "start.npz"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x10
    path.write_bytes(content)


DAMAGE = {
    "no manifest": (lambda folder: (folder / MANIFEST).unlink(), "no manifest.json"),
    "half a manifest": (lambda folder: (folder / MANIFEST).write_text((folder / MANIFEST).read_text()[:500]), "cannot be read"),
    "foreign manifest": (lambda folder: (folder / MANIFEST).write_text('{"name": "x"}'), "another program"),
    "foreign list": (lambda folder: (folder / MANIFEST).write_text("[]"), "another program"),
    "other version": (lambda folder: edit_manifest(folder, lambda m: m.update(format="lava-opzo golden vectors 0")),
                      "another program"),
    "newer format": (lambda folder: edit_manifest(folder, lambda m: m.update(format="lava-opzo golden vectors 2")),
                     "manifest.json was edited"),
    "edited config": (lambda folder: edit_manifest(folder, lambda m: m.update(experiment=m["experiment"].replace("900", "901"))),
                      "manifest.json was edited"),
    "missing sample": (lambda folder: (folder / "sample0002.npz").unlink(), "sample0002.npz: cannot be read: No such file"),
    "truncated sample": (truncate, "sample0001.npz: cannot be read"),
    "edited value": (change_one_value, "'hidden1.v' of sample0001.npz was changed"),
    "flipped byte": (flip_one_byte, "start.npz"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_vectors_are_refused_with_the_reason(folder, damage):
    spoil, reason = DAMAGE[damage]
    spoil(folder)
    with pytest.raises(UserError, match=reason) as caught:
        Vectors(folder)
    assert "\n" not in str(caught.value)


def sealed(manifest):
    """A manifest whose own sha256 is right again, as someone leaves it who knows how."""
    manifest.pop("sha256", None)
    manifest["sha256"] = hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()


def rewrite(folder, file, name, change):
    """One array changed, in its file and in the manifest."""
    with np.load(folder / f"{file}.npz") as archive:
        arrays = dict(archive)
    arrays[name] = change(arrays[name])
    np.savez_compressed(folder / f"{file}.npz", **arrays)
    said = entry(arrays[name])
    manifest = json.loads((folder / MANIFEST).read_text())
    manifest["arrays"][f"{file}/{name}"] = {"sha256": said.sha256, "shape": list(said.shape), "type": said.type}
    sealed(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))


OTHERS = [None, True, -1, 10**30, 0.5, "", "x\ny", [], [1], {}, {"a": 1}, float("nan")]
"""Values of other types for every key."""


@pytest.mark.parametrize("key", ["format", "engine", "experiment", "seed", "n_trained", "libraries", "arrays"])
def test_every_key_of_a_manifest_with_another_value_is_one_line_or_changes_nothing(folder, key):
    original = json.loads((folder / MANIFEST).read_text())
    for value in OTHERS:
        manifest = {**original, key: value}
        sealed(manifest)
        (folder / MANIFEST).write_text(json.dumps(manifest))
        if (key, value) in (("libraries", {}), ("n_trained", True)):
            continue
        with pytest.raises(UserError, match="golden vectors") as caught:
            Vectors(folder)
        assert "\n" not in str(caught.value), key
    for gone in ({name: value for name, value in original.items() if name != key}, {**original, "more": 1}):
        sealed(gone)
        (folder / MANIFEST).write_text(json.dumps(gone))
        with pytest.raises(UserError, match="golden vectors"):
            Vectors(folder)


@pytest.mark.parametrize("said", [None, [], {}, {"sha256": "x", "shape": [4], "type": "<i4"}, "missing", "more", "old and new",
                                  {"shape": [10**12]}, {"shape": ["4"]}, {"shape": None}, {"type": "|O"}, {"type": 4}])
def test_every_field_of_an_array_in_a_manifest_is_checked(folder, said):
    manifest = json.loads((folder / MANIFEST).read_text())
    name = "start/d_residual"
    if said == "missing":
        del manifest["arrays"][name]
    elif said in ("more", "old and new"):
        manifest["arrays"]["start/more" if said == "more" else "start/readout.d_residual"] = manifest["arrays"][name]
    else:
        manifest["arrays"][name] = {**manifest["arrays"][name], **said} if isinstance(said, dict) and said else said
    sealed(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest))
    with pytest.raises(UserError, match="golden vectors") as caught:
        Vectors(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file, name, change, words", [
    ("samples", "frames", lambda a: a[:0], "frames of shape"),
    ("samples", "frames", lambda a: a[:, :, :3], "array 'samples/frames'"),
    ("samples", "frames", lambda a: a + np.uint8(16), "frames: values"),
    ("samples", "labels", lambda a: a + 100, "labels: values"),
    ("samples", "labels", lambda a: a.astype(float), "array 'samples/labels'"),
    ("samples", "labels", lambda a: a[:1], "samples/labels"),
    ("start", "z_state.1", lambda a: a * 0, "hidden1.z_state: value 0"),
    ("start", "weights.1", lambda a: a + 3000, "W1.weights: value"),
    ("start", "weights.1", lambda a: a.T, "array 'start/weights.1' has shape"),
    ("start", "y_residual.3", lambda a: a - 1, "readout.y_residual: value -1"),
    ("sample0000", "hidden1.v", lambda a: a.astype(np.int64), "array 'sample0000/hidden1.v'")])
def test_arrays_that_no_engine_can_have_recorded_are_refused_though_their_sums_are_right(folder, file, name, change, words):
    rewrite(folder, file, name, change)
    with pytest.raises(UserError, match=words) as caught:
        Vectors(folder)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("file", [MANIFEST, "sample0003.npz"])
def test_cuts_and_flips_anywhere_are_one_line_or_change_nothing(folder, file):
    whole = Vectors(folder)
    for content in itertools.islice(spoiled((folder / file).read_bytes(), 5), 60):
        (folder / file).write_bytes(content)
        try:
            vectors = Vectors(folder)
        except UserError as error:
            assert str(error).startswith("golden vectors") and "\n" not in str(error)
        else:
            assert vectors.network == whole.network and all(
                np.array_equal(vectors.sample(3)[part][name], values)
                for part, variables in whole.sample(3).items() for name, values in variables.items())


def test_pipes_and_folders_in_the_place_of_files_are_never_waited_for(folder):
    for file, put in itertools.product((MANIFEST, "start.npz"), (os.mkfifo, os.mkdir)):
        content = (folder / file).read_bytes()
        (folder / file).unlink()
        put(folder / file)
        with pytest.raises(UserError, match="golden vectors"):
            Vectors(folder)
        (os.rmdir if put is os.mkdir else os.unlink)(folder / file)
        (folder / file).write_bytes(content)
    assert_one_line(called("replay", folder / MANIFEST, "--engine", "twin"), 2, "golden vectors")


def write_vectors(folder, n=1):
    network = small_network(hidden=(4,))
    frames, labels = random_samples(network, n)
    golden.record(folder, Experiment(Data("none"), network, Training()), initial_state(network), frames, labels, "oracle")


def test_what_cannot_be_recorded_is_one_line_and_leaves_nothing(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to("nowhere")
    for path, words in (("file", "already exists"), ("link", "already exists"), ("file/x", "no folder that can be written to"),
                        ("n" * 300, "too long")):
        with pytest.raises(UserError, match=words):
            write_vectors(tmp_path / path)
    with pytest.raises(UserError, match="0 samples are outside"):
        write_vectors(tmp_path / "x", 0)

    def full(*arguments, **named):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez_compressed", full)
    with pytest.raises(SystemRefusedError, match="cannot be written: No space left on device"):
        write_vectors(tmp_path / "new" / "x")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "link"]
