"""A profile of a chip: what it refuses, how it stands in a file, what it decides, and that it changes no bit and no old hash."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.engines import registry
from lava_opzo.engines.record import state_after
from lava_opzo.engines.replayable import obstacles
from lava_opzo.errors import UserError
from lava_opzo.experiment import profile_file
from lava_opzo.experiment.experiment import changed, dumps, loads
from lava_opzo.experiment.presets import COMPARED, PRESETS
from lava_opzo.network import form
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.limits import LIMITS, limits_of
from lava_opzo.silicon.profile import LOIHI_254, PROFILES, STOCK_LAVA, Profile
from sim_tests.helpers.networks import differing, random_samples, small_network

CHIP = Profile("chip", -200, 198, input_bits=17, of_a_chip=True, state_bits=22, trace_bits=6, payload_bits=5, generator_bits=20,
               beyond_u="wrap", beyond_v="clip")
HASHES = {"digits": "7090b7582cffb6f4baa7425d949586fd199aabf667e8033b667dd5e368e0c45a",
          "mnist": "8fbaf7c4d8064492b4a695151a716a254b315f140f1a48dd2d99a02685bafaab",
          "nmnist": "ebed27efc3e2a93586a52ce5f47aec5186fcfee840cf5743bd3f03dc706f6a99"}
"""Of the presets before profiles had more than rails, input_bits and of_a_chip; nmnist: `few_lines`."""


def test_presets_keep_the_hashes_that_they_had_before_profiles_had_widths():
    assert {name: preset().hash for name, preset in COMPARED.items()} == HASHES
    assert PRESETS["nmnist"]().hash == "9d6ee076790ce3cbfa65dd7e27b5747156316db5f9d21a514eaf95cacc79d183"
    assert all(set(profile.document()) == {"name", "weight_min", "weight_max", "input_bits", "of_a_chip"}
               for profile in PROFILES.values())


@pytest.mark.parametrize("profile", [*PROFILES.values(), CHIP], ids=lambda profile: profile.name)
def test_an_experiment_with_any_profile_comes_back_from_its_file_and_another_profile_is_another_experiment(profile):
    experiment = changed(PRESETS["digits"](), profile=profile)
    assert loads(dumps(experiment)) == experiment and experiment.network.profile == profile
    assert (experiment.hash == HASHES["digits"]) == (profile == STOCK_LAVA)


@pytest.mark.parametrize("fields, words", [
    ({"state_bits": 7}, "state_bits 7 is outside 8..32"), ({"trace_bits": 0}, "trace_bits 0 is outside 1..16"),
    ({"payload_bits": 33}, "payload_bits 33 is outside 1..32"), ({"generator_bits": True}, "generator_bits True is not a number"),
    ({"beyond_u": "round"}, "beyond_u 'round' is not one of unknown, wrap, clip"),
    ({"beyond_v": ""}, "beyond_v '' is not one of unknown, wrap, clip")])
def test_a_number_that_no_chip_has_is_refused_by_its_name(fields, words):
    with pytest.raises(UserError, match=f"profile 'loihi-254': {words}"):
        replace(LOIHI_254, **fields)


def test_a_profile_file_comes_back_as_it_was_written_and_a_name_finds_what_comes_with_the_project(tmp_path):
    profile_file.write(tmp_path / "chip.toml", CHIP)
    assert profile_file.find(str(tmp_path / "chip.toml")) == CHIP
    assert profile_file.find("loihi-254") == LOIHI_254
    with pytest.raises(UserError, match="exists; choose a new file name"):
        profile_file.write(tmp_path / "chip.toml", CHIP)


@pytest.mark.parametrize("text, words", [
    ('name = "x"\nweight_min = -256\n', "key 'weight_max' is missing"), ("name = ", "not a TOML file"),
    ('name = "x"\nweight_min = -256\nweight_max = 254\nrails = 3', "unknown key 'rails'"),
    ('name = "x"\nweight_min = -256\nweight_max = "254"', "weight_max = '254'"),
    ('name = "x"\nweight_min = -256\nweight_max = 300', "weight_max 300 is outside 2..255"),
    ('name = "x"\nweight_min = -256\nweight_max = 254\nbeyond_v = "bounce"', "beyond_v = 'bounce'"),
    ('name = "a\\nb"\nweight_min = -256\nweight_max = 254', "its name is empty, longer than 60 characters or not printable"),
    ('name = "loihi-254"\nweight_min = -256\nweight_max = 252', "has other numbers than the one of that name")])
def test_a_profile_file_with_a_fault_is_one_line_that_names_it(tmp_path, text, words):
    (tmp_path / "chip.toml").write_text(text)
    with pytest.raises(UserError) as error:
        profile_file.find(str(tmp_path / "chip.toml"))
    assert words in str(error.value) and len(str(error.value).splitlines()) == 1


def test_an_unknown_profile_is_named_with_the_known_ones():
    with pytest.raises(UserError, match="profile 'loihi-255' is not one of stock-lava, loihi-254; choose one, or give a file"):
        profile_file.find("loihi-255")


def test_widths_of_a_profile_change_no_bit_that_is_learned():
    bare = small_network(profile=LOIHI_254)
    wide = form.changed(bare, profile=replace(LOIHI_254, input_bits=12, state_bits=12, trace_bits=3, generator_bits=8))
    states = []
    for network in (bare, wide):
        oracle = registry.recorder("oracle", network, initial_state(network), 1)
        records = [oracle.sample(frames, int(label)) for frames, label in zip(*random_samples(network, 4), strict=True)]
        states.append(state_after(network, records[-1], 4))
    assert differing(*states) == [] and np.any(states[0]["M1.weights"])


FINE = {"hidden1": {"u": 64 * 32767, "v": 2**23 - 2, "h": 9, "r": 9}, "readout": {"o": 5, "d": 5}}
CLIPPED = {**FINE, "hidden1": {**FINE["hidden1"], "v": 2**23 - 1}}


@pytest.mark.parametrize("fields, largest, words", [
    ({}, FINE, []), ({}, CLIPPED, ["|v| of hidden1 reached 8388607, its limit is 8388606"]),
    ({"beyond_v": "clip"}, CLIPPED, []), ({"beyond_v": "wrap"}, CLIPPED, ["|v| of hidden1 reached 8388607"]),
    ({"input_bits": 15}, FINE, ["|a| of hidden1 reached 32767, 15 bits hold 16383"]),
    ({"state_bits": 20, "input_bits": 20}, FINE, ["|a| of hidden1 reached 32767, a state of 20 bits holds 8191",
                                                  "|v| of hidden1 reached 8388606, its limit is 524287"]),
    ({"trace_bits": 6}, FINE, ["a trace y1, y2, y3 takes 7 bits, profile 'loihi-254' has trace_bits 6"]),
    ({"payload_bits": 4}, FINE, ["an error as a graded spike takes 7 bits"]),
    ({"generator_bits": 23}, FINE, ["the state of a noise generator takes 24 bits"])],
    ids=["as known", "clipped", "clips alike", "wraps", "input", "state", "trace", "payload", "generator"])
def test_what_a_chip_holds_decides_whether_a_run_is_replayable(fields, largest, words):
    found = obstacles(replace(LOIHI_254, **fields), largest, {"W1": 0})
    assert len(found) == len(words) and all(one.startswith(start) for one, start in zip(found, words, strict=True))


def test_limits_of_a_chips_profile_are_its_own_and_of_the_simulators_those_of_known_chips():
    limits = limits_of(CHIP)
    assert (limits.weight_min.value, limits.weight_max.value, limits.trace.value) == (-200, 198, 63)
    assert limits.synaptic_input.value == 65535 and limits.state.value == 2**21 - 1
    assert (limits.payload_bits.value, limits.generator_bits.value) == (5, 20) and limits.trace.source == "profile 'chip'"
    assert limits.decay == LIMITS.decay and limits_of(STOCK_LAVA) == limits_of(LOIHI_254) == LIMITS
