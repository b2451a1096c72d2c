"""The learning half of a sample on the host: from what the forward windows showed to new weights (docs/arithmetic.md 4, 5)."""

from dataclasses import dataclass

import numpy as np

from lava_opzo.arithmetic.fixed import error, noise, quantiser
from lava_opzo.arithmetic.fixed.weights import decay, decay_rows, update
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


@dataclass
class Observation:
    """Counts of a sample. counts: per layer, input first, int32 (n,). gates: psi per hidden layer. o_plus, o_minus: int64
    (n_out,).
    """

    counts: list[np.ndarray]
    gates: list[np.ndarray]
    o_plus: np.ndarray
    o_minus: np.ndarray


@dataclass
class Factors:
    """What the update multiplies. x: per connection (n_pre,), 0..x_max. y: per layer (n,), -127..127. error, d_hat: (n_out,)."""

    x: list[np.ndarray]
    y: list[np.ndarray]
    error: np.ndarray
    d_hat: np.ndarray


def next_noise(state: State) -> list[np.ndarray]:
    """The generators' states of the next sample, int32 (n,) per hidden layer; `state` stays as it is."""
    return [noise.advance(z_state) for z_state in state.z_state]


def learn(config: Config, state: State, seen: Observation, label: int) -> tuple[Factors, dict[str, int]]:
    """Change `state` by one sample. Returns the factors and the rail touches of every connection."""
    factors = _factors(config, state, seen, label)
    touches = {
        f"W{i}": _update_weights(weights, x, y, config.x_max)
        for i, (weights, x, y) in enumerate(zip(state.weights, factors.x, factors.y), 1)
    }
    for i, (feedback, z_state) in enumerate(zip(state.feedback, state.z_state), 1):
        decay(feedback, decay_rows(len(feedback), state.n_trained, config.decay_period))
        touches[f"M{i}"] = _update_feedback(feedback, factors.d_hat, noise.sign(z_state), config.d_bits)
    state.n_trained += 1
    return factors, touches


def _factors(config: Config, state: State, seen: Observation, label: int) -> Factors:
    readout = config.readout
    target = (np.arange(readout.n) == label).astype(np.int64)
    error = error.output_error(seen.o_plus + seen.o_minus, target, readout.error_shift)
    credits = [_third_factor(feedback, error) * gate for feedback, gate in zip(state.feedback, seen.gates)]
    y = []
    for layer, residual, h in zip(config.layers, state.y_residual, [*credits, error]):
        shift = quantiser.shift_at(layer.y_shift, state.n_trained, config.halve_every, config.max_halvings)
        factor, residual[:] = quantiser.factor(residual, h, shift)
        y.append(factor)
    d_hat, state.d_residual[:] = quantiser.quantise(
        state.d_residual, seen.o_plus - seen.o_minus, readout.d_shift, (1 << config.d_bits) - 1
    )
    x = [quantiser.round_count(count, layer.x_shift, config.x_max) for layer, count in zip(config.layers, seen.counts)]
    return Factors(x, y, error, d_hat)


def _third_factor(feedback: np.ndarray, error: np.ndarray) -> np.ndarray:
    """g_i = sum_q M[i,q]*max(error_q, 0) - sum_q M[i,q]*max(-error_q, 0)."""
    return feedback @ error.positive(error) - feedback @ error.negative(error)


def _update_weights(weights: np.ndarray, x: np.ndarray, y: np.ndarray, x_max: int) -> int:
    return sum(update(weights, x >= rank, error.negative(y), error.positive(y)) for rank in range(1, x_max + 1))


def _update_feedback(feedback: np.ndarray, d_hat: np.ndarray, z: np.ndarray, d_bits: int) -> int:
    touches = 0
    for sign in (1, -1):
        part = error.positive(sign * d_hat)
        for bit in range(d_bits):
            change = sign * z << bit
            touches += update(feedback, part >> bit & 1, error.positive(change), error.negative(change))
    return touches
