"""Deployments in the simulator: the engine of each mode, what is refused before a start, and what a comparison goes by."""
import inspect
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.board.finding import Finding, count
from lava_opzo.cli.deploy import deploy
from lava_opzo.deployment import steps
from lava_opzo.deployment.deployment import Deployment, opened, placed
from lava_opzo.deployment.steps import STEPS, compare_step, preflight_step, run_step, selected, verify_step
from lava_opzo.engines.in_the_loop.engine import InTheLoopEngine
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.plugins import REHEARSAL
from lava_opzo.engines.target import Target, plugins_of
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.errors import NoBoardError, UserError
from lava_opzo.experiment.experiment import changed
from lava_opzo.network.form import changed as changed_network
from lava_opzo.network.initial import initial_state
from lava_opzo.verification.command import first_bit_command
from lava_opzo.verification.lockstep import Report
from lava_opzo.verification.ranges import Ranges
from sim_tests.helpers.commands import called
from sim_tests.helpers.networks import by_step, carrying
from sim_tests.helpers.tiny_run import write_tiny_run
from sim_tests.helpers.wrong_plugins import Gate, with_wrong


@pytest.fixture
def tiny(tmp_path):
    return write_tiny_run(tmp_path, epochs=1)[1]


def deployment(experiment, **options) -> Deployment:
    named = {name: options.pop(name) for name in ("engine", "mode", "plugins") if name in options}
    return Deployment(experiment, initial_state(experiment.network), Target(place=options.pop("target", "simulator"), **named),
                      **options)


def test_the_step_and_the_command_count_the_same_findings(tiny, tmp_path):
    counts = preflight_step(deployment(tiny))
    alone = json.loads(called("preflight", tmp_path / "tiny.toml", "--json").output)
    assert counts == count([Finding(**one) for one in alone["findings"]]) and counts["ok"] > 30


def test_compiling_is_announced_once_and_by_whichever_step_needs_it_first(tiny, capsys):
    chosen = deployment(tiny)
    chosen.announce_compiling("preflight")
    chosen.announce_compiling("verify")
    assert capsys.readouterr().out == ("preflight: compiling the twin where this machine has not done so yet (once, about half a "
                                       "minute)\n")


@pytest.mark.parametrize(("options", "kind"), [({"mode": "in-the-loop"}, InTheLoopEngine), ({"engine": "twin"}, TwinEngine),
                                               ({"engine": "lava"}, LavaEngine), ({"plugins": REHEARSAL}, LavaEngine)],
                         ids=["in the loop", "twin", "lava", "plug-ins"])
def test_each_mode_and_engine_starts_what_its_first_line_says(tiny, options, kind):
    chosen = deployment(tiny, **options)
    with chosen.make_engine(tiny.network, chosen.state, 1) as engine:
        assert isinstance(engine, kind)
    assert chosen.line.startswith("twin:" if kind is TwinEngine else "simulator: Lava Loihi2SimCfg, fixed_pt")
    assert ("in-the-loop" in chosen.line) == (kind is InTheLoopEngine)


def test_a_gate_that_an_engine_lacks_is_refused_with_those_that_have_it(tiny):
    counting = changed(tiny, gate="count")
    with pytest.raises(UserError, match="gate 'count'.*in-the-loop"):
        deployment(counting)
    for option in ("mode", "engine"):
        chosen = deployment(counting, **{option: "in-the-loop"})
        assert chosen.target.engine_name == chosen.target.mode == "in-the-loop"


@pytest.mark.parametrize(("options", "words"), [
    ({"target": "fpga"}, "target 'fpga' is not one of simulator, loihi2"),
    ({"mode": "offline"}, "mode 'offline' is not one of on-chip, in-the-loop"),
    ({"engine": "gpu"}, "engine 'gpu' is not one of"),
])
def test_what_is_unknown_is_named_with_what_is_known(tiny, options, words):
    with pytest.raises(UserError, match=words):
        deployment(tiny, **options)


def test_a_board_without_lava_loihi_is_refused(tiny):
    with pytest.raises(NoBoardError, match="lava-loihi is not installed"):
        deployment(tiny, target="loihi2")


def test_weights_in_real_numbers_are_not_taken_for_integers(tiny):
    state = initial_state(tiny.network)
    state.arrays |= {name: array.astype(float) for name, array in state.arrays.items()}
    with pytest.raises(UserError, match="number 'fixed': RUN holds a network of real numbers; leave --number out"):
        Deployment(tiny, state)


def test_the_in_the_loop_mode_takes_no_real_numbers(tiny):
    with pytest.raises(UserError, match="engine 'in-the-loop' lacks number 'real'"):
        deployment(replace(tiny, number="real"), mode="in-the-loop")


@pytest.mark.parametrize(("experiment_of", "options", "words"), [
    (lambda tiny: changed(tiny, gate="count"), {"mode": "in-the-loop"}, "gate 'count'"),
    (lambda tiny: changed(tiny, number="real"), {"engine": "twin"}, "number real"),
], ids=["gate count", "real numbers"])
def test_a_run_without_an_integer_twin_says_so_when_it_is_compared(tiny, tmp_path, capsys, experiment_of, options, words):
    learned = deployment(experiment_of(tiny), out=tmp_path / "run", **options)
    assert verify_step(learned) == {"skipped": True} and words in capsys.readouterr().out
    assert run_step(learned)["n_trained"] == 40
    later = Deployment(*opened(tmp_path / "run")[:2], run=opened(tmp_path / "run")[2], learns=False)
    assert compare_step(later) == {"skipped": True}
    out = capsys.readouterr().out
    assert out.startswith("compare: skipped, ") and words in out


def test_a_run_in_the_loop_is_compared_with_the_twin_and_one_wrong_bit_is_named(tiny, tmp_path):
    learned = deployment(tiny, mode="in-the-loop", out=tmp_path / "run")
    run_step(learned)
    assert compare_step(learned) == {"n_trained": 40, "differing": 0}
    experiment, state, folder = opened(tmp_path / "run")
    state["M1.weights"][0, 0] ^= 2
    folder.save(experiment, state)
    with pytest.raises(UserError, match="compare: the run and the twin differ in M1.weights after 40 samples"):
        compare_step(learned)


def test_a_wrong_plug_in_is_named_by_verify_before_the_run_and_by_the_command_of_compare_after_it(tmp_path, capsys):
    chosen = deployment(write_tiny_run(tmp_path, n_train=8, epochs=1)[1], plugins=with_wrong(Gate), out=tmp_path / "run")
    with pytest.raises(UserError, match=r"verify: plug-ins and oracle differ first in sample 0, step 1, population 'hidden1', "
                                        r"variable psi\[\d+\]: plug-ins has 0, right is 1; nothing was run"):
        verify_step(chosen)
    assert "  operands in oracle:" in capsys.readouterr().out and not (tmp_path / "run").exists()
    run_step(chosen)
    with pytest.raises(UserError, match="compare: the run and the twin differ in ") as told:
        compare_step(chosen)
    command = str(told.value).split("find the first wrong bit: lava-opzo ")[1]
    assert f"--plugin OpzoLIF={with_wrong(Gate)['OpzoLIF']}" in command
    found = called(*command.split(), "--json")
    first = json.loads(found.output)["first_difference"]
    assert found.code == 1 and (first["sample"], first["step"], first["variable"]) == (0, 1, "psi")


def test_the_command_that_looks_for_the_first_bit_reads_a_long_run_a_few_times(tmp_path):
    for samples, end in ((12, ""), (40, " --every 2"), (1600, " --every 100")):
        command = first_bit_command(tmp_path / "a b", samples, Target("in-the-loop"), "twin")
        assert command == (f"lava-opzo verify --config '{tmp_path}/a b' --samples {samples} --engines twin --mode in-the-loop"
                           f"{end}")


@pytest.mark.parametrize("options", [{"plugins": REHEARSAL}, {"mode": "in-the-loop"}, {"engine": "stock"}, {"engine": "twin"}])
def test_what_is_verified_is_what_runs_against_the_oracle_or_where_it_is_slow_a_quick_engine(tiny, monkeypatch, options):
    seen, chosen = [], deployment(tiny, **options)
    monkeypatch.setattr(steps, "verify_target", lambda *arguments, **options: seen.append(arguments[4:6]) or Report(
        ("twin", "x"), 5, [], Ranges(tiny.network)))
    verify_step(chosen)
    monkeypatch.setattr(steps, "MOST_OF_ORACLE", 0)
    verify_step(chosen)
    assert seen == [(chosen.target, "oracle"), (chosen.target, "fast" if options == {"engine": "twin"} else "twin")]


@pytest.mark.parametrize("learns", [by_step, carrying], ids=["samples", "a stream"])
def test_a_network_that_learns_in_every_step_goes_the_whole_way_with_plug_ins(tiny, tmp_path, capsys, learns):
    network = changed_network(tiny.network, learning=replace(tiny.network.learning, windows=1))
    training = replace(tiny.training, in_order=learns is carrying)
    data = replace(tiny.data, options={"in_order": 1} if learns is carrying else {})
    experiment = replace(tiny, data=data, network=learns(network, 1), training=training)
    chosen = deployment(experiment, plugins=REHEARSAL, out=tmp_path / "run")
    found = {step: STEPS[step](chosen) for step in STEPS}
    assert found["plan"]["steps_per_sample"] == chosen.experiment.network.schedule().length
    assert found["verify"]["differing"] == 0 < found["verify"]["values"] and found["preflight"]["error"] == 0
    assert "the twin learned the same" in capsys.readouterr().out


def test_compare_of_a_later_day_says_that_it_does_not_know_the_plug_ins(tiny, tmp_path):
    run_step(deployment(tiny, engine="twin", out=tmp_path / "run"))
    experiment, state, folder = opened(tmp_path / "run")
    state["M1.weights"][0, 0] ^= 2
    folder.save(experiment, state)
    later = Deployment(*opened(tmp_path / "run")[:2], run=opened(tmp_path / "run")[2], learns=False)
    with pytest.raises(UserError, match="--samples 40 --engines twin,fast, with the --plugin or --mode of the run if it had one"):
        compare_step(later)


def test_a_used_run_folder_is_refused_before_anything_starts(tiny, tmp_path):
    run_step(deployment(tiny, engine="twin", out=tmp_path / "run"))
    with pytest.raises(UserError, match="holds a run already"):
        deployment(tiny, out=tmp_path / "run")


def test_steps_are_selected_in_their_order():
    assert selected("preflight", "map") == ["preflight", "verify", "map"] and selected("plan", "compare") == list(STEPS)
    with pytest.raises(UserError, match="step 'run' comes after 'plan'"):
        selected("run", "plan")
    with pytest.raises(UserError, match="step 'fly' is not one of plan, preflight"):
        selected("fly", "compare")


def test_every_option_of_the_script_belongs_to_the_command():
    from deploy.to_loihi import application

    (command,) = application().registered_commands
    assert command.callback is deploy and "gate" in inspect.signature(deploy).parameters


def test_a_place_is_a_board_only_where_one_is_set_up():
    assert placed("auto") == placed("simulator") == "simulator" and placed("loihi2") == "loihi2"
    with pytest.raises(UserError, match="target 'fpga' is not one of auto, simulator, loihi2"):
        placed("fpga")


def test_plug_ins_are_named_in_either_spelling_and_once():
    assert plugins_of(["OpzoLIF=a.b.C", "OpzoReadout=a.b:D"]) == {"OpzoLIF": "a.b.C", "OpzoReadout": "a.b.D"}
    for words, message in ((["OpzoLIF"], "--plugin 'OpzoLIF' is not of the form"), (["=a.b"], "is not of the form"),
                           (["A=b:c:d"], "is not of the form"), (["A=b.c", "A=b.d"], "A is named twice")):
        with pytest.raises(UserError, match=message):
            plugins_of(words)


def test_the_plan_counts_are_those_of_a_deep_network(tmp_path):
    experiment = write_tiny_run(tmp_path, hidden=(6, 5, 7, 6, 5, 4))[1]
    planned = STEPS["plan"](deployment(experiment))
    assert planned["widths"] == (10, 6, 5, 7, 6, 5, 4, 4)
    assert planned["synapses"] == int(np.dot(planned["widths"][1:], planned["widths"][:-1])) + 4 * (6 + 5 + 7 + 6 + 5 + 4)
