"""`verify`, `record` and `replay` take any target by the same three options, and refuse what has no effect."""
import json

import pytest

from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.tiny_run import write_tiny_run
from sim_tests.helpers.wrong_plugins import DShift, with_wrong


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_run(tmp_path, epochs=1)[0]


def plugins(named):
    """The options of plug-ins, the class after a colon as entry points write it."""
    return [word for process, model in named.items() for word in ("--plugin", f"{process}={':'.join(model.rsplit('.', 1))}")]


def test_a_wrong_plug_in_is_named_with_exit_code_1_and_its_replay_finds_it_again(tiny):
    wrong = plugins(with_wrong(DShift))
    found = command("verify", "--config", tiny, "--samples", 2, "--engines", "oracle", *wrong, "--json")
    result = json.loads(found.output)
    first = result["first_difference"]
    assert found.code == 1 and result["engines"] == ["oracle", "plug-ins"] and (first["part"], first["step"]) == ("readout", 12)
    assert "weights" in result["read"]["W1"] and "spikes" not in result["read"]["hidden1"]
    assert first["replay"].startswith(f"lava-opzo verify --config {tiny} --samples 2 --only-sample 0 --engines oracle --plugin")
    again = json.loads(command(*first["replay"].split()[1:], "--json").output)["first_difference"]
    assert {key: again[key] for key in ("sample", "step", "part", "variable", "index")} == {
        key: first[key] for key in ("sample", "step", "part", "variable", "index")}


def test_a_target_is_recorded_and_its_recording_replayed(tiny, tmp_path):
    made = command("record", tmp_path / "read", "--config", tiny, "--samples", 2, "--mode", "in-the-loop")
    assert made.code == 0 and made.output.startswith("record: simulator: Lava Loihi2SimCfg, fixed_pt, in-the-loop"), made.errors
    again = command("replay", tmp_path / "read", "--engine", "oracle")
    assert again.code == 0 and " 0 differ" in again.output and "read between runs, no more: " in again.output, again.errors


def test_golden_vectors_are_replayed_in_a_target(tiny, tmp_path):
    assert command("record", tmp_path / "whole", "--config", tiny, "--samples", 1, "--engine", "oracle").code == 0
    again = command("replay", tmp_path / "whole", "--mode", "in-the-loop")
    assert again.code == 0 and again.output.splitlines()[0].endswith("against vectors recorded in oracle"), again.errors


@pytest.mark.parametrize("arguments", [("verify",), ("record", "new"), ("replay", "sim_tests/golden/busy")],
                         ids=lambda one: one[0])
def test_a_board_that_is_not_here_is_refused_with_exit_code_3(arguments):
    assert_one_line(command(*arguments, "--target", "loihi2"), 3, "lava-loihi is not installed")


@pytest.mark.parametrize(("arguments", "words"), [
    (("verify", "--every", 2), ("leaves --every without effect",)),
    (("verify", "--mode", "in-the-loop", "--engines", "twin,oracle"), ("2 names, 1..1",)),
    (("record", "new", "--mode", "in-the-loop", "--engine", "twin"), ("a target leaves --engine without effect",)),
    (("replay", "sim_tests/golden/busy", "--mode", "in-the-loop", "--engine", "twin"), ("leaves --engine without effect",)),
    (("verify", "--mode", "in-the-loop", "--plugin", "OpzoLIF=a.B"), ("leaves plug-ins without effect",)),
    (("verify", "--plugin", "OpzoLIF"), ("--plugin 'OpzoLIF' is not of the form",)),
    (("verify", "--target", "fpga"), ("target 'fpga' is not one of simulator, loihi2",)),
], ids=lambda one: " ".join(map(str, one)))
def test_what_has_no_effect_or_no_meaning_is_refused_in_one_line(arguments, words):
    assert_one_line(command(*arguments), 2, *words)


def test_a_missing_plug_in_is_named_with_the_simulators_own(tiny):
    finished = command("verify", "--config", tiny, "--samples", 1, *plugins({"OpzoLIF": with_wrong(DShift)["OpzoLIF"]}))
    assert_one_line(finished, 2, "no model given for OpzoReadout, LearningDense",
                    "--plugin OpzoReadout=process_models.opzo_readout.models.PyOpzoReadoutModelFixed")
