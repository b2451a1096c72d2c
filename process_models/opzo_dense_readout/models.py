"""OpzoDenseReadout built from its two Processes, for every number system and every model of each of them."""
from lava.magma.core.decorator import implements, tag
from lava.magma.core.model.sub.model import AbstractSubProcessModel
from lava.magma.core.process.process import AbstractProcess

from lava_opzo.learning.rules import FORWARD
from process_models.learning_dense.build import learning_dense, static_dense
from process_models.opzo_baseline_readout.process import OpzoBaselineReadout
from process_models.opzo_dense_readout.process import COUNTERS, STATES, OpzoDenseReadout
from process_models.opzo_readout.process import OpzoReadout


@implements(proc=OpzoDenseReadout)
@tag("fixed_pt", "floating_pt")
class SubOpzoDenseReadoutModel(AbstractSubProcessModel):
    """W and the neurons, connected; they are `connection` and `neurons` in `procs` of the OpzoDenseReadout."""

    def __init__(self, proc: AbstractProcess) -> None:
        given = proc.proc_params
        w_name, name = given["names"]
        weights, bits, profile = given["weights"], given["num_message_bits"], given["profile"]
        self.connection = (static_dense(weights, bits, profile, w_name) if given["frozen"] else
                           learning_dense(weights, FORWARD, bits, profile, given["rail_touches"].get("weights"), w_name))
        has_means = "baseline" in given["neurons"]
        process = OpzoBaselineReadout if has_means else OpzoReadout
        self.neurons = process(**given["neurons"], learning_rule=self.connection.proc_params.get("learning_rule"), name=name)
        proc.s_in.connect(self.connection.s_in)
        proc.label_in.connect(self.neurons.a_third_factor_in)
        self.connection.a_out.connect(self.neurons.a_in)
        if not given["frozen"]:
            self.neurons.s_out_y1.connect(self.connection.s_in_y1)
            self.neurons.s_out_y2.connect(self.connection.s_in_y2)
        self.neurons.s_out.connect(proc.error_out)
        proc.weights.alias(self.connection.weights)
        for variable in (*STATES, *COUNTERS, *(("baseline",) if has_means else ())):
            getattr(proc, variable).alias(getattr(self.neurons, variable))
