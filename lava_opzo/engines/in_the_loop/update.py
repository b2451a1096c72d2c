"""The learning half of a sample on the host: from what the forward windows showed to new weights (docs/arithmetic.md 4, 5)."""
from dataclasses import dataclass

import numpy as np

from lava_opzo.arithmetic.factors import ReadoutCredit, hidden_credit, mean_of, readout_credit
from lava_opzo.arithmetic.fixed import noise
from lava_opzo.arithmetic.fixed.error import negative, positive
from lava_opzo.arithmetic.fixed.quantiser import round_count, shift_at, third_factor_limit
from lava_opzo.arithmetic.fixed.synapses import learned, received, summed
from lava_opzo.arithmetic.fixed.weights import decay, decay_rows
from lava_opzo.arithmetic.numbers import FIXED
from lava_opzo.engines.in_the_loop.observe import Observation
from lava_opzo.engines.record import Label
from lava_opzo.network.connections import Connection
from lava_opzo.network.network import Network
from lava_opzo.network.populations import Hidden, Readout
from lava_opzo.network.state import State, baseline_name
from lava_opzo.silicon.readouts import CLASSES
from lava_opzo.topology.conv import Conv


@dataclass
class Factors:
    """What the update multiplies.

    Shapes:
        x: (n_pre,) of each forward connection, 0..x_max. y: (n,) of each population above the input, -127..127.
        error, d_hat: (n_out,).
    """

    x: list[np.ndarray]
    y: list[np.ndarray]
    error: np.ndarray
    d_hat: np.ndarray


def next_noise(network: Network, state: State) -> dict[str, np.ndarray]:
    """The generators' states of the next sample, by name; `state` stays as it is."""
    return {name: noise.advance(state[name]) for name in (f"{layer.name}.z_state" for layer in network.hidden)}


def learn(network: Network, state: State, observed: Observation, label: Label) -> tuple[Factors, dict[str, int]]:
    """Change `state` by one sample. Returns the factors and the rail touches of every connection."""
    factors = _factors(network, state, observed, label)
    touches = dict.fromkeys((connection.name for connection in network.connections), 0)
    touches |= {connection.name: _update_forward(network, connection, state, x, y)
                for connection, x, y in zip(network.forward, factors.x, factors.y, strict=True)
                if connection.name in network.learning_connections}
    period = network.learning.credit.decay_period
    for connection, layer in zip(network.feedback, network.hidden, strict=True):
        if layer.frozen:
            continue
        decay(state[connection.weights], decay_rows(layer.n, state.n_trained, period), network.profile)
        touches[connection.name] = _update_feedback(network, connection, state, factors.d_hat)
    state.n_trained += 1
    return factors, touches


def _factors(network: Network, state: State, observed: Observation, label: Label) -> Factors:
    """Errors, third factors and what the quantisers keep; the residuals of `state` move on."""
    taught, y = _taught(network, state, observed, label), []
    for connection, layer, gate in zip(network.feedback, network.hidden, observed.gates, strict=True):
        m = state[connection.weights]
        third_factor = (received(connection.topology, m, positive(taught.error))
                        - received(connection.topology, m, negative(taught.error)))
        limit = third_factor_limit(layer.y_shift + network.learning.halvings, network.schedule().window_steps)
        credit = hidden_credit(FIXED, third_factor, gate, state[f"{layer.name}.y_residual"], _shift(network, layer, state), limit)
        state[f"{layer.name}.y_residual"][:] = credit.y_residual
        y.append(credit.y)
    x_max, counted = network.learning.eligibility.x_max, zip(network.forward, observed.counts, strict=True)
    x = [round_count(count, connection.x_shift, x_max) for connection, count in counted]
    return Factors(x, [*y, taught.y], taught.error, taught.d_hat)


def _taught(network: Network, state: State, observed: Observation, label: Label) -> ReadoutCredit:
    """Error and dhat of the readout; what it keeps in `state` moves on."""
    readout, credit = network.readout, network.learning.credit
    target = (np.arange(readout.n) == label).astype(np.int64) if readout.kind == CLASSES else np.asarray(label, np.int64)
    y_residual, d_residual = (state[f"{readout.name}.{name}"] for name in ("y_residual", "d_residual"))
    means = None if credit.baseline == "none" else state[baseline_name(network)]
    place = None if means is None else mean_of(credit.baseline, target)
    taught = readout_credit(FIXED, observed.o_plus, observed.o_minus, target, readout.error_shift, y_residual,
                            _shift(network, readout, state), d_residual, readout.d_shift, credit.d_bits, readout.kind,
                            None if means is None else means[place], credit.baseline_shift)
    y_residual[:], d_residual[:] = taught.y_residual, taught.d_residual
    if means is not None:
        means[place] = taught.mean
    return taught


def _shift(network: Network, layer: Hidden | Readout, state: State) -> int:
    return shift_at(layer.y_shift, state.n_trained, network.learning.halve_every, network.learning.max_halvings)


def _update_forward(network: Network, connection: Connection, state: State, x: np.ndarray, y: np.ndarray) -> int:
    """Every rank r = 1..x_max of a connection W, at the synapses whose x is at least r."""
    ranks, weights, topology = range(1, network.learning.eligibility.x_max + 1), state[connection.weights], connection.topology
    if isinstance(topology, Conv) and topology.sum_shift:
        return sum(summed(topology, weights, state[connection.residual], x >= rank, negative(y), positive(y), network.profile)
                   for rank in ranks)
    return sum(learned(topology, weights, x >= rank, negative(y), positive(y), network.profile) for rank in ranks)


def _update_feedback(network: Network, connection: Connection, state: State, d_hat: np.ndarray) -> int:
    """Every bit of dhat of a connection M, first of the positive part, then of the negative part."""
    touches, z = 0, noise.sign(state[f"{connection.target}.z_state"])
    for sign in (1, -1):
        part = positive(sign * d_hat)
        for bit in range(network.learning.credit.d_bits):
            x0, change = part >> bit & 1, sign * z << bit
            touches += learned(connection.topology, state[connection.weights], x0, positive(change), negative(change),
                               network.profile)
    return touches
