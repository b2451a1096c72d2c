"""Connections that learn local and shared weights, model by model against the oracle's edges: stock Lava's forms and ours."""
from dataclasses import fields

import numpy as np
import pytest
from lava.proc.sparse.models import PyLearningSparseModelBitApproximate
from lava.proc.sparse.process import LearningSparse
from lava.utils.weightutils import SignMode
from scipy.sparse import csr_matrix

from lava_opzo.engines.lava.connections import given_weights
from lava_opzo.engines.oracle.synapses import learned_over_edges, received_over_edges
from lava_opzo.errors import UserError
from lava_opzo.learning import rules
from lava_opzo.network.initial import initial_state
from lava_opzo.silicon.profile import TRACE_MAX
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.local import Local
from lava_opzo.topology.matrix import matrix, on_edges
from lava_opzo.topology.patches import Patches
from process_models.learning_dense.build import learning_dense
from process_models.learning_patches.models import PyLearningPatchesModelFixed
from process_models.learning_patches.process import LearningPatches
from process_models.opzo_dense.process import OpzoDense
from process_models.opzo_local.process import OpzoLocal
from sim_tests.helpers.lava_parts import LEARNING_PORTS, PyLearningDenseModelBitApproximate, built, learning_step
from sim_tests.helpers.patches import patches_network
from sim_tests.helpers.synapses import triples

WIRING = Local(shape=(5, 4, 2), channels=3, kernel=(3, 2), stride=(2, 1), padding=(1, 0))


def masked(weights):
    """The model of the dense form of local weights."""
    tag = rules.TAGS["fixed"] * matrix(WIRING, np.ones_like(weights))
    return built(PyLearningDenseModelBitApproximate,
                 learning_dense(matrix(WIRING, weights), rules.MASKED_FORWARD, 4, tag=tag), *LEARNING_PORTS)


def sparse(weights):
    """The model of stock LearningSparse, which has a synapse only where a weight is neither 0 nor 1."""
    process = LearningSparse(weights=matrix(WIRING, weights), learning_rule=rules.learning_rule(rules.FORWARD),
                             num_message_bits=4, sign_mode=SignMode.MIXED)
    model = built(PyLearningSparseModelBitApproximate, process, *LEARNING_PORTS)
    model.weights = csr_matrix(matrix(WIRING, weights))
    return model


def test_the_tag_of_a_synapse_makes_up_for_the_shift_of_its_product():
    assert rules.TAGS == {"fixed": 32, "real": 1}
    assert rules.dw(rules.MASKED_FORWARD) == "2^1*x0*y1*t - 2^1*x0*y2*t"


@pytest.mark.parametrize("form, start", [(masked, [-256, -2, 0, 2, 254]), (sparse, [-256, -254, 252, 254])],
                         ids=["tag mask, zeros too", "LearningSparse, where it can run"])
def test_both_stock_forms_learn_and_send_what_the_edges_of_the_oracle_do(form, start):
    rng = np.random.default_rng(7)
    weights = rng.choice(start, WIRING.weight_shape).astype(np.int32)
    model, edges, expected = form(weights), triples(WIRING), weights.tolist()
    model.s_in_bap.data = np.zeros(WIRING.n_post, bool)
    for step in range(40):
        s = (rng.integers(0, 16, WIRING.n_pre) * rng.integers(0, 2, WIRING.n_pre)).astype(np.int32)
        y = rng.choice([0, 0, 1, -1, 5, -9, TRACE_MAX, -TRACE_MAX] if step > 30 else [0, 1, -3, 9], WIRING.n_post)
        y1, y2 = np.maximum(-y, 0), np.maximum(y, 0)
        sums = received_over_edges(edges, expected, s.tolist(), WIRING.n_post)
        learning_step(model, s, y1, y2, np.zeros(WIRING.n_post, int))
        assert model.a_buff.tolist() == sums
        expected, _ = learned_over_edges(edges, expected, s.tolist(), y1.tolist(), y2.tolist(), (-256, 255))
        held = model.weights.toarray() if form is sparse else model.weights
        assert on_edges(WIRING, held).tolist() == expected
    assert max(expected) == 255 and (model.weights != matrix(WIRING, np.array(expected))).sum() == 0


@pytest.mark.parametrize("kind", [Local, Conv])
def test_the_event_driven_connection_learns_sends_and_counts_what_the_edges_of_the_oracle_do(kind):
    rng, wiring = np.random.default_rng(8), kind(**{field.name: getattr(WIRING, field.name) for field in fields(Patches)})
    weights = rng.choice([-256, -2, 0, 2, 254], wiring.weight_shape).astype(np.int32)
    touches = np.zeros(1, np.int64)
    model = built(PyLearningPatchesModelFixed, LearningPatches(topology=wiring, weights=weights, num_message_bits=4,
                                                               rail_touches=touches), *LEARNING_PORTS)
    edges, expected, counted = triples(wiring), weights.ravel().tolist(), 0
    for sign in rng.choice([-1, 1], 30):  # in each step all traces are of one sign
        s = (rng.integers(0, 16, wiring.n_pre) * rng.integers(0, 2, wiring.n_pre)).astype(np.int32)
        y = sign * rng.choice([0, 0, 1, 5], wiring.n_post)
        y1, y2 = np.maximum(-y, 0), np.maximum(y, 0)
        sums = received_over_edges(edges, expected, s.tolist(), wiring.n_post)
        learning_step(model, s, y1, y2, y)
        assert model.a_buff.tolist() == sums
        expected, n = learned_over_edges(edges, expected, s.tolist(), y1.tolist(), y2.tolist(), (-256, 255))
        counted += n
        assert model.weights.ravel().tolist() == expected
    assert touches[0] == counted > 0


def test_a_matrix_of_local_weights_and_its_edges_are_each_others_inverse():
    weights = np.arange(1, WIRING.weight_shape[0] + 1)
    found = matrix(WIRING, weights)
    assert np.array_equal(on_edges(WIRING, found), weights) and np.count_nonzero(found) == weights.size


def test_no_array_of_an_event_driven_connection_is_larger_than_its_edges():
    for kind in (Local, Conv):
        wiring = kind(shape=(28, 28, 1), channels=8, kernel=(5, 5), stride=(2, 2), padding=(2, 2))
        process = LearningPatches(topology=wiring, weights=np.zeros(wiring.weight_shape, int))
        assert max(np.prod(var.shape) for var in process.vars) <= len(wiring.edges().w) < wiring.n_pre * wiring.n_post / 30


def test_a_connection_says_how_each_kind_of_lava_is_given_it():
    network = patches_network(Local, Conv)
    below, state = network.forward[0], initial_state(network)
    fast, stock = (given_weights(kind, below, state["W1.weights"]) for kind in ("fast", "stock"))
    assert fast == {"topology": below.topology, "weights": state["W1.weights"]}
    assert stock["weights"].shape == stock["mask"].shape == (18, 37) and stock["mask"].sum() == below.topology.weight_shape[0]


@pytest.mark.parametrize("make", [
    lambda: LearningPatches(topology=WIRING, weights=np.zeros(3, int), name="W7"),
    lambda: OpzoLocal(topology=WIRING, weights=np.zeros(3, int), feedback=np.zeros((WIRING.n_post, 2), int), vth=1, psi_width=1,
                      y_shift=0, name="W7"),
    lambda: OpzoLocal(topology=Conv(**{name: getattr(WIRING, name) for name in ("shape", "channels", "kernel")}),
                      weights=np.zeros((3, 12), int), feedback=np.zeros((36, 2), int), vth=1, psi_width=1, y_shift=0, name="W7")])
def test_weights_or_a_topology_that_do_not_fit_a_process_are_refused_by_name(make):
    with pytest.raises(UserError, match="'W7'.*(shape|topology)"):
        make()


def test_the_dense_layer_has_the_public_face_that_it_had():
    layer = OpzoDense(weights=np.zeros((4, 3), int), feedback=np.zeros((4, 2), int), vth=9, psi_width=4, y_shift=3, dv=5,
                      num_message_bits=4, names=("W1", "hidden1", "M1"), name="layer")
    assert (layer.s_in.shape, layer.error_in.shape, layer.s_out.shape, layer.weights.shape) == ((3,), (2,), (4,), (4, 3))
