"""Golden vectors that are foreign, truncated or edited are refused with the reason."""
import json
import shutil

import numpy as np
import pytest

from lava_opzo.errors import UserError
from lava_opzo.verification.golden import Vectors
from lava_opzo.verification.golden_folder import MANIFEST
from sim_tests.helpers.golden_sets import FOLDER


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
    "missing sample": (lambda folder: (folder / "sample0002.npz").unlink(), "sample0002.npz is missing or truncated"),
    "truncated sample": (truncate, "sample0001.npz is missing or truncated"),
    "edited value": (change_one_value, "'hidden1.v' of sample0001.npz was changed"),
    "flipped byte": (flip_one_byte, "start.npz"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_vectors_are_refused_with_the_reason(folder, damage):
    spoil, reason = DAMAGE[damage]
    spoil(folder)
    with pytest.raises(UserError, match=reason):
        Vectors(folder)
