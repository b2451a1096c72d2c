"""An event-driven model of stock `LearningDense`, equal to it in every weight for the rules of lava_opzo.learning.rules.

Stock Lava evaluates every product at every synapse in every step. These rules change a weight only where a pre-synaptic spike
meets a non-zero y1 or y2, or in a row with y3, so this model touches nothing else, and asks for the learning phase of a time
step only when there is something to learn (in Lava that phase is a round trip to all processes).
Chosen by name with `exception_proc_model_map`, never found by Lava's own search.
"""
from typing import Any

from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.model.py.connection import LearningConnectionModelBitApproximate
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol
from lava.proc.dense.models import AbstractPyDenseModelBitAcc
from lava.proc.dense.process import LearningDense
from lava.utils.weightutils import truncate_weights

from lava_opzo.arithmetic.fixed.synapses import learned, received
from lava_opzo.arithmetic.fixed.weights import decay
from lava_opzo.learning.rules import FEEDBACK, FORWARD, MASKED_FORWARD, dw
from lava_opzo.silicon.profile import DECAY_TRACE, STOCK_LAVA
from lava_opzo.topology.dense import Dense
from process_models.learning_dense.masked import learned_where


@implements(proc=LearningDense, protocol=LoihiProtocol)
@requires(CPU)
@tag("event_driven")
class PyLearningDenseModelEventDriven(LearningConnectionModelBitApproximate, AbstractPyDenseModelBitAcc):
    """Ports and Vars of the stock model; x0, y1, y2, y3 hold this step's values, the other traces stay at their initial values.

    proc_params: `profile`, a `lava_opzo.silicon.profile.Profile` with the rails, stock Lava's where there is none;
    `rail_touches`, a shared int64 array of one element that counts them (docs/arithmetic.md section 5), or None.
    Raises ValueError for a rule other than FORWARD, MASKED_FORWARD and FEEDBACK, for t_epoch > 1, and when M would decay and
    learn in one step.
    """

    def __init__(self, proc_params: Any) -> None:
        super().__init__(proc_params)
        rule = self._learning_rule
        known = dw(FORWARD), dw(FEEDBACK), dw(MASKED_FORWARD)
        if rule.dw_str not in known or rule.dd_str or rule.dt_str or rule.t_epoch != 1:
            raise ValueError(f"event-driven LearningDense: rule dw = '{rule.dw_str}' (t_epoch {rule.t_epoch}) is not one of "
                             f"{', '.join(map(repr, known))}; use the stock model for it")
        n_post, n_pre = proc_params["shape"]
        self._topology = Dense(n_pre, n_post)
        self._profile = proc_params.get("profile", STOCK_LAVA)
        self._decays, self._masked = rule.dw_str == dw(FEEDBACK), rule.dw_str == dw(MASKED_FORWARD)
        self._rail_touches = proc_params.get("rail_touches")
        self._bits = proc_params.get("num_weight_bits", 8)

    def run_spk(self) -> None:
        """Send the sums of the last step, receive, and compute the next ones with the weights before this step's update."""
        if not self.weights_set:
            self.weights = truncate_weights(self.weights, sign_mode=self.sign_mode, num_weight_bits=self._bits)
            self.weights_set = True
        self.a_out.send(self.a_buff)
        s_in = self.s_in.recv()
        self.x0 = s_in != 0
        self.a_buff = received(self._topology, self.weights, s_in if self.num_message_bits[0] else self.x0)
        self.s_in_bap.recv()
        self.y1, self.y2, self.y3 = self.s_in_y1.recv(), self.s_in_y2.recv(), self.s_in_y3.recv()
        self._learns = bool(self.x0.any() and (self.y1.any() or self.y2.any()))
        self._row_decays = self._decays and bool(self.y3.any())
        if self._learns and self._row_decays:
            raise ValueError("event-driven LearningDense: a row decays in a step that also learns; give the decay its own step")

    def lrn_guard(self) -> bool:
        """Lava asks before the learning phase."""
        return self._learns or self._row_decays

    def run_lrn(self) -> None:
        """Decay rows, or learn."""
        if self._row_decays:
            decay(self.weights, self.y3 == DECAY_TRACE, self._profile)
            return
        factors = self.weights, self.x0, self.y1, self.y2, self._profile
        touches = learned_where(self.tag_1, *factors) if self._masked else learned(self._topology, *factors)
        if self._rail_touches is not None:
            self._rail_touches[0] += touches
