"""What the process models count and refuse besides the bits that they compute."""
import numpy as np
import pytest
from lava.magma.compiler.builders.py_builder import PyProcessBuilder
from lava.magma.compiler.utils import VarInitializer
from lava.proc.dense.process import LearningDense

from lava_opzo.learning import rules
from lava_opzo.engines.lava.engine import LavaEngine
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.loop import train
from process_models.learning_dense.models import PyLearningDenseModelEventDriven
from process_models.sample_source.models import PySampleSourceModel
from process_models.sample_source.process import SampleSource
from sim_tests.helpers.networks import random_samples, small_network
from sim_tests.test_against_lava_lif import Wire
from sim_tests.test_against_lava_weights import stock_learning_dense


def built(model_class, process):
    """The model as Lava's own builder makes it, without ports."""
    builder = PyProcessBuilder(model_class, 0, process.proc_params)
    builder.set_variables([VarInitializer(var.name, var.shape, var.init, var.id) for var in process.vars])
    return builder.build()


def event_driven(rule, weights):
    """The event-driven model, its ports replaced by wires."""
    process = LearningDense(weights=weights, learning_rule=rule, num_message_bits=4)
    model = built(PyLearningDenseModelEventDriven, process)
    for port in ("s_in", "a_out", "s_in_bap", "s_in_y1", "s_in_y2", "s_in_y3"):
        setattr(model, port, Wire())
        getattr(model, port).data = np.zeros(weights.shape[port == "s_in"], np.int32)
    return model


def other_rule(**changes):
    rule = rules.learning_rule(rules.FORWARD)
    for name, value in changes.items():
        setattr(rule, name, value)
    return rule


@pytest.mark.parametrize("rule", [rules.learning_rule(rules.FORWARD[:1]), other_rule(_t_epoch=2), other_rule(_dd_str="x0"),
                                  other_rule(_dt_str="x0")], ids=["other dw", "epoch of two steps", "delays", "tags"])
def test_the_event_driven_model_refuses_a_rule_that_it_does_not_compute(rule):
    with pytest.raises(ValueError, match="event-driven LearningDense: rule dw"):
        event_driven(rule, np.zeros((3, 2), np.int32))


def test_odd_initial_weights_are_truncated_as_stock_lava_does_with_its_default_of_8_bits():
    weights = np.array([[253, -101], [1, 8], [-1, 255]], np.int32)
    model, stock = event_driven(rules.learning_rule(rules.FORWARD), weights), stock_learning_dense(weights, "2^{k}*x0*y1")
    stock.s_in.data = np.zeros(2, np.int32)
    for port in ("s_in_y1", "s_in_y2", "s_in_y3"):
        getattr(stock, port).data = np.zeros(3, np.int32)
    stock.s_in_bap.data = np.zeros(3, bool)
    for one in (model, stock):
        one.run_spk()
    assert np.array_equal(model.weights, stock.weights) and not np.array_equal(model.weights, weights)


@pytest.mark.parametrize("learn", [True, False])
def test_the_label_is_sent_in_the_step_of_the_answer_of_a_learning_sample_and_never_else(learn):
    config = small_network()
    frames, labels = random_samples(config, 1)
    mailbox, schedules = Mailbox(1, 1, config.n_in, config.readout.n), (config.schedule(False), config.schedule())
    mailbox.post(frames, labels)
    model = built(PySampleSourceModel, SampleSource(mailbox=mailbox, schedules=schedules, x_shift=7))
    model.s_out, model.s_label_out, model.learn[0] = Wire(), Wire(), learn
    sent = []
    for _ in range(schedules[learn].length):
        model.run_spk()
        sent.append(model.s_label_out.data)
    expected = np.zeros_like(sent)
    expected[schedules[learn].answer, labels[0]] = learn
    assert np.array_equal(sent, expected)


def test_spike_rates_count_the_spikes_of_learned_samples_as_the_twin_does():
    config = small_network()
    frames, labels = random_samples(config, 6)
    spikes = train(config, initial_state(config), frames, labels).spikes.sum(axis=0)
    steps = len(frames) * config.schedule().window_steps
    with LavaEngine(config, initial_state(config), timeout=60) as engine:
        engine.train(frames, labels)
        engine.evaluate(frames)
        assert engine.spike_rates() == [n / (steps * layer.n) for n, layer in zip(spikes.tolist(), config.hidden)]
    assert all(spikes > 0)
