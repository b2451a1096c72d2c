"""The nine acceptance checks: the simulator answers as documented, and a board that computes otherwise is told what to change."""
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.board.acceptance.bench import SimulatorBench
from lava_opzo.board.acceptance.checks import CHECKS, results
from lava_opzo.board.acceptance.target import load_bench, open_bench
from lava_opzo.errors import UserError
from sim_tests.helpers.commands import assert_one_line, called


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
    assert [check.letter for check, _ in answers] == list("abcdefghi")
    assert {check.letter: answer for check, answer in answers if answer != check.expected} == {}


def test_another_chip_is_told_apart_in_every_check_that_it_answers_otherwise():
    differing = {check.letter: answer for check, answer in results(OtherBench()) if answer != check.expected}
    assert set(differing) == set("acdefghi") and differing["d"] == "4" and differing["g"] == "0, 1, 2"


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
    result = called("acceptance", "--json")
    assert result.code == 1, "needed answers differ"
    assert len(json.loads(result.output)["checks"]) == 9
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
    with pytest.raises(UserError, match="target 'fpga' is not one of simulator, loihi2"):
        open_bench("fpga", None)
