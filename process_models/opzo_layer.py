"""What the Processes of a hidden layer share, whatever joins it to the layer below."""
from typing import ClassVar

import numpy as np
from lava.magma.core.process.ports.ports import InPort, OutPort
from lava.magma.core.process.process import AbstractProcess, LogConfig
from lava.magma.core.process.variable import Var

from lava_opzo.errors import UserError
from lava_opzo.learning.learning import Learning
from lava_opzo.silicon.profile import STOCK_LAVA, Profile
from lava_opzo.topology.conv import Conv
from lava_opzo.topology.edges import Topology
from process_models.opzo_lif.process import generator_states
from process_models.sample_clock import Recorder

STATES = ("v", "count", "psi", "g", "y", "z_state", "y_residual")
"""Vars (n,) of the neurons that the layer shows as its own."""

COUNTERS = ("n_trained", "n_spikes", "tau", "learn")
"""The same for Vars (1,)."""


class OpzoLayer(AbstractProcess):
    """A hidden layer: weights W over a topology, neurons `OpzoLIF` and all-to-all feedback weights M, all of which learn.

    Parameters and ports are those that `OpzoDense` describes. A subclass says which topologies it takes.

    Raises UserError for another topology, and for weights of another shape than it has.
    """

    wiring: ClassVar[type]

    def __init__(self, *, topology: Topology, weights: np.ndarray, feedback: np.ndarray, vth: int, psi_width: int, y_shift: int,
                 dv: int = 0, bias_mant: int = 0, bias_exp: int = 0, floor: int = 0, x_shift: int = 0,
                 z_state: np.ndarray | None = None, seed: int = 1, y_residual: int | np.ndarray = 0,
                 v: int | np.ndarray = 0, count: int | np.ndarray = 0, learning: Learning | None = None, depth: int = 1,
                 population: int = 1, n_trained: int = 0, learn: bool = True,
                 num_message_bits: int = 0, number: str = "fixed", profile: Profile = STOCK_LAVA, mask: np.ndarray | None = None,
                 frozen: bool = False, residual: np.ndarray | None = None,
                 trace: Recorder | None = None, largest: dict[str, np.ndarray] | None = None,
                 rail_touches: dict[str, np.ndarray] | None = None,
                 names: tuple[str | None, str | None, str | None] = (None, None, None), name: str | None = None,
                 log_config: LogConfig | None = None) -> None:
        n, n_pre = topology.n_post, topology.n_pre
        z_state = generator_states(n, seed, population) if z_state is None else z_state
        neurons = {"shape": (n,), "vth": vth, "psi_width": psi_width, "y_shift": y_shift, "dv": dv, "bias_mant": bias_mant,
                   "bias_exp": bias_exp, "floor": floor, "x_shift": x_shift, "z_state": z_state, "y_residual": y_residual,
                   "v": v, "count": count, "learning": learning, "depth": depth, "population": population, "n_trained": n_trained,
                   "learn": learn, "number": number, "trace": trace, "largest": largest}
        super().__init__(topology=topology, weights=weights, residual=residual, mask=mask, feedback=feedback, neurons=neurons,
                         num_message_bits=num_message_bits, number=number, profile=profile, frozen=frozen,
                         rail_touches=rail_touches or {}, names=names, name=name, log_config=log_config)
        if not isinstance(topology, self.wiring) or weights.shape != topology.weight_shape:
            raise UserError(f"process '{self.name}': {type(self).__name__} takes topology {self.wiring.__name__} and weights of "
                            f"its shape, not {type(topology).__name__} {topology.weight_shape} with {weights.shape}; give both")
        self.s_in, self.error_in, self.s_out = InPort((n_pre,)), InPort((feedback.shape[1],)), OutPort((n,))
        self.weights = Var(shape=weights.shape, init=weights)
        if isinstance(topology, Conv) and topology.sum_shift:
            self.residual = Var(shape=weights.shape, init=0 if residual is None else residual)
        self.feedback = Var(shape=feedback.shape, init=feedback)
        started = {"z_state": z_state, "y_residual": y_residual, "v": v, "count": count, "n_trained": n_trained,
                   "learn": int(learn)}
        for variable in (*STATES, *COUNTERS):
            setattr(self, variable, Var(shape=(n,) if variable in STATES else (1,), init=started.get(variable, 0)))
