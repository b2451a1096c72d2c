"""How well M points where it should: its angle to the derivative of the outputs by what the noise moves.

The derivative is taken through the surrogate of the gate (a window around the threshold of area 1), at a few samples without noise;
it is what backpropagation would use, and serves here as a measure only: nothing learns from it.
"""
import numpy as np

from lava_opzo.arithmetic import fixed
from lava_opzo.arithmetic import real
from lava_opzo.network.network import Config
from lava_opzo.network.state import State

SAMPLES = 64
"""Samples that the derivative is averaged over."""


def alignment(config: Config, state: State, frames: np.ndarray, model: str = "fixed_pt") -> list[float | None]:
    """Cosine between M and the derivative, for each hidden layer; None where one of them is 0.

    frames: (n, F, n_in) payloads, of which the first SAMPLES count. model: whose membrane runs.
    """
    return [_cosine(m, j) for m, j in zip(state.feedback, jacobians(config, state, frames[:SAMPLES], model))]


def jacobians(config: Config, state: State, frames: np.ndarray, model: str = "fixed_pt") -> list[np.ndarray]:
    """d o_q / d bias_i up to a positive factor per layer, (n_hidden, n_out), the mean over the samples.

    With p_l = psi_l / K the share of near steps: B_L = W_{L+1}^T, B_l = W_{l+1}^T diag(p_{l+1} / (2*psi_width_{l+1})) B_{l+1},
    and the derivative of layer l is diag(p_l) B_l.
    """
    near = _near_shares(config, state, frames, fixed if model == "fixed_pt" else real)
    back = np.broadcast_to(state.weights[-1].T.astype(np.float64), (len(frames), *state.feedback[-1].shape))
    means = [(near[-1][:, :, None] * back).mean(axis=0)]
    for layer, weights, above, below in zip(config.hidden[:0:-1], state.weights[-2:0:-1], near[:0:-1], near[-2::-1]):
        gated = above[:, :, None] * back / (2 * layer.psi_width)
        back = np.tensordot(weights.astype(np.float64), gated, (0, 1)).swapaxes(0, 1)
        means.insert(0, (below[:, :, None] * back).mean(axis=0))
    return means


def _near_shares(config: Config, state: State, frames: np.ndarray, arithmetic) -> list[np.ndarray]:
    """psi / K of one window without noise: one array (n_samples, n) a hidden layer."""
    membrane, steps = arithmetic.membrane, config.steps
    inputs = [frames[:, k].astype(np.float64) for k in range(frames.shape[1])]
    shares = []
    for layer, weights in zip(config.hidden, state.weights):
        currents = [(values @ weights.T.astype(np.float64)).astype(weights.dtype) for values in inputs]
        v = np.zeros((len(frames), layer.n), weights.dtype)
        near, inputs = np.zeros(v.shape), []
        for k in range(steps):
            v = membrane.integrate(v, currents[k % len(currents)], layer.dv, 0)
            near += membrane.near_threshold(v, layer.vth, layer.psi_width)
            spikes, v = membrane.fire(v, layer.vth)
            inputs.append(spikes.astype(np.float64))
        shares.append(near / steps)
    return shares


def _cosine(a: np.ndarray, b: np.ndarray) -> float | None:
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum() / size) if size else None
