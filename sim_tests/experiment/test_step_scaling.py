"""The recipe for weights that learn in every step learns what counts cannot tell; `--updates` chooses it or refuses."""
from dataclasses import replace

import pytest

from lava_opzo.engines.registry import make
from lava_opzo.errors import UserError
from lava_opzo.experiment.choose import choose
from lava_opzo.experiment.credit_kinds import assigned
from lava_opzo.experiment.experiment import Experiment, dumps, loads
from lava_opzo.experiment.step_scaling import EPOCHS, MOST, STEPS, epochs_of, step_network
from lava_opzo.learning.credit import FixedFeedback
from lava_opzo.network.form import changed
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.runs.loop import accuracy, train
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.gesture_files import write_gestures
from sim_tests.helpers.nmnist_files import write_nmnist


def test_it_tells_an_order_that_counts_cannot_and_the_same_network_at_the_end_of_a_sample_does_not():
    experiment, samples = choose("order", None, None, updates="step")
    found = {}
    for updates in ("step", "sample"):
        network = experiment.network if updates == "step" else at_the_end(experiment.network)
        with make("twin", network, initial_state(network), "fixed", STEPS) as engine:
            list(train(engine, samples, replace(experiment.training, epochs=1)))
            found[updates] = accuracy(engine, samples.test_frames, samples.test_labels)
    assert found["step"] >= 0.95 and found["sample"] < 0.6


def at_the_end(network: Network) -> Network:
    """The same network with its weights learning once a sample, from counts in the place of traces."""
    learning = replace(network.learning, updates="sample", windows=2, label_from=0, eligibility=replace(
        network.learning.eligibility, decay=0))
    return changed(network, learning=learning, readout=replace(network.readout, dv=0), x_shift=(4, *[2] * network.depth))


def test_a_wider_network_and_larger_payloads_have_larger_shifts_and_thresholds():
    _, samples = choose("motion", None, "20", updates="step")
    frames = samples.train_frames
    plain, wide, quiet = step_network(frames, 4, 200), step_network(frames, 4, 800), step_network(frames // 5, 4, 200)
    assert (plain.hidden[0].y_shift, wide.hidden[0].y_shift) == (15, 17) and wide.readout.d_shift == plain.readout.d_shift + 2
    assert abs(plain.hidden[0].vth - 5 * quiet.hidden[0].vth) <= 5
    assert [one.x_shift for one in plain.forward] == [9, 5] and [one.x_shift for one in quiet.forward] == [7, 5]
    with pytest.raises(UserError, match="a layer of 8000 neurons needs learning rates of 23 bits"):
        step_network(frames, 4, 8000)


def test_recordings_are_streams_of_steps_and_few_that_move_are_learned_for_longer(tmp_path):
    write_nmnist(tmp_path, each=3)
    still, samples = choose("nmnist", tmp_path, "4", updates="step")
    moved, _ = choose("nmnist", tmp_path, "4", updates="step", jitter=1)
    frames = samples.train_frames
    assert frames.shape[1] == STEPS and samples.shape == (17, 17, 6) and not (frames == frames[:, :1]).all()
    assert "slices" not in still.data.options and (still.training.jitter, moved.training.jitter) == (0, 1)
    assert (still.training.epochs, moved.training.epochs) == (EPOCHS, MOST)
    assert moved.network.learning.halve_every == len(frames) * MOST // 4
    assert choose("order", None, None, updates="step")[0].network.learning.label_from == STEPS // 2
    assert still.network.learning.label_from == 12, "the second echo is 11 steps late, and a label comes when it is heard"
    assert [epochs_of(n, moved=True) for n in (100, 1_000, 4_000, 60_000)] == [60, 48, 12, 6]


def test_gestures_are_streams_of_so_few_lines_that_a_layer_can_hold_them(tmp_path):
    write_gestures(tmp_path)
    experiment, samples = choose("dvs_gesture", tmp_path, "4", updates="step", jitter=1)
    assert samples.shape == (16, 16, 2) and samples.train_frames.shape[1:] == (STEPS, 16 * 16 * 2 + 1)
    assert (experiment.training.jitter, experiment.network.input.n) == (1, 513)


def test_a_config_of_it_is_read_back_and_its_credit_can_be_a_fixed_m():
    experiment, _ = choose("order", None, "8", updates="step")
    assert loads(dumps(experiment)) == experiment and experiment.network.learning.label_from == STEPS // 2
    fixed: Experiment = assigned(experiment, "dfa")
    assert fixed.network.learning == replace(experiment.network.learning, credit=FixedFeedback())
    with pytest.raises(UserError, match="credit 'one-window': weights that learn in every step can have opzo, dfa or"):
        assigned(experiment, "one-window")


@pytest.mark.parametrize("arguments, fragments", [
    (("--updates", "day"), ("updates 'day'", "sample, step")),
    (("--updates", "step", "--hidden", "4c3s1"), ("hidden '4c3s1'", "one all-to-all layer alone")),
    (("--updates", "step", "--hidden", "9,9"), ("hidden '9,9'", "give one width")),
    (("--updates", "step", "--engine", "in-the-loop"), ("engine 'in-the-loop' lacks updates 'step'", "choose fast or twin"))])
def test_the_command_refuses_what_it_cannot_do_in_one_line(tmp_path, arguments, fragments):
    assert_one_line(command("train", "--dataset", "order", "--out", tmp_path / "run", *arguments), 2, *fragments)
