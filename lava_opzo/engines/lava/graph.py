"""The Lava graph: stock `LearningDense` for every plastic connection, our neurons between them (README, picture 1).

    source -> W1 -> hidden1 -> W2 -> ... -> readout;  readout -> M_l -> hidden l (third factor);  source -> readout (label)
"""
import numpy as np
from lava.proc.dense.process import LearningDense
from lava.utils.weightutils import SignMode

from lava_opzo.engines import largest
from lava_opzo.engines.lava.mailbox import Mailbox
from lava_opzo.engines.lava.shared import shared_array
from lava_opzo.engines.lava.trace import Trace
from lava_opzo.learning import rules
from lava_opzo.network.network import Config
from lava_opzo.network.state import State
from process_models.opzo_lif.process import OpzoLIF
from process_models.opzo_readout.process import OpzoReadout
from process_models.sample_source.process import SampleSource

PAYLOAD_BITS = {"input": 4, "hidden": 0, "feedback": 7}
"""num_message_bits of the connections: graded inputs, binary hidden spikes, graded errors."""


class Network:
    """All Processes of one network, connected. A Lava network can be compiled once; build a new one to run again.

    config, state: what to build and the integers to start from (real numbers in floating point). mailbox: where samples come from.
    traces: layer name -> Trace for recording. rng_seed: seed of Lava's own generators, which nothing here depends on. model: the tag of
    the process models that it will run with, for the decay of M differs in them.
    """

    def __init__(self, config: Config, state: State, mailbox: Mailbox, traces: dict[str, Trace] | None = None, rng_seed: int = 1,
                 model: str = "fixed_pt"):
        traces = traces or {}
        feedback_rule = rules.FEEDBACK if model == "fixed_pt" else rules.FLOATING_FEEDBACK
        schedules = (config.schedule(learn=False), config.schedule(learn=True))
        self._rng_seed = rng_seed
        self.rail_touches = {}
        self.largest = {layer: {name: shared_array((1,), np.int64) for name in names} for layer, names in largest.kept(config).items()}
        shared = {"schedules": schedules, "n_trained": state.n_trained,
                  "halve_every": config.halve_every, "max_halvings": config.max_halvings}
        x_shifts = [layer.x_shift for layer in config.layers]
        self.source = SampleSource(mailbox=mailbox, schedules=schedules, x_shift=x_shifts[0], trace=traces.get("source"),
                                   name="source")
        self.forward = [self._dense(f"W{i}", weights, rules.FORWARD, PAYLOAD_BITS["input" if i == 1 else "hidden"])
                        for i, weights in enumerate(state.weights, 1)]
        self.hidden = [
            OpzoLIF(layer=layer, index=i, x_shift=x_shifts[i], z_state=state.z_state[i - 1],
                    y_residual=state.y_residual[i - 1], decay_period=config.decay_period,
                    learning_rule=self.forward[i - 1].proc_params["learning_rule"], trace=traces.get(f"hidden{i}"),
                    largest=self.largest[f"hidden{i}"], name=f"hidden{i}", **shared)
            for i, layer in enumerate(config.hidden, 1)]
        self.feedback = [self._dense(f"M{i}", weights, feedback_rule, PAYLOAD_BITS["feedback"])
                         for i, weights in enumerate(state.feedback, 1)]
        self.readout = OpzoReadout(layer=config.readout, y_residual=state.y_residual[-1], d_residual=state.d_residual,
                                   mailbox=mailbox, learning_rule=self.forward[-1].proc_params["learning_rule"],
                                   trace=traces.get("readout"), largest=self.largest["readout"], name="readout", **shared)
        self._connect()

    @property
    def clocked(self) -> list:
        """The Processes that run a program of one sample."""
        return [self.source, *self.hidden, self.readout]

    def _dense(self, name: str, weights: np.ndarray, products, num_message_bits: int) -> LearningDense:
        self.rail_touches[name] = shared_array((1,), np.int64)
        odd = np.issubdtype(weights.dtype, np.integer) and bool((weights & 1).any())
        # After a touch of +255 a weight stays odd; stock Lava would truncate it at the start with 8 bits and a sign.
        return LearningDense(weights=weights, learning_rule=rules.learning_rule(products, self._rng_seed), name=name,
                             num_message_bits=num_message_bits, sign_mode=SignMode.MIXED, num_weight_bits=9 if odd else 8,
                             rail_touches=self.rail_touches[name])

    def _connect(self) -> None:
        layers = [self.source, *self.hidden, self.readout]
        for below, dense, above in zip(layers, self.forward, layers[1:]):
            below.s_out.connect(dense.s_in)
            dense.a_out.connect(above.a_in)
            above.s_out_y1.connect(dense.s_in_y1)
            above.s_out_y2.connect(dense.s_in_y2)
        for dense, layer in zip(self.feedback, self.hidden):
            self.readout.s_out.connect(dense.s_in)
            dense.a_out.connect(layer.a_third_factor_in)
            layer.s_out_y1.connect(dense.s_in_y1)
            layer.s_out_y2.connect(dense.s_in_y2)
            layer.s_out_y3.connect(dense.s_in_y3)
        self.source.s_label_out.connect(self.readout.a_third_factor_in)
