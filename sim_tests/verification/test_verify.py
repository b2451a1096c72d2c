"""`verify` compares every variable at every step of every engine, and finds no difference where there is none."""
import json

import numpy as np
import pytest

from lava_opzo.engines.lava.engine import FastLavaEngine, StockLavaEngine
from lava_opzo.engines.record import shapes, state_after
from lava_opzo.engines.registry import names_with, recorder
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps
from lava_opzo.experiment.presets import digits
from lava_opzo.experiment.samples import load_data
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254, Profile
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.commands import called
from sim_tests.helpers.networks import differing, random_samples, small_network

ALL = names_with(records=True)


def verified(network, frames, labels, engines, state=None, **options):
    return verify(network, state or initial_state(network), frames, labels, engines, **options)


def at_the_rails(network, share=0.5, seed=3):
    """A state with a share of its weights at or next to the rails of the network's profile."""
    state, rng, profile = initial_state(network), np.random.default_rng(seed), network.profile
    for connection in network.connections:
        weights = state[connection.weights]
        edge = rng.random(weights.shape) < share
        choice = [profile.weight_min, profile.weight_min + 2, profile.weight_max // 2 * 2 - 2, profile.weight_max // 2 * 2]
        weights[edge] = rng.choice(choice, np.count_nonzero(edge))
    return state


def test_all_four_engines_hold_equal_bits_in_every_variable_at_every_step():
    network = small_network()
    frames, labels = random_samples(network, 5)
    report = verified(network, frames, labels, ALL)
    elements = sum(int(np.prod(shape)) for variables in shapes(network).values() for shape in variables.values())
    assert report.differing == 0 and report.first is None and ALL == ("stock", "fast", "twin", "oracle")
    assert report.compared == 3 * 5 * network.schedule().length * elements
    assert report.ranges.warnings() == []


@pytest.mark.parametrize("options", [
    {"hidden": (13,)}, {"hidden": (9, 8, 7, 6, 5, 4)}, {"windows": 1, "decay_period": 0}, {"x_max": 3, "d_bits": 3},
    {"halve_every": 2, "max_halvings": 2}, {"credit": "dfa"}],
    ids=["one layer", "six layers", "one window", "other phases", "halvings", "fixed M"])
def test_every_shape_of_network_is_recorded_alike_by_lava_the_twin_and_the_oracle(options):
    network = small_network(**options)
    frames, labels = random_samples(network, 3, rows=network.learning.steps)
    assert verified(network, frames, labels, ("fast", "twin", "oracle")).differing == 0


def test_a_later_start_from_rails_and_odd_weights_is_recorded_alike():
    network, rng = small_network(), np.random.default_rng(3)
    frames, labels = random_samples(network, 4)
    state = initial_state(network)
    state.n_trained = 7
    for name, array in state.arrays.items():
        if name.endswith(".weights"):
            array[:] = rng.choice([-256, -254, 253, 255], array.shape)
        if name.endswith(".y_residual"):
            array[:] = rng.integers(0, 16, array.shape)
    assert verified(network, frames, labels, ALL, state).differing == 0


@pytest.mark.parametrize("profile", [LOIHI_254, Profile("narrow", -64, 63)], ids=lambda profile: profile.name)
def test_other_rails_are_kept_alike_by_all_engines_that_have_them(profile):
    network = small_network(profile=profile, x_max=3, d_bits=3)
    frames, labels = random_samples(network, 5)
    for start in (initial_state(network), at_the_rails(network)):
        report = verified(network, frames, labels, ("oracle", "twin", "fast"), start)
        assert report.differing == 0 and report.samples == 5
    seen = [report.ranges.seen[name, "weights"] for name in ("W1", "W2", "W3", "M1", "M2")]
    assert {extent.minimum for extent in seen} == {profile.weight_min}
    assert {extent.maximum for extent in seen} == {profile.weight_max}


def test_rails_of_a_profile_change_what_is_learned():
    frames, labels = random_samples(small_network(), 6)
    networks = [small_network(), small_network(profile=LOIHI_254)]
    ends = []
    for network in networks:
        engine = recorder("oracle", network, at_the_rails(networks[1]), 1)
        records = [engine.sample(frame, int(label)) for frame, label in zip(frames, labels, strict=True)]
        ends.append(state_after(network, records[-1], 6))
    assert "W1.weights" in differing(*ends) and ends[0]["W1.weights"].max() == 255 and ends[1]["W1.weights"].max() == 254
    assert not any((ends[1][connection.weights] & 1).any() for connection in networks[1].connections)


def test_stock_lava_is_refused_with_the_rails_it_lacks_and_the_engines_that_have_them():
    network = small_network(profile=LOIHI_254)
    frames, labels = random_samples(network, 1)
    line = "engine 'stock' lacks profile 'loihi-254' with rails -256..254; choose fast or twin or oracle"
    with pytest.raises(UserError, match=f"^{line}$"):
        verified(network, frames, labels, ("oracle", "stock"))


def test_recording_changes_no_bit_of_what_is_learned():
    network = small_network()
    frames, labels = random_samples(network, 6)
    engine = recorder("fast", network, initial_state(network), 1)
    try:
        records = [engine.sample(frame, int(label)) for frame, label in zip(frames, labels, strict=True)]
    finally:
        engine.stop()
    with FastLavaEngine(network, initial_state(network), timeout=60) as plain:
        plain.train(frames, labels)
        assert differing(plain.state(), state_after(network, records[-1], 6)) == []


def test_a_current_beyond_24_bits_is_a_warning_that_names_the_population():
    network = small_network(n_in=600, hidden=(3,))
    state = initial_state(network)
    state["W1.weights"][:] = 254
    report = verified(network, np.full((1, 1, 600), 15, np.uint8), np.array([0]), ("oracle", "twin"), state)
    assert report.differing == 0
    assert any(warning.startswith("population 'hidden1': u reached") for warning in report.ranges.warnings())


@pytest.mark.parametrize("only", [-1, 3])
def test_a_sample_that_is_not_there_is_refused(only):
    network = small_network()
    with pytest.raises(UserError, match=f"only sample {only} is outside 0..2"):
        verified(network, *random_samples(network, 3), ("oracle", "twin"), only_sample=only)


@pytest.fixture
def config_file(tmp_path):
    path = tmp_path / "digits.toml"
    path.write_text(dumps(Experiment(Data("digits"), small_network(n_in=65, n_out=10), Training())))
    return path


def test_the_command_names_its_engines_first_and_ends_with_0(config_file):
    result = called("verify", "--config", config_file, "--samples", 2, "--engines", "fast,twin")
    assert result.code == 0, result.errors
    assert result.output.splitlines()[0].startswith("verify: fast, twin;")
    assert " 0 differ" in result.output and "sample 2/2" in result.errors


def test_the_command_says_the_same_for_a_program(config_file):
    report = json.loads(called("verify", "--config", config_file, "--samples", 2, "--engines", "oracle,twin", "--json").output)
    assert report["engines"] == ["oracle", "twin"] and report["differing"] == 0 and report["warnings"] == []
    (comparison,) = report["comparisons"]
    assert list(comparison["variables"])[-5:] == ["W1", "W2", "W3", "M1", "M2"]
    assert sum(compared for compared, _ in comparison["variables"].values()) == report["compared"]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_a_thousand_digits_leave_equal_weights_in_stock_lava_and_ours_at_every_hundredth():
    experiment = digits()
    data, network = load_data(experiment), experiment.network
    frames, labels = data.train_frames[:1000], data.train_labels[:1000]
    with StockLavaEngine(network, initial_state(network)) as stock, FastLavaEngine(network, initial_state(network)) as fast:
        for start in range(0, 1000, 100):
            part = slice(start, start + 100)
            assert np.array_equal(stock.train(frames[part], labels[part]), fast.train(frames[part], labels[part]))
            assert differing(stock.state(), fast.state()) == [], f"after {start + 100} samples"
