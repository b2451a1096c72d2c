"""The golden vectors in sim_tests/golden cover what can go wrong, replay on every engine, and damaged ones are refused."""
import json
import shutil

import numpy as np
import pytest
from typer.testing import CliRunner

from lava_opzo.engines.oracle import synapses
from lava_opzo.cli.app import application
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.verify.golden_folder import MANIFEST
from lava_opzo.verify.golden import Vectors, record
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.registry import NAMES
from lava_opzo.engines.record import before_the_first, last_rows
from sim_tests.helpers.golden_sets import FOLDER, SETS
from sim_tests.helpers.networks import random_samples, small_network


@pytest.fixture(scope="module")
def sets():
    return {name: Vectors(FOLDER / name) for name in SETS}


def recorded(vectors):
    """(record, row before it) of every sample."""
    before = before_the_first(vectors.config, vectors.state)
    for s in range(len(vectors.frames)):
        record = vectors.sample(s)
        yield record, before
        before = last_rows(record)


def everywhere(vectors, layer, name):
    return np.concatenate([record[layer][name] for record, _ in recorded(vectors)])


def test_the_committed_vectors_are_below_2_megabytes_and_come_from_the_code_that_names_them(sets):
    assert sum(path.stat().st_size for path in FOLDER.rglob("*")) < 2_000_000
    for name, vectors in sets.items():
        config, state, frames, labels = SETS[name]()
        assert vectors.config == config and vectors.engine == "stock"
        assert np.array_equal(vectors.frames, frames) and np.array_equal(vectors.labels, labels)
        assert all(np.array_equal(array, state.arrays()[key]) for key, array in vectors.state.arrays().items())


@pytest.mark.parametrize("name", SETS)
def test_every_engine_replays_the_committed_vectors_without_a_differing_value(sets, name):
    report = sets[name].replay(NAMES)
    assert report.differing == 0 and report.samples == len(sets[name].frames) and len(report.comparisons) == 4


def test_the_vectors_cover_every_phase_of_every_layer(sets):
    vectors = sets["busy"]
    layers = ["source", "hidden1", "hidden2", "readout"]
    for layer, program in zip(layers, vectors.config.schedule().programs):
        for tau, step in enumerate(program):
            at = {name: np.array([record[layer][name][tau] for record, _ in recorded(vectors)])
                  for name in next(recorded(vectors))[0][layer]}
            if step.rank and layer != "readout":
                assert at["spikes"].any(), f"{layer} never sends rank {step.rank}"
            if step.rank and layer != "source":
                assert at["y1"].any() and at["y2"].any()
            if step.error or (step.m_sign and layer == "readout"):
                assert at["spikes"].any(), f"the readout never sends anything in step {tau}"
            if step.m_sign and layer.startswith("hidden"):
                assert at["y1"].any() and at["y2"].any()
            if step.third:
                assert at["g"].any()
            if step.decay:
                assert at["y3"].any()


def test_the_vectors_cover_both_signs(sets):
    vectors = sets["busy"]
    for layer, name in (("hidden1", "v"), ("hidden2", "v"), ("hidden1", "g"), ("hidden2", "y"), ("readout", "y"),
                        ("readout", "error"), ("readout", "d_hat"), ("readout", "o_plus"), ("readout", "o_minus")):
        values = everywhere(vectors, layer, name)
        assert values.min() < 0 < values.max(), f"{layer} {name}"


@pytest.mark.parametrize("connection, below, above", [("W1", "source", "hidden1"), ("W2", "hidden1", "hidden2"),
                                                      ("M1", "readout", "hidden1"), ("M2", "readout", "hidden2")])
def test_the_vectors_cover_saturation_at_both_rails(sets, connection, below, above):
    cut = [0, 0]
    for record, before in recorded(sets["rails"]):
        weights = np.concatenate([before[connection]["weights"], record[connection]["weights"]])
        x0 = record[below]["spikes"] != 0
        change = 2 * (record[above]["y1"] - record[above]["y2"])
        learning = slice(sets["rails"].config.schedule().credit, None)
        wanted = (weights[:-1] + change[:, :, None] * x0[:, None, :])[learning]
        cut[0] += np.count_nonzero((wanted > 255) & (weights[1:][learning] == 255))
        cut[1] += np.count_nonzero((wanted < -256) & (weights[1:][learning] == -256))
    assert all(cut), cut


def test_the_vectors_cover_credit_that_the_clip_of_y_cuts_off(sets):
    config, cut = sets["rails"].config, [0, 0]
    for record, before in recorded(sets["rails"]):
        tau = config.schedule().credit
        for layer in ("hidden1", "hidden2"):
            now, shift = record[layer], config.hidden[int(layer[-1]) - 1].y_shift
            wanted = (before[layer]["y_residual"][0] + now["g"][tau] * now["psi"][tau]) >> shift
            cut[0] += np.count_nonzero((wanted > 127) & (now["y"][tau] == 127))
            cut[1] += np.count_nonzero((wanted < -127) & (now["y"][tau] == -127))
    assert all(cut), cut


def test_the_vectors_cover_a_silent_layer_and_one_that_spikes_at_every_step(sets):
    vectors = sets["silent_and_full"]
    windows = vectors.config.schedule().window_steps
    assert all((record["hidden1"]["spikes"][1:1 + windows] == 1).all() for record, _ in recorded(vectors))
    assert not everywhere(vectors, "hidden2", "count").any() and not everywhere(vectors, "hidden2", "spikes").any()
    assert everywhere(vectors, "hidden3", "spikes").any()


def test_the_vectors_cover_currents_that_wrap_at_both_ends_and_a_membrane_that_is_clipped(sets):
    vectors, u = sets["wrap"], []
    for record, before in recorded(vectors):
        u.append(record["source"]["spikes"][:vectors.config.schedule().window_steps] @ before["W1"]["weights"][0].T << 6)
    u = np.concatenate(u)
    assert u.max() > 2**23 and u.min() <= -2**23 and (np.abs(u) < 2**23).any()
    assert everywhere(vectors, "hidden1", "v").min() == -(2**23 - 1)


def test_an_engine_that_is_wrong_by_one_unit_fails_the_replay(sets, monkeypatch):
    right = synapses.add_two_products
    monkeypatch.setattr(oracle, "add_two_products", lambda w, y1, y2: right(w, y1, y2) + (y2 == 3))
    report = sets["busy"].replay(("oracle",))
    _, first = report.first
    assert report.differing and first.place.variable == "weights" and report.operands["y2"] == 3


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


def test_vectors_of_any_engine_are_the_same_and_an_existing_folder_is_never_overwritten(tmp_path):
    config = small_network()
    frames, labels = random_samples(config, 2)
    experiment = Experiment(Data("none"), config, Training())
    for engine in ("fast", "oracle"):
        record(tmp_path / engine, experiment, initial_state(config), frames, labels, engine)
    manifests = [json.loads((tmp_path / engine / MANIFEST).read_text()) for engine in ("fast", "oracle")]
    assert manifests[0]["arrays"] == manifests[1]["arrays"]
    with pytest.raises(UserError, match="already exists"):
        record(tmp_path / "fast", experiment, initial_state(config), frames, labels, "oracle")


def test_the_commands_record_and_replay_and_say_first_what_runs(tmp_path):
    run = CliRunner().invoke
    folder = str(tmp_path / "digits")
    made = run(application(), ["record", folder, "--samples", "2", "--engine", "oracle"])
    assert made.exit_code == 0 and made.stdout.splitlines()[0].startswith("record: oracle;"), made.output
    again = run(application(), ["replay", folder, "--engine", "fast", "--json"])
    result = json.loads(again.stdout)
    assert again.exit_code == 0 and result["differing"] == 0 and result["engines"] == ["golden", "fast"]
