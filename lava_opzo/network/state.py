"""Everything a network keeps from one sample to the next (docs/arithmetic.md sections 1 and 7)."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.network.network import Config


@dataclass
class State:
    """Learned and carried state. Lists are ordered by layer.

    weights: L+1 arrays (n_post, n_pre). feedback: L arrays (n_hidden, n_out), the M of the paper. z_state: L arrays (n_hidden,).
    y_residual: L+1 arrays (n_post,). d_residual: (n_out,). All int32; in the floating-point model all but z_state become float64 with the first sample.
    n_trained: samples learned.
    """

    weights: list[np.ndarray]
    feedback: list[np.ndarray]
    z_state: list[np.ndarray]
    y_residual: list[np.ndarray]
    d_residual: np.ndarray
    n_trained: int = 0

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name (`weights.1`, `feedback.1`, ...), layer numbers counted from 1."""
        named = {"d_residual": self.d_residual}
        for name in ("weights", "feedback", "z_state", "y_residual"):
            named |= {f"{name}.{i}": array for i, array in enumerate(getattr(self, name), 1)}
        return named

    @classmethod
    def from_arrays(cls, arrays: dict[str, np.ndarray], n_trained: int) -> "State":
        """The state whose `arrays` these are."""
        def layers(name):
            return [arrays[f"{name}.{i}"] for i in range(1, 1 + sum(key.startswith(f"{name}.") for key in arrays))]

        return cls(layers("weights"), layers("feedback"), layers("z_state"), layers("y_residual"), arrays["d_residual"], n_trained)

    def copy(self) -> "State":
        return State(*([a.copy() for a in arrays] for arrays in (self.weights, self.feedback, self.z_state, self.y_residual)),
                     self.d_residual.copy(), self.n_trained)


def shapes(config: Config) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the arrays of a state of this network."""
    n_out = config.readout.n
    named = {"d_residual": (n_out,)}
    for i, (below, n) in enumerate(zip(config.widths, config.widths[1:]), 1):
        named |= {f"weights.{i}": (n, below), f"y_residual.{i}": (n,)}
    for i, layer in enumerate(config.hidden, 1):
        named |= {f"feedback.{i}": (layer.n, n_out), f"z_state.{i}": (layer.n,)}
    return named










