"""Everything a network keeps from one sample to the next (docs/arithmetic.md sections 1 and 7)."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.config import Config, require_local
from lava_opzo.errors import UserError
from lava_opzo.fixed import WEIGHT_MAX, WEIGHT_MIN
from lava_opzo.fixed.noise import STATE_BITS


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


def initial_state(config: Config) -> State:
    """The state before the first sample, from config.seed alone."""
    rng = np.random.default_rng(config.seed)
    widths = config.widths

    def normal(sigma, n_post, n_pre):
        return (2 * np.clip(np.rint(sigma * rng.standard_normal((n_post, n_pre))), -127, 127)).astype(np.int32)

    weights = [normal(layer.w_sigma, n_post, n_pre) for layer, n_pre, n_post in zip(config.layers, widths, widths[1:])]
    sizes = [layer.n for layer in config.hidden]
    z_states = 1 + rng.choice((1 << STATE_BITS) - 1, sum(sizes), replace=False)
    z_state = np.split(z_states.astype(np.int32), np.cumsum(sizes)[:-1])
    return State(
        weights=weights,
        feedback=[normal(config.m_sigma, n, config.readout.n) for n in sizes],
        z_state=z_state,
        y_residual=[np.zeros(layer.n, np.int32) for layer in config.layers],
        d_residual=np.zeros(config.readout.n, np.int32),
    )


def misfit(config: Config, arrays: dict[str, np.ndarray]) -> str | None:
    """Why named arrays are not a state of this network, in a few words; None where they are."""
    expected = shapes(config)
    if arrays.keys() != expected.keys():
        return f"arrays {sorted(arrays.keys() ^ expected.keys())} are missing or too many"
    for name, array in arrays.items():
        if array.shape != expected[name]:
            return f"{name} has shape {array.shape}, its config needs {expected[name]}"
    return None


def check_shapes(config: Config, state: State) -> None:
    """Raise UserError for a state of another network."""
    fault = misfit(config, state.arrays())
    if fault:
        raise UserError(f"state: {fault}; use the configuration that the state was made with")


def check_start(config: Config, state: State) -> None:
    """Refuse a network and a state that no integer engine should start from. Raises UserError that names the array.

    Odd weights are refused only before the first sample: learning at a rail makes them, a chip would not keep them.
    """
    require_local(config.credit)
    arrays = state.arrays()
    for name, shape in shapes(config).items():
        if name.startswith(("weights", "feedback")):
            check_weights(name, arrays[name], shape, odd=state.n_trained > 0)


def check_weights(name: str, weights: np.ndarray, shape: tuple[int, int], odd: bool = False) -> None:
    """Refuse weights that Lava or the chip would silently change: wrong shape, not integer, out of range or (unless `odd`) odd."""
    if weights.shape != shape:
        raise UserError(f"{name}: shape {weights.shape} is not (n_post, n_pre) = {shape}; transpose or rebuild them")
    if not np.issubdtype(weights.dtype, np.integer):
        raise UserError(f"{name}: type {weights.dtype} is not an integer type; round them to even integers first")
    if weights.min() < WEIGHT_MIN or weights.max() > WEIGHT_MAX:
        worst = weights.flat[np.argmax(np.abs(weights))]
        raise UserError(f"{name}: value {worst} is outside {WEIGHT_MIN}..{WEIGHT_MAX} (8 bits, mixed sign); scale them down")
    found = np.empty(0) if odd else np.argwhere(weights & 1)
    if found.size:
        raise UserError(f"{name}: {weights[tuple(found[0])]} at {tuple(map(int, found[0]))} is odd and {len(found) - 1} more are; "
                        "mixed-sign weights must be even")
