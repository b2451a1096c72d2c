"""How a hidden layer is built from its three Processes, for every topology, number system and model of each of them."""
from lava.magma.core.model.sub.model import AbstractSubProcessModel
from lava.magma.core.process.process import AbstractProcess

from lava_opzo.learning.rules import FEEDBACKS, FORWARD, MASKED_FORWARD, TAGS
from lava_opzo.silicon.profile import TRACE_MAX
from lava_opzo.topology.dense import Dense
from process_models.learning_dense.build import learning_dense, static_dense
from process_models.learning_patches.process import LearningPatches
from process_models.opzo_layer import COUNTERS, STATES
from process_models.opzo_lif.process import OpzoLIF


class SubOpzoLayerModel(AbstractSubProcessModel):
    """W, the neurons and M, connected; they are `connection`, `neurons` and `feedback` in `procs` of the layer."""

    def __init__(self, proc: AbstractProcess) -> None:
        given = proc.proc_params
        _, name, m_name = given["names"]
        self.connection = _connection(proc)
        self.neurons = OpzoLIF(**given["neurons"], learning_rule=self.connection.proc_params.get("learning_rule"), name=name)
        self.feedback = _feedback(proc, m_name)
        proc.s_in.connect(self.connection.s_in)
        proc.error_in.connect(self.feedback.s_in)
        self.connection.a_out.connect(self.neurons.a_in)
        self.feedback.a_out.connect(self.neurons.a_third_factor_in)
        if not given["frozen"]:
            self.neurons.s_out_y1.connect([self.connection.s_in_y1, self.feedback.s_in_y1])
            self.neurons.s_out_y2.connect([self.connection.s_in_y2, self.feedback.s_in_y2])
            self.neurons.s_out_y3.connect(self.feedback.s_in_y3)
        self.neurons.s_out.connect(proc.s_out)
        proc.weights.alias(self.connection.weights)
        if hasattr(proc, "residual"):
            proc.residual.alias(self.connection.residual)
        proc.feedback.alias(self.feedback.weights)
        for variable in (*STATES, *COUNTERS):
            getattr(proc, variable).alias(getattr(self.neurons, variable))


def _connection(proc: AbstractProcess) -> AbstractProcess:
    """The connection into the neurons that the layer's topology asks for, with the rule of W unless the layer is frozen."""
    given = proc.proc_params
    bits, profile, name = given["num_message_bits"], given["profile"], given["names"][0]
    touches = given["rail_touches"].get("weights")
    if not isinstance(given["topology"], Dense):
        return LearningPatches(topology=given["topology"], weights=given["weights"], num_message_bits=bits, profile=profile,
                               residual=given["residual"], rail_touches=touches, learns=not given["frozen"], name=name)
    if given["frozen"]:
        return static_dense(given["weights"], bits, profile, name)
    if given["mask"] is None:
        return learning_dense(given["weights"], FORWARD, bits, profile, touches, name)
    return learning_dense(given["weights"], MASKED_FORWARD, bits, profile, touches, name, TAGS[given["number"]] * given["mask"])


def _feedback(proc: AbstractProcess, name: str | None) -> AbstractProcess:
    """The connection that brings the third factor, with the rule of M unless the layer is frozen."""
    given, bits = proc.proc_params, TRACE_MAX.bit_length()
    if given["frozen"]:
        return static_dense(given["feedback"], bits, given["profile"], name)
    return learning_dense(given["feedback"], FEEDBACKS[given["number"]], bits, given["profile"],
                          given["rail_touches"].get("feedback"), name)
