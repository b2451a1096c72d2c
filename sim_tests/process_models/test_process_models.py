"""What the process models count and refuse besides the bits that they compute, and what the Processes promise."""
import doctest
from importlib import import_module

import numpy as np
import pytest
from lava.proc.dense.process import LearningDense

import process_models
from lava_opzo.engines.lava.engine import FastLavaEngine
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.engines.oracle import synapses
from lava_opzo.errors import UserError
from lava_opzo.learning import rules
from lava_opzo.learning.learning import Learning
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import LOIHI_254
from process_models.learning_dense.build import learning_dense
from process_models.learning_dense.models import PyLearningDenseModelEventDriven
from process_models.opzo_lif.models import PyOpzoLIFModelFixed, PyOpzoLIFModelFloat
from process_models.opzo_lif.process import OpzoLIF
from process_models.sample_source.models import PySampleSourceModel
from process_models.sample_source.process import SampleSource
from process_models.variable_source.models import PyVariableSourceModel
from sim_tests.helpers.lava_parts import LEARNING_PORTS, built, learning_step, stock_learning_dense
from sim_tests.helpers.networks import random_samples, small_network

DENSE = {"edges": None, "sum_shift": 0}
"""A layer whose weights are all to all, as the oracle has it."""


def event_driven(process):
    """The event-driven model, its ports replaced by wires."""
    model = built(PyLearningDenseModelEventDriven, process, *LEARNING_PORTS)
    model.s_in_bap.data = np.zeros(process.weights.shape[0], bool)
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
        event_driven(LearningDense(weights=np.zeros((3, 2), np.int32), learning_rule=rule, num_message_bits=4))


def test_odd_initial_weights_are_truncated_as_stock_lava_does_with_its_default_of_8_bits():
    weights, none = np.array([[253, -101], [1, 8], [-1, 255]], np.int32), np.zeros(3, np.int32)
    model = event_driven(LearningDense(weights=weights, learning_rule=rules.learning_rule(rules.FORWARD), num_message_bits=4))
    stock = stock_learning_dense(weights, "2^{k}*x0*y1")
    for one in (model, stock):
        learning_step(one, np.zeros(2, np.int32), none, none, none)
    assert np.array_equal(model.weights, stock.weights) and not np.array_equal(model.weights, weights)


@pytest.mark.parametrize("start", [250, -250])
def test_the_event_driven_model_keeps_to_the_rails_of_its_profile_as_the_oracle_does(start):
    rng = np.random.default_rng(abs(start))
    weights, none = np.full((5, 7), start, np.int32), np.zeros(5, np.int32)
    touches = np.zeros(1, np.int64)
    model = event_driven(learning_dense(weights.copy(), rules.FORWARD, 4, LOIHI_254, touches))
    expected, counted = weights.tolist(), 0
    for _ in range(20):
        s, y = rng.integers(0, 3, 7).astype(np.int32), rng.integers(-9, 10, 5).astype(np.int32)
        learning_step(model, s, np.maximum(-y, 0), np.maximum(y, 0), none)
        expected, _, n = synapses.update_rank(DENSE, expected, [], s.tolist(), y.tolist(), rank=1, rails=(-256, 254))
        counted += n
        assert model.weights.tolist() == expected
    assert touches[0] == counted > 0 and model.weights.max() <= 254


def test_weights_start_with_nine_bits_only_where_the_profile_can_have_made_them_odd():
    odd, even = np.array([[255, 2]]), np.array([[254, 2]])
    bits = [learning_dense(weights, rules.FORWARD, 0, **profile).proc_params["num_weight_bits"]
            for weights, profile in ((odd, {}), (even, {}), (odd, {"profile": LOIHI_254}))]
    assert bits == [9, 8, 8]


@pytest.mark.parametrize("learn", [True, False])
def test_the_label_is_sent_in_the_step_of_the_answer_of_a_learning_sample_and_never_else(learn):
    network = small_network()
    frames, labels = random_samples(network, 1)
    mailbox, schedule = Mailbox(1, 1, network.input.n, network.readout.n), network.schedule(learn)
    mailbox.post(frames, labels)
    source = SampleSource(mailbox=mailbox, learning=network.learning, depth=network.depth, x_shift=7, learn=learn)
    model = built(PySampleSourceModel, source, "s_out", "s_label_out")
    sent = []
    for _ in range(schedule.length):
        model.run_spk()
        sent.append(model.s_label_out.data)
    expected = np.zeros_like(sent)
    expected[schedule.answer, labels[0]] = learn
    assert np.array_equal(sent, expected)


def test_spike_rates_count_the_spikes_of_learned_samples_alone():
    network = small_network()
    frames, labels = random_samples(network, 6)
    steps = len(frames) * network.schedule().window_steps
    traces = {layer.name: Trace(len(frames) * network.schedule().length, {"spikes": (layer.n,)}) for layer in network.hidden}
    with FastLavaEngine(network, initial_state(network), traces=traces, timeout=60) as engine:
        for trace in traces.values():
            trace.record(True)
        engine.train(frames, labels)
        for trace in traces.values():
            trace.record(False)
        engine.evaluate(frames)
        rates = engine.seen().spike_rates
    programs = network.schedule().programs
    for number, (layer, rate) in enumerate(zip(network.hidden, rates, strict=True), 1):
        windows = np.array([step.window >= 0 for step in programs[number]] * len(frames))
        assert rate == traces[layer.name].values["spikes"][windows].sum() / (steps * layer.n) > 0


@pytest.mark.parametrize("model, number", [(PyOpzoLIFModelFixed, "real"), (PyOpzoLIFModelFloat, "fixed")])
def test_a_model_of_another_number_system_than_its_connections_is_refused_by_name(model, number):
    process = OpzoLIF(shape=(3,), vth=1, psi_width=1, y_shift=0, number=number, name="hidden7")
    with pytest.raises(UserError, match=f"process 'hidden7': its connections learn by the rules of number '{number}'"):
        built(model, process)


def test_noise_generators_drawn_by_default_differ_within_a_population_and_between_populations():
    drawn = [OpzoLIF(shape=(500,), vth=1, psi_width=1, y_shift=0, population=number).z_state.init for number in (1, 2)]
    states = np.concatenate(drawn)
    assert states.min() > 0 and states.max() < 1 << 24 and len(np.unique(states)) == 1000


@pytest.mark.parametrize(("halve_every", "last_shift"), [(0, 9), (100, 12)])
def test_third_factors_are_clipped_for_the_shift_after_the_last_halving(halve_every, last_shift):
    learning = Learning(steps=8, windows=2, halve_every=halve_every, max_halvings=3)
    model = built(PyOpzoLIFModelFixed, OpzoLIF(shape=(2,), vth=1, psi_width=1, y_shift=9, learning=learning))
    assert model.third_factor_limit() == (2 ** 23 - 1 - 2 ** last_shift) // 16


@pytest.mark.parametrize(("frames", "shown"), [([[7, 8]], [7, 8]), ([[7, 8], [9, 10]], [9, 10])])
def test_a_variable_source_shows_the_row_of_a_step_or_its_only_row_in_every_step(frames, shown):
    model = object.__new__(PyVariableSourceModel)
    model.frames = np.array(frames)
    assert model.payloads(1).tolist() == shown


def test_the_default_of_learning_is_the_default_of_a_network():
    assert OpzoLIF(shape=(3,), vth=1, psi_width=1, y_shift=0).proc_params["learning"] == Learning()


@pytest.mark.parametrize("name", process_models.PROCESSES)
def test_the_example_of_a_process_runs_and_its_docstring_has_the_sections_of_numpydoc(name):
    module = import_module(f"process_models.{name}.process")
    process = next(value for value in vars(module).values() if getattr(value, "__module__", None) == module.__name__
                   and hasattr(value, "_post_init"))
    assert "Parameters\n    ----------" in process.__doc__ and ("Ports\n    -----" in process.__doc__ or name == "weight_probe")
    outcome = doctest.testmod(module)
    assert outcome.attempted and not outcome.failed
