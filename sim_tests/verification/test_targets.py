"""A target is verified by what a host can read of it; a difference is narrowed down to the first place that can be told apart."""
import json

import numpy as np
import pytest

from lava_opzo.engines.reader import StateReader, row_of
from lava_opzo.engines.record import before_the_first, state_after
from lava_opzo.engines.registry import names_with, recorder
from lava_opzo.engines.target import Target
from lava_opzo.errors import NoBoardError, UserError
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import shapes as state_shapes
from lava_opzo.verification.readable import Halts
from lava_opzo.verification.report import as_dict
from lava_opzo.verification.targets import verify_target
from sim_tests.helpers import wrong_plugins
from sim_tests.helpers.networks import random_samples, small_network
from sim_tests.helpers.wrong_plugins import with_wrong

TAU_Y, TAU_ANSWER = 14, 12
"""Steps in which hidden layers compute y and the readout answers, in a network of two hidden layers with K = 5."""

WRONG = {
    "Reset": (0, 2, "hidden1", "v"), "DShift": (0, TAU_ANSWER, "readout", "d_residual"), "Steps": (0, TAU_Y, "W3", "weights"),
    "Threshold": (2, 1, "hidden1", "v"), "NoiseSign": (0, 1, "hidden1", "v"), "Gate": (0, 1, "hidden1", "psi"),
    "Count": (0, 1, "hidden1", "count"), "Shift": (1, TAU_Y, "hidden1", "y"), "Residual": (1, TAU_Y, "hidden1", "y_residual"),
    "Split": (1, TAU_Y, "W1", "weights"), "Taps": (0, 1, "hidden1", "z_state"), "Rounding": (0, TAU_Y, "W3", "weights"),
    "NoNewStart": (1, 1, "hidden1", "psi"), "Ramp": (1, TAU_ANSWER, "readout", "error"),
    "ErrorSign": (0, TAU_ANSWER, "readout", "error"), "Answer": (0, TAU_ANSWER, "readout", "prediction"),
    "Rail": (2, 15, "W2", "weights"), "NoDecay": (1, TAU_Y, "M1", "weights"),
}
"""Plug-in of sim_tests.helpers.wrong_plugins -> sample, step, part and variable that must be named first."""

QUICK = ("Reset", "DShift", "Steps")
"""One for each Process; the others are marked slow."""


def small():
    """A network and a state whose readout weights are at the rail, and samples in which every fault shows."""
    network = small_network(hidden=(8, 6), n_in=12, n_out=3)
    return network, initial_state(network), *random_samples(network, 3, seed=35)


@pytest.mark.parametrize("name", [name if name in QUICK else pytest.param(name, marks=pytest.mark.slow) for name in WRONG])
def test_a_plug_in_with_one_wrong_constant_is_named_by_sample_step_part_and_variable(name):
    network, state, frames, labels = small()
    if name == "Rail":
        state["W3.weights"][:] = 254
    report = verify_target(network, state, frames, labels, Target(plugins=with_wrong(getattr(wrong_plugins, name))), "oracle")
    _, first = report.first
    assert (first.place.sample, first.place.step, first.place.part, first.place.variable) == WRONG[name]
    assert first.left != first.right and report.operation.formulas and json.dumps(as_dict(report, ""))


def test_ten_wrong_plug_ins_and_more_are_there():
    assert len(WRONG) >= 10
    assert {model.implements_process.__name__ for name in WRONG for model in [getattr(wrong_plugins, name)]} == {
        "OpzoLIF", "OpzoReadout", "LearningDense"}


class Pretended:
    """The oracle as a target with one wrong bit in one variable, from a step of a sample on; counts what it is asked for.

    name: for tables. fault: (sample, step, part, variable). forgets: whether the fault needs a sample before it in the same run.
    """

    name = "pretended"

    def __init__(self, fault=None, steps=True, forgets=False):
        self.fault, self.steps_are_readable, self.forgets, self.started, self.read_rows = fault, steps, forgets, [], 0

    def check(self, network):
        """Any network."""

    def reader(self, network, state, rows):
        """A new start."""
        self.started.append(state.n_trained)
        return PretendedReader(self, network, state, rows)


class PretendedReader:
    """One start of a pretended target."""

    def __init__(self, target, network, state, rows):
        self.target, self.network, self.steps_are_readable = target, network, target.steps_are_readable
        self.oracle, self.done, self.begun = recorder("oracle", network, state, rows), state.n_trained, state.n_trained

    def _record(self, frames, label):
        record, fault = self.oracle.sample(frames, label), self.target.fault
        if fault and self.done >= fault[0] and not (self.target.forgets and self.done == self.begun):
            record[fault[2]][fault[3]][fault[1] if self.done == fault[0] else 0:, 0] ^= 1
        self.done += 1
        return record

    def sample(self, frames, label, read=True):
        """All variables, or the prediction."""
        self.target.read_rows += read
        self.record = self._record(frames, label)
        last = {part: {name: values[-1:] for name, values in variables.items()} for part, variables in self.record.items()}
        return last if read else {"readout": {"prediction": last["readout"]["prediction"]}}

    def steps(self, frames, label, weights=False):
        """Row after row."""
        record = self._record(frames, label)
        for tau in range(len(record["readout"]["spikes"])):
            self.row = {part: {name: values[tau:tau + 1] for name, values in variables.items()}
                        for part, variables in record.items()}
            late = weights or tau >= self.network.schedule().ranks - 1
            yield {part: variables for part, variables in self.row.items() if late or "weights" not in variables}

    def read(self):
        """The present row."""
        return self.row

    def stop(self):
        """Nothing to end."""


@pytest.mark.parametrize("every", [1, 5, 20])
def test_a_difference_in_a_long_run_is_narrowed_down_by_shorter_ones_to_its_sample_and_step(every):
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 20)
    target = Pretended((13, 7, "hidden2", "y_residual"))
    report = verify_target(network, initial_state(network), frames, labels, target, "oracle", every=every)
    place = report.first[1].place
    assert (place.sample, place.step, place.part, place.variable, place.index) == (13, 7, "hidden2", "y_residual", (0,))
    assert target.started[-1] == 13 and target.started == sorted(target.started)
    assert target.read_rows <= 14 + 2 * 8 and (every > 1) == (len(report.notes) > 1)


def test_a_weight_that_is_wrong_before_anything_follows_from_it_is_found_although_weights_are_read_late():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 3)
    report = verify_target(network, initial_state(network), frames, labels, Pretended((1, 3, "W2", "weights")), "oracle")
    place = report.first[1].place
    assert (place.sample, place.step, place.part, place.variable) == (1, 3, "W2", "weights")


def test_a_fault_that_needs_the_sample_before_it_is_found_in_a_run_of_two_samples():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 4)
    target = Pretended((2, 5, "hidden1", "psi"), forgets=True)
    report = verify_target(network, initial_state(network), frames, labels, target, "oracle")
    assert report.first[1].place.sample == 2 and report.first[1].place.step == 5 and target.started == [0, 2, 1]


def test_where_no_step_can_be_read_the_sample_and_the_step_in_which_the_reference_wrote_the_value_are_told():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 3)
    target = Pretended((1, TAU_Y, "hidden1", "y_residual"), steps=False)
    report = verify_target(network, initial_state(network), frames, labels, target, "oracle")
    assert report.first[1].place.step == network.schedule().length - 1 and f"in step {TAU_Y}" in report.notes[-1]
    assert "y_residual before" in report.operation.operands


def test_a_difference_that_does_not_repeat_is_reported_where_it_was_seen():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 3)
    target = Pretended((1, 3, "hidden1", "psi"))
    begin = target.reader
    target.reader = lambda *arguments: begin(*arguments) if not target.started else Pretended().reader(*arguments)
    report = verify_target(network, initial_state(network), frames, labels, target, "oracle")
    assert report.first[1].place.sample == 1 and any("does not repeat" in note for note in report.notes)


@pytest.mark.parametrize("target", [Target("twin"), Target(mode="in-the-loop")], ids=lambda target: target.name)
def test_what_every_target_shows_equals_the_oracle_and_is_told(target):
    network = small_network(hidden=(8, 6))
    frames, labels = random_samples(network, 3)
    report = verify_target(network, initial_state(network), frames, labels, target, "oracle")
    assert report.differing == 0 and report.first is None and report.samples == 3
    carried = {(part, name) for part, name in (array.split(".") for array in state_shapes(network))}
    assert {(part, name) for part, names in report.read.items() for name in names} >= carried | {("readout", "prediction")}
    assert ("count" in report.read["hidden1"]) == (target.mode == "in-the-loop")


def test_values_of_the_sample_before_are_left_out_until_they_are_written_anew():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 1)
    record, halts = recorder("oracle", network, initial_state(network), 1).sample(frames[0], int(labels[0])), Halts(network)
    left, right = halts.pair(record, before_the_first(network, initial_state(network)), 1)
    assert set(left["hidden1"]) == {"z_state", "v", "psi", "count", "g", "y_residual"} and left.keys() == right.keys()
    assert set(left["hidden2"]) == {"z_state", "y_residual"} and set(left["readout"]) == {"y_residual", "d_residual"}
    assert "y" in halts.pair(record, before_the_first(network, initial_state(network)), TAU_Y)[0]["hidden1"]


def test_an_engine_of_which_nothing_but_the_state_is_known_is_read_by_its_state():
    network = small_network(hidden=(5, 4))
    frames, labels = random_samples(network, 1)
    reader = Target("twin").reader(network, initial_state(network), 1)
    record = recorder("oracle", network, initial_state(network), 1).sample(frames[0], int(labels[0]))
    assert isinstance(reader, StateReader) and not reader.steps_are_readable
    row = reader.sample(frames[0], int(labels[0]))
    expected = row_of(network, state_after(network, record, 1), int(record["readout"]["prediction"][-1, 0]))
    assert row.keys() == expected.keys()
    assert all(np.array_equal(row[part][name], values) for part, names in expected.items() for name, values in names.items())


@pytest.mark.parametrize(("options", "words"), [
    ({"place": "fpga"}, "target 'fpga' is not one of simulator, loihi2"), ({"mode": "offline"}, "mode 'offline' is not one of"),
    ({"engine": "gpu"}, "engine 'gpu' is not one of"),
    ({"mode": "in-the-loop", "plugins": {"OpzoLIF": "a.B"}}, "leaves plug-ins without effect"),
    ({"engine": "stock", "plugins": {"OpzoLIF": "a.B"}}, "engine 'stock' has process models of its own")])
def test_a_target_that_contradicts_itself_is_refused_in_one_line(options, words):
    with pytest.raises(UserError, match=words) as error:
        Target(**options)
    assert "\n" not in str(error.value)


def test_a_board_is_refused_where_there_is_none():
    with pytest.raises(NoBoardError, match="lava-loihi is not installed"):
        Target(place="loihi2")


def test_a_target_names_itself_as_a_command_line_would():
    assert Target().options == Target("stock").options == "" and Target("lava") == Target()
    assert Target(plugins={"A": "b.C"}).options == "--plugin A=b.C" and Target("in-the-loop").options == "--mode in-the-loop"
    assert all(not Target(name).foreign for name in names_with(learns=True))
