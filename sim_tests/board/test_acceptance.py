"""The acceptance checks: the simulator answers as documented, and a board that computes otherwise is told what to change."""
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.board.acceptance.bench import SimulatorBench
from lava_opzo.board.acceptance.checks import CHECKS, NOT_COMPUTED, results
from lava_opzo.board.acceptance.measured import profile_of
from lava_opzo.board.acceptance.target import checks_of, load_bench, open_bench
from lava_opzo.engines.lava.plugins import REHEARSAL
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError
from lava_opzo.experiment import profile_file
from lava_opzo.experiment.experiment import load
from lava_opzo.silicon.profile import Profile
from sim_tests.helpers import wrong_plugins
from sim_tests.helpers.commands import assert_one_line, called
from sim_tests.helpers.tiny_run import write_tiny_run


class OtherBench:
    """A made-up chip: stops at 254, halves nothing, leaks the wrong way and forgets its seed."""

    name = "a made-up chip"

    def __init__(self):
        self.runs = 0

    def lif(self, experiment):
        return np.zeros_like(experiment.spikes), np.zeros_like(experiment.spikes)

    def synapse(self, experiment):
        self.runs += 1
        if "x1*y1" in experiment.dw:
            return experiment.weight + 4 + (self.runs if "2^-4" in experiment.dw else 0), 0
        change = sum(2 * y for s, y in zip(experiment.payloads, experiment.y1, strict=True) if s)
        return min(254, experiment.weight + change), experiment.payloads[0] >> 1


class NoSynapse:
    """Lacks a method."""

    name = "half a bench"

    def lif(self, experiment):
        raise AssertionError("never asked")


def test_the_simulator_gives_every_expected_answer():
    answers = results(SimulatorBench())
    assert [check.letter for check, _ in answers] == list("abcdefghijk")
    assert {check.letter: answer for check, answer in answers if answer != check.expected} == {}
    measured = profile_of("stock", {check.letter: answer for check, answer in answers}, of_a_chip=False)
    assert measured == Profile("stock", -256, 255, input_bits=18, beyond_u="wrap", beyond_v="clip")


def test_another_chip_is_told_apart_in_every_check_that_it_answers_otherwise():
    differing = {check.letter: answer for check, answer in results(OtherBench()) if answer != check.expected}
    assert set(differing) == set("acdefghijk") and differing["d"] == "4" and differing["g"] == "0, 1, 2"


def test_every_check_says_what_it_asks_and_what_to_change():
    assert all(check.asks and check.otherwise and check.expected for check in CHECKS)
    assert [check.letter for check in CHECKS if check.needed] == list("abch")


def test_the_lif_check_sees_one_wrong_bit():
    class OneBit(SimulatorBench):
        def lif(self, experiment):
            u, v = super().lif(replace(experiment, spikes=experiment.spikes[:8]))
            v[5, 2] ^= 1
            return u, v

    check = CHECKS[0]
    assert check.run(OneBit()).startswith("2 of ")


def test_a_board_without_lava_loihi_is_one_line_with_exit_code_3():
    assert_one_line(called("acceptance", "--target", "loihi2"), 3, "lava-loihi is not installed")


def test_the_command_prints_json_of_all_checks(monkeypatch):
    monkeypatch.setattr("lava_opzo.board.acceptance.target.open_bench", lambda target, bench: OtherBench())
    monkeypatch.setattr("lava_opzo.board.acceptance.target.checks_of", lambda target: CHECKS)
    result = called("acceptance", "--json")
    assert result.code == 1, "needed answers differ"
    assert len(json.loads(result.output)["checks"]) == len(CHECKS) == 11
    shown = called("acceptance").output
    assert "(a) LIF states" in shown and "DIFFERENT" in shown and "let INRC's LIF be calibrated" in shown


def test_benches_are_loaded_by_name_and_checked():
    assert load_bench(f"{__name__}:OtherBench").name == "a made-up chip"
    for name, words in (
        (f"{__name__}:NoSynapse", "lacks synapse"),
        ("sim_tests.no_such:X", "cannot be made"),
        ("nothing", "cannot be made"),
    ):
        with pytest.raises(UserError, match=words):
            load_bench(name)
    with pytest.raises(UserError, match="--bench is for a board, the simulator has its own"):
        open_bench(Target(), f"{__name__}:OtherBench")


def test_the_command_writes_the_profile_that_a_chip_answered_with_and_training_takes_it(monkeypatch, tmp_path):
    monkeypatch.setattr("lava_opzo.board.acceptance.target.open_bench", lambda target, bench: OtherBench())
    monkeypatch.setattr("lava_opzo.board.acceptance.target.checks_of", lambda target: CHECKS[5:6])
    config, _ = write_tiny_run(tmp_path, epochs=1, n_train=4)
    assert "written to" in called("acceptance", "--profile-out", tmp_path / "chip.toml").output
    run = ("train", "--config", config, "--out", tmp_path / "run", "--profile", tmp_path / "chip.toml")
    assert called(*run).code == 0
    trained = load(tmp_path / "run" / "config.toml")
    assert trained.network.profile == Profile("chip", -254, 254) == profile_file.find(str(tmp_path / "chip.toml"))
    assert_one_line(called("acceptance", "--profile-out", tmp_path / "chip.toml"), 2, "exists; choose a new file name")
    assert_one_line(called("acceptance", "--profile-out", tmp_path / "chip.json"), 2, "does not end in .toml")
    assert_one_line(called("acceptance", "--profile-out", tmp_path / "loihi-254.toml"), 2, "comes with the project")
    assert_one_line(called(*run[:-1], "loihi-255"), 2, "profile 'loihi-255' is not one of stock-lava, loihi-254")


@pytest.mark.parametrize("answers, fields", [
    ({"j": "31680, 33000, 66000, 130680; u 8388607", "k": "-8386560; 4197376"},
     {"input_bits": 18, "beyond_u": "clip", "beyond_v": "wrap"}),
    ({"j": "31680, 32767, 32767, 32767; u 2097088"}, {"input_bits": 16}),
    ({"j": "31680, 33000, 464, 0; u 3"}, {"input_bits": 17}),
    ({"j": "-1088, 0, 0, 0; u 0", "k": "-524287; -524287"}, {"input_bits": 15, "state_bits": 20}),
    ({"j": NOT_COMPUTED, "k": NOT_COMPUTED}, {}), ({}, {})],
    ids=["clips and wraps", "16 bits", "17 bits", "narrow", "not computed", "not asked"])
def test_widths_of_a_profile_are_those_of_the_answers_and_what_was_not_measured_is_as_it_is_known(answers, fields):
    rails = {"f": "254, back to 252; -256"}
    assert profile_of("x", rails | answers, of_a_chip=True) == Profile("x", -256, 254, of_a_chip=True, **fields)


@pytest.mark.parametrize("answer, words", [("no", "has no rails"), ("254, back to 252; -255", "weight_min -255 is odd"),
                                           ("300, back to 298; -256", "weight_max 300 is outside")])
def test_rails_that_no_profile_has_are_one_line(answer, words):
    with pytest.raises(UserError, match=f"profile 'x': .*{words}"):
        profile_of("x", {"f": answer}, of_a_chip=True)


def test_a_rehearsal_with_plug_ins_answers_all_that_is_needed_and_says_what_its_models_do_not_compute():
    target = Target(plugins=REHEARSAL)
    bench = open_bench(target, None)
    asked = [check for check in checks_of(target) if check.letter in "bdhl"]
    answers = {check.letter: (answer, check.agrees(answer)) for check, answer in results(bench, asked)}
    assert answers.pop("d") == (NOT_COMPUTED, False) and all(agrees for _, agrees in answers.values())
    assert answers["h"][0] == "identical in form A" and answers["l"][0] == "all arrays and predictions equal"


@pytest.mark.parametrize("model, expected", [(wrong_plugins.Threshold, "l"), (wrong_plugins.DShift, "l"),
                                             (wrong_plugins.Steps, "bl")], ids=["OpzoLIF", "OpzoReadout", "LearningDense"])
def test_a_wrong_plug_in_answers_otherwise_in_the_checks_that_touch_it(model, expected):
    target = Target(plugins=wrong_plugins.with_wrong(model))
    answers = results(open_bench(target, None), [check for check in checks_of(target) if check.letter in "bl"])
    assert "".join(check.letter for check, answer in answers if not check.agrees(answer)) == expected


def test_whole_programs_are_not_asked_of_a_board_on_chip_without_plug_ins(monkeypatch):
    monkeypatch.setattr("lava_opzo.engines.target.lava_loihi_installed", lambda: True)
    letters = [[check.letter for check in checks_of(Target(place="loihi2", mode=mode))] for mode in ("on-chip", "in-the-loop")]
    assert letters == [list("abcdefghijk"), list("abcdefghijkl")]
