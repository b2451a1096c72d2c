"""How well M points where it should: its angle to the derivative of the outputs by what the noise moves.

The derivative is taken through the surrogate of the gate, a window of area 1 around the threshold, at a few samples without
noise. It is what backpropagation would use, and serves here as a measure only: nothing learns from it.
"""
import numpy as np

from lava_opzo.arithmetic.numbers import Numbers, numbers
from lava_opzo.arithmetic.real.synapses import returned
from lava_opzo.arithmetic.windows import window
from lava_opzo.engines.samples import shown_frames
from lava_opzo.network.network import Network
from lava_opzo.network.state import State

SAMPLES = 64
"""Samples that the derivative is averaged over."""


def alignment(network: Network, state: State, frames: np.ndarray, number: str = "fixed") -> list[float | None]:
    """Cosine between M and the derivative, for each hidden layer; None where one of them is 0.

    number: in which numbers the membranes run.

    Shapes:
        frames: (n, 1 or K, n_in) payloads, of which the first SAMPLES count.
    """
    derivatives = jacobians(network, state, shown_frames(network, frames[:SAMPLES]), number)
    return [_cosine(state[connection.weights], derivative)
            for connection, derivative in zip(network.feedback, derivatives, strict=True)]


def jacobians(network: Network, state: State, frames: np.ndarray, number: str = "fixed") -> list[np.ndarray]:
    """The mean over the samples of d o_q / d bias_i, up to a positive factor a layer; one array (n_hidden, n_out) a hidden layer.

    With p_l = psi_l / K the share of near steps: B_L = W_{L+1}^T, B_l = W_{l+1}^T diag(p_{l+1} / (2*psi_width_{l+1})) B_{l+1},
    and the derivative of layer l is diag(p_l) B_l. o are the outputs of the readout that teaches the layer: where an auxiliary
    one reads it, B_l = A_l^T.
    """
    near, means = _near_shares(network, state, frames, numbers(number)), []
    outputs = np.broadcast_to(np.eye(network.readout.n), (len(frames), network.readout.n, network.readout.n))
    arriving, read = outputs, {connection.source: connection for connection in network.into_auxiliary}
    for layer, connection, share in zip(network.hidden[::-1], network.forward[:0:-1], near[::-1], strict=True):
        if layer.name in read:
            connection, arriving = read[layer.name], outputs
        gated = share[:, None, :] * returned(connection.topology, state[connection.weights], arriving)
        means.insert(0, gated.mean(axis=0).T)
        arriving = gated / (2 * layer.psi_width)
    return means


def _near_shares(network: Network, state: State, frames: np.ndarray, system: Numbers) -> list[np.ndarray]:
    """psi / K of one window without noise: one array (n_samples, n) a hidden layer."""
    steps = network.learning.steps
    messages, shares = [frames[:, k].astype(np.float64) for k in range(frames.shape[1])], []
    for layer, connection in zip(network.hidden, network.forward, strict=False):
        weights, received = state[connection.weights], system.synapses.received
        currents = [system.membrane.current(received(connection.topology, weights, s)) for s in messages]
        repeated = (currents[k % len(currents)] for k in range(steps))
        done = list(window(system.membrane, repeated, layer.dv, 0, layer.vth, layer.psi_width, layer.floor))
        shares.append(np.sum([step.near for step in done], axis=0) / steps)
        messages = [step.spikes.astype(np.float64) for step in done]
    return shares


def _cosine(a: np.ndarray, b: np.ndarray) -> float | None:
    size = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float((a * b).sum() / size) if size and np.isfinite(size) else None
