"""Outputs that are labels or values have equal bits in every engine, and those of classes are as they were."""
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.board.preflight import preflight
from lava_opzo.engines import registry
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.models import run_config
from lava_opzo.engines.oracle.recorder import OracleRecorder, plain_config, plain_state
from lava_opzo.engines.oracle.sample import evaluate_sample
from lava_opzo.engines.twin.integers.engine import TwinEngine
from lava_opzo.errors import UserError
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.populations import Readout
from lava_opzo.silicon.boards import find
from lava_opzo.verification.lockstep import verify
from sim_tests.helpers.networks import by_step, differing, random_outputs, small_network, with_kind
from sim_tests.helpers.records import assert_same_records

KINDS = ("labels", "values")


def made(kind, **options):
    network = with_kind(small_network(hidden=(10, 8), n_out=3, **options), kind)
    return network, initial_state(network)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("options", [{}, {"windows": 1, "credit": "dfa"}, {"spread": True, "halve_every": 2}])
def test_the_twin_records_what_the_oracle_records(kind, options):
    network, state = made(kind, **options)
    assert_same_records(network, state, *random_outputs(network, 5, seed=3))


@pytest.mark.parametrize("kind", KINDS)
def test_an_evaluation_answers_with_the_only_window_counted_as_often_as_a_training_sample_has_windows(kind):
    for windows in (1, 2):
        network = with_kind(small_network(hidden=(10, 8), n_out=3, windows=windows), kind, error_shift=0)
        frames, targets = random_outputs(network, 8, seed=4)
        engine = TwinEngine(network, initial_state(network))
        engine.train(frames, targets)
        answers, plain, arrays = engine.evaluate(frames), plain_config(network), plain_state(engine.state(), network)
        records = [evaluate_sample(plain, arrays, frame.tolist()) for frame in frames]
        assert answers.tolist() == [record["prediction"] for record in records] and answers.shape == (8, 3)
        doubled = [[windows * o for o in record["o"]] for record in records]
        assert answers.tolist() == [[int(o >= 64) if kind == "labels" else min(max(o, -127), 127) for o in o_plus]
                                    for o_plus in doubled]
        assert len(np.unique(answers)) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_lava_in_the_loop_and_on_chip_learn_and_answer_what_the_twin_does(kind):
    network, state = made(kind)
    frames, targets = random_outputs(network, 4, seed=5)
    seen = {}
    for name in ("twin", "fast", "in-the-loop"):
        with registry.make(name, network, state) as engine:
            seen[name] = engine.train(frames, targets), engine.evaluate(frames), engine.state()
    for name in ("fast", "in-the-loop"):
        for ours, twins in zip(seen[name][:2], seen["twin"][:2], strict=True):
            assert ours.dtype == np.int32 and np.array_equal(ours, twins)
        assert differing(seen[name][2], seen["twin"][2]) == []
    assert len(np.unique(seen["twin"][0])) > 1 and "M1.weights" in differing(seen["twin"][2], state)


@pytest.mark.parametrize("kind", KINDS)
def test_real_numbers_in_lava_answer_what_those_of_the_twin_answer(kind):
    network, state = made(kind)
    frames, targets = random_outputs(network, 3, seed=6)
    answers = []
    for name in ("twin", "fast"):
        with registry.make(name, network, state, "real") as engine:
            answers.append((engine.train(frames, targets).tolist(), engine.evaluate(frames).tolist()))
    assert answers[0] == answers[1]


def test_backpropagation_and_a_single_point_learn_labels_and_values():
    for kind in KINDS:
        for credit in ("backprop", "single-point"):
            network = with_kind(small_network(hidden=(10, 8), n_out=3, credit=credit), kind)
            frames, targets = random_outputs(network, 4, seed=7)
            with registry.make("twin", network, initial_state(network), "real") as engine:
                engine.train(frames, targets)
                assert all(np.isfinite(array).all() for array in engine.state().arrays.values())
                assert "W1.weights" in differing(engine.state(), initial_state(network))


def test_a_difference_in_the_error_of_values_is_told_with_target_and_formula():
    network, state = made("values")
    frames, targets = random_outputs(network, 1, seed=8)

    class Wrong(OracleRecorder):
        def sample(self, frames, label):
            record = super().sample(frames, label)
            record["readout"]["error"][-1, 1] += 1
            return record

    def make(name, *given):
        return Wrong(*given) if name == "wrong" else registry.recorder(name, *given)

    report = verify(network, state, frames, targets, ("oracle", "wrong"), make=make)
    assert report.differing == 1 and report.first[1].place.variable == "error"
    assert report.operation.operands["target"] == targets[0, 1] and report.operation.operands["kind"] == "values"
    assert any("clip((o_q >> shift) - target_q, -127, 127)" in formula for formula in report.operation.formulas)


def test_what_does_not_fit_the_kind_is_refused_in_one_line():
    network, state = made("values")
    frames, targets = random_outputs(network, 2)
    engine = TwinEngine(network, state)
    for wrong, words in ((targets[:, :2], "(2, 2) is not (2, 3)"), (targets / 2, "float64"), (targets + 128, "outside -127..127"),
                         (targets[:, 0], "(2,)")):
        with pytest.raises(UserError, match="values: ") as told:
            engine.train(frames, wrong)
        assert words in str(told.value) and "\n" not in str(told.value)
    labelled, _ = made("labels")
    with pytest.raises(UserError, match=r"labels: values 0\.\.2 are outside 0\.\.1"):
        TwinEngine(labelled, state).train(frames, np.array([[0, 1, 2], [0, 0, 0]]))
    with pytest.raises(UserError, match="kind 'ranks' is not one of classes, labels, values"):
        Readout(3, 1, 1, 1, kind="ranks")  # type: ignore[arg-type]
    with pytest.raises(UserError, match="do not travel through the Vars of a board or of plug-ins"):
        LavaEngine(network, state, configuration=run_config())
    with pytest.raises(UserError, match="do not travel through the Vars of a board"):
        preflight(network, state, find("oheo-gulch"))
    assert preflight(network, state, find("oheo-gulch"), "in-the-loop")
    with pytest.raises(UserError, match="outputs of kind 'labels' cannot learn with updates 'step'"):
        with_kind(by_step(small_network(windows=1)), "labels")
    assert Readout(1, 1, 1, 1, kind="values").n == 1
    with pytest.raises(UserError, match=r"n 1 is outside 2\.\."):
        Readout(1, 1, 1, 1)


def test_a_network_of_classes_has_no_kind_in_its_file_and_keeps_its_hash():
    from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps, loads
    from lava_opzo.network.form import form_of

    classes = small_network()
    assert "kind" not in form_of(classes).document()["readout"] and form_of(classes).fields()["readout"]["kind"] == "classes"
    values = changed(classes, readout=replace(classes.readout, kind="values"))
    experiment = Experiment(Data("none"), values, Training())
    assert loads(dumps(experiment)) == experiment and 'kind = "values"' in dumps(experiment)
    assert experiment.hash != Experiment(Data("none"), classes, Training()).hash
