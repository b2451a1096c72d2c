"""OpzoDense built from its three Processes, for every number system and every model of each of them."""
from lava.magma.core.decorator import implements, tag
from lava.magma.core.model.sub.model import AbstractSubProcessModel
from lava.magma.core.process.process import AbstractProcess

from lava_opzo.learning.rules import FEEDBACKS, FORWARD
from lava_opzo.silicon.profile import TRACE_MAX
from process_models.learning_dense.build import learning_dense
from process_models.opzo_dense.process import COUNTERS, STATES, OpzoDense
from process_models.opzo_lif.process import OpzoLIF


@implements(proc=OpzoDense)
@tag("fixed_pt", "floating_pt")
class SubOpzoDenseModel(AbstractSubProcessModel):
    """W, the neurons and M, connected; they are `connection`, `neurons` and `feedback` in `procs` of the OpzoDense."""

    def __init__(self, proc: AbstractProcess) -> None:
        given = proc.proc_params
        w_name, name, m_name = given["names"]
        profile, touches = given["profile"], given["rail_touches"]
        self.connection = learning_dense(given["weights"], FORWARD, given["num_message_bits"], profile, touches.get("weights"),
                                         w_name)
        self.neurons = OpzoLIF(**given["neurons"], learning_rule=self.connection.proc_params["learning_rule"], name=name)
        self.feedback = learning_dense(given["feedback"], FEEDBACKS[given["number"]], TRACE_MAX.bit_length(), profile,
                                       touches.get("feedback"), m_name)
        proc.s_in.connect(self.connection.s_in)
        proc.error_in.connect(self.feedback.s_in)
        self.connection.a_out.connect(self.neurons.a_in)
        self.feedback.a_out.connect(self.neurons.a_third_factor_in)
        self.neurons.s_out_y1.connect([self.connection.s_in_y1, self.feedback.s_in_y1])
        self.neurons.s_out_y2.connect([self.connection.s_in_y2, self.feedback.s_in_y2])
        self.neurons.s_out_y3.connect(self.feedback.s_in_y3)
        self.neurons.s_out.connect(proc.s_out)
        proc.weights.alias(self.connection.weights)
        proc.feedback.alias(self.feedback.weights)
        for variable in (*STATES, *COUNTERS):
            getattr(proc, variable).alias(getattr(self.neurons, variable))
