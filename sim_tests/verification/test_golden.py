"""The golden vectors in sim_tests/golden cover what can go wrong, and replay on every engine."""
import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines.oracle import synapses
from lava_opzo.engines.record import before_the_first, last_rows
from lava_opzo.engines.registry import names_with
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from lava_opzo.verification import golden_manifest
from lava_opzo.verification.golden import GOLDEN, Vectors, record as record_vectors
from lava_opzo.verification.golden_manifest import FORMAT, MANIFEST
from sim_tests.helpers.commands import called
from sim_tests.helpers.golden_sets import FOLDER, SETS, recorded_in
from sim_tests.helpers.networks import differing, random_samples, small_network
from sim_tests.helpers.wrong_plugins import DShift, with_wrong

SHA256 = "e0523abdb8433d5e1018628a569ef252a858569eca3d8df7aa97955a74be4895"
"""Of all files of the five sets of version 0.1, in the order of their paths."""

FIRST = ("busy", "fixed_m", "rails", "silent_and_full", "wrap")
"""The sets of version 0.1."""


@pytest.fixture(scope="module")
def sets():
    return {name: Vectors(FOLDER / name) for name in SETS}


def recorded(vectors):
    """(record, row before it) of every sample."""
    before = before_the_first(vectors.network, vectors.state)
    for s in range(len(vectors.frames)):
        record = vectors.sample(s)
        yield record, before
        before = last_rows(record)


def everywhere(vectors, part, name):
    return np.concatenate([record[part][name] for record, _ in recorded(vectors)])


def test_the_committed_vectors_are_those_that_version_0_1_recorded_byte_for_byte():
    files = sorted(path for name in FIRST for path in (FOLDER / name).iterdir())
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 2_000_000
    assert hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest() == SHA256
    assert {json.loads((FOLDER / name / MANIFEST).read_text())["format"] for name in FIRST} == {"lava-opzo golden vectors 1"}


def test_the_committed_vectors_come_from_the_code_that_names_them(sets):
    for name, vectors in sets.items():
        network, state, frames, labels = SETS[name]()
        assert vectors.engine == recorded_in(network) and vectors.network == network
        assert differing(vectors.state, state) == []
        assert np.array_equal(vectors.frames, frames) and np.array_equal(vectors.labels, labels)


@pytest.mark.parametrize("name", SETS)
def test_every_engine_but_stock_lava_replays_the_committed_vectors_without_a_differing_value(sets, name):
    engines = [one for one in names_with(records=True) if one != "stock"]
    report = sets[name].replay(tuple(engines))
    assert report.differing == 0 and report.samples == len(sets[name].frames) and len(report.comparisons) == len(engines) >= 3


def test_the_sets_of_spread_payloads_reach_their_floor_and_the_rails_of_a_chip(sets):
    for name in ("spread", "loihi_254"):
        vectors = sets[name]
        for layer in vectors.network.hidden:
            assert vectors.network.input.spread and everywhere(vectors, layer.name, "v").min() >= -layer.floor
        assert everywhere(vectors, "hidden1", "v").min() == -vectors.network.hidden[0].floor
    weights = np.concatenate([everywhere(sets["loihi_254"], one.name, "weights").ravel()
                              for one in sets["loihi_254"].network.connections])
    assert weights.max() == 254 and weights.min() == -256 and not (weights & 1).any()


def test_the_sets_of_local_and_shared_weights_hold_zeros_and_rails_and_learn(sets):
    for name in ("local", "shared", "sums"):
        network, profile = sets[name].network, sets[name].network.profile
        for connection in network.forward[:2]:
            weights = everywhere(sets[name], connection.name, "weights")
            assert (weights[0] == 0).any() and weights.min() == profile.weight_min and weights.max() >= 254
            assert (weights[0] != weights[-1]).any() and connection.topology.padding != connection.topology.stride
            kept = np.unique(everywhere(sets[name], connection.name, "residual")) if connection.sum_shift else np.array([0])
            assert kept.tolist() == list(range(1 << connection.sum_shift))


def test_the_vectors_cover_every_phase_of_every_population(sets):
    vectors = sets["busy"]
    network = vectors.network
    for population, program in zip(network.populations, network.schedule().programs, strict=True):
        is_input, is_readout = population is network.input, population is network.readout
        for tau, step in enumerate(program):
            at = {name: np.array([record[population.name][name][tau] for record, _ in recorded(vectors)])
                  for name in next(recorded(vectors))[0][population.name]}
            if step.rank and not is_readout:
                assert at["spikes"].any(), f"{population.name} never sends rank {step.rank}"
            if step.rank and not is_input:
                assert at["y1"].any() and at["y2"].any()
            if step.error or (step.m_sign and is_readout):
                assert at["spikes"].any(), f"the readout never sends anything in step {tau}"
            if step.m_sign and not is_readout:
                assert at["y1"].any() and at["y2"].any()
            if step.third_factor:
                assert at["g"].any()
            if step.decay:
                assert at["y3"].any()


def test_the_vectors_cover_both_signs(sets):
    vectors = sets["busy"]
    for part, name in (("hidden1", "v"), ("hidden2", "v"), ("hidden1", "g"), ("hidden2", "y"), ("readout", "y"),
                       ("readout", "error"), ("readout", "d_hat"), ("readout", "o_plus"), ("readout", "o_minus")):
        values = everywhere(vectors, part, name)
        assert values.min() < 0 < values.max(), f"{part} {name}"


@pytest.mark.parametrize("connection", ["W1", "W2", "M1", "M2"])
def test_the_vectors_cover_saturation_at_both_rails(sets, connection):
    cut, network = [0, 0], sets["rails"].network
    learning = slice(network.schedule().ranks, None)
    below, above = next((one.source, one.target) for one in network.connections if one.name == connection)
    for record, before in recorded(sets["rails"]):
        weights = np.concatenate([before[connection]["weights"], record[connection]["weights"]])
        x0 = record[below]["spikes"] != 0
        change = 2 * (record[above]["y1"] - record[above]["y2"])
        wanted = (weights[:-1] + change[:, :, None] * x0[:, None, :])[learning]
        cut[0] += np.count_nonzero((wanted > 255) & (weights[1:][learning] == 255))
        cut[1] += np.count_nonzero((wanted < -256) & (weights[1:][learning] == -256))
    assert all(cut), cut


def test_the_vectors_cover_credit_that_the_clip_of_y_cuts_off(sets):
    network, cut = sets["rails"].network, [0, 0]
    tau = network.schedule().ranks
    for record, before in recorded(sets["rails"]):
        for layer in network.hidden:
            now = record[layer.name]
            wanted = (before[layer.name]["y_residual"][0] + now["g"][tau] * now["psi"][tau]) >> layer.y_shift
            cut[0] += np.count_nonzero((wanted > 127) & (now["y"][tau] == 127))
            cut[1] += np.count_nonzero((wanted < -127) & (now["y"][tau] == -127))
    assert all(cut), cut


def test_the_vectors_cover_a_silent_layer_and_one_that_spikes_at_every_step(sets):
    vectors = sets["silent_and_full"]
    windows = vectors.network.schedule().window_steps
    assert all((record["hidden1"]["spikes"][1:1 + windows] == 1).all() for record, _ in recorded(vectors))
    assert not everywhere(vectors, "hidden2", "count").any() and not everywhere(vectors, "hidden2", "spikes").any()
    assert everywhere(vectors, "hidden3", "spikes").any()


def test_the_vectors_cover_currents_that_wrap_at_both_ends_and_a_membrane_that_is_clipped(sets):
    vectors, u = sets["wrap"], []
    for record, before in recorded(vectors):
        u.append(record["input"]["spikes"][:vectors.network.schedule().window_steps] @ before["W1"]["weights"][0].T << 6)
    u = np.concatenate(u)
    assert u.max() > 2**23 and u.min() <= -2**23 and (np.abs(u) < 2**23).any()
    assert everywhere(vectors, "hidden1", "v").min() == -(2**23 - 1)


def test_an_engine_that_is_wrong_by_one_unit_fails_the_replay(sets, monkeypatch):
    right = synapses.add_two_products
    monkeypatch.setattr(synapses, "add_two_products", lambda w, y1, y2, rails: right(w, y1, y2, rails) + (y2 == 3))
    report = sets["busy"].replay(("oracle",))
    _, first = report.first
    assert report.differing and first.place.variable == "weights" and report.operation.operands["y2"] == 3


def test_vectors_of_any_engine_are_the_same_and_an_existing_folder_is_never_overwritten(tmp_path):
    network = small_network()
    frames, labels = random_samples(network, 2)
    experiment = Experiment(Data("none"), network, Training())
    for engine in ("fast", "oracle"):
        record_vectors(tmp_path / engine, experiment, initial_state(network), frames, labels, engine)
    manifests = [json.loads((tmp_path / engine / MANIFEST).read_text()) for engine in ("fast", "oracle")]
    assert manifests[0]["arrays"] == manifests[1]["arrays"] and manifests[0]["format"] == FORMAT == "lava-opzo golden vectors 2"
    names = {"start/W1.weights", "start/hidden1.z_state", "samples/frames", "sample0001/input.spikes"}
    assert names <= manifests[0]["arrays"].keys()
    with pytest.raises(UserError, match="already exists"):
        record_vectors(tmp_path / "fast", experiment, initial_state(network), frames, labels, "oracle")


def test_new_vectors_keep_network_profile_and_start_and_replay(tmp_path):
    network = small_network(hidden=(6, 5), profile=LOIHI_254, x_max=3)
    state, (frames, labels) = initial_state(network), random_samples(network, 3, rows=5)
    state.n_trained, state["readout.d_residual"][:] = 5, 3
    record_vectors(tmp_path / "new", Experiment(Data("none"), network, Training()), state, frames, labels, "oracle")
    vectors = Vectors(tmp_path / "new")
    assert vectors.network == network and differing(vectors.state, state) == [] and vectors.engine == "oracle"
    report = vectors.replay(("oracle", "twin"))
    assert report.differing == 0 and report.samples == 3
    with pytest.raises(UserError, match="engine 'stock' lacks profile 'loihi-254'"):
        vectors.replay(("stock",))


def test_the_commands_record_and_replay_and_say_first_what_runs(tmp_path):
    folder = tmp_path / "digits"
    made = called("record", folder, "--samples", 2, "--engine", "oracle")
    assert made.code == 0 and made.output.splitlines()[0].startswith("record: oracle;"), made.errors
    again = called("replay", folder, "--engine", "fast", "--json")
    result = json.loads(again.output)
    assert again.code == 0 and result["differing"] == 0 and result["engines"] == ["golden", "fast"]


def test_what_a_target_shows_is_recorded_and_replayed_in_an_engine(tmp_path):
    network = small_network(hidden=(6, 5))
    frames, labels = random_samples(network, 3)
    record_vectors(tmp_path / "read", Experiment(Data("none"), network, Training()), initial_state(network), frames, labels,
                   Target(mode="in-the-loop"))
    manifest = json.loads((tmp_path / "read" / MANIFEST).read_text())
    assert (manifest["format"], manifest["engine"]) == ("lava-opzo golden vectors 3", "in_the_loop")
    assert manifest["arrays"]["sample0002/W1.weights"]["shape"] == [1, 6, 9] and "sample0000/hidden1.v" not in manifest["arrays"]
    vectors = Vectors(tmp_path / "read")
    report = vectors.replay(("oracle",))
    assert report.differing == 0 and report.samples == 3 and report.engines == ("oracle", GOLDEN)
    with pytest.raises(UserError, match="hold what could be read of 'in_the_loop' after each sample; choose one engine"):
        vectors.replay(("oracle", "fast"))
    with pytest.raises(UserError, match="replay them in an engine such as twin"):
        vectors.replay_target(Target())
    vectors._files["sample0001"]["M2.weights"][0, 3, 2] ^= 2
    first = vectors.replay(("oracle",)).first[1]
    assert (first.place.sample, first.place.part, first.place.index) == (1, "M2", (3, 2)) and first.left ^ first.right == 2


def test_a_recording_of_a_target_without_an_array_that_another_sample_has_is_refused(tmp_path):
    network = small_network(hidden=(6, 5))
    frames, labels = random_samples(network, 2)
    record_vectors(tmp_path / "read", Experiment(Data("none"), network, Training()), initial_state(network), frames, labels,
                   Target(mode="in-the-loop"))
    manifest = golden_manifest.read(tmp_path / "read")
    arrays = {name: entry for name, entry in manifest.arrays.items() if name != "sample0000/readout.prediction"}
    (tmp_path / "read" / MANIFEST).write_text(replace(manifest, arrays=arrays).text())
    with pytest.raises(UserError, match="array 'sample0001/readout.prediction' is none of its network"):
        Vectors(tmp_path / "read")


def test_recorded_vectors_are_replayed_in_a_target_and_its_first_wrong_bit_is_named(sets):
    assert sets["silent_and_full"].replay_target(Target(mode="in-the-loop")).differing == 0
    report = sets["busy"].replay_target(Target(plugins=with_wrong(DShift)))
    comparison, first = report.first
    assert (comparison.left, comparison.right) == (GOLDEN, "plug-ins") and first.place.part == "readout"
    assert first.place.variable in ("d_hat", "d_residual") and first.place.step == sets["busy"].network.schedule().answer
