"""Whether a state belongs to a network, whether an integer engine may start from it, and whether learning can have left it."""
from collections.abc import Mapping

import numpy as np

from lava_opzo.errors import UserError, shown
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, baseline_name, baseline_shape, carried, shapes
from lava_opzo.network.widths import SUM_LIMIT, check_shifts
from lava_opzo.silicon.profile import GENERATOR_BITS, STATE_LIMIT, Profile

MOST_TRAINED = 1 << 48
"""More samples than any run learns."""

CARRIED = {"v": (1 - STATE_LIMIT, STATE_LIMIT - 1), "count": (0, (1 << 20) - 1), "o_plus": (-SUM_LIMIT, SUM_LIMIT),
           "o_minus": (-SUM_LIMIT, SUM_LIMIT)}
"""The values that neurons can hold between two samples."""


def misfit(network: Network, arrays: Mapping[str, np.ndarray]) -> str | None:
    """Why named arrays are not a state of this network, in a few words; None where they are."""
    return misfit_of(network, {name: array.shape for name, array in arrays.items()})


def misfit_of(network: Network, found: Mapping[str, tuple[int, ...]]) -> str | None:
    """The same from names and shapes alone."""
    expected = shapes(network)
    if found.keys() != expected.keys():
        return f"arrays {shown(str(sorted(found.keys() ^ expected.keys())))} are missing or too many"
    for name, shape in found.items():
        if shape != expected[name]:
            return f"{name} has shape {shape}, its network needs {expected[name]}"
    return None


def check_shapes(network: Network, state: State) -> None:
    """Raise UserError for a state of another network."""
    fault = misfit(network, state.arrays)
    if fault:
        raise UserError(f"state: {fault}; use the network that the state was made with")


def check_start(network: Network, state: State) -> None:
    """Refuse a network or a state that no integer engine should start from. Raises UserError that names population or array.

    Odd weights are accepted only where learning can have made them: after the first sample, under a profile with an odd rail.
    """
    check_shapes(network, state)
    check_shifts(network.plastic, network.learning)
    _check_all_weights(network, state)


def _check_all_weights(network: Network, state: State) -> None:
    odd = state.n_trained > 0 and network.profile.makes_odd
    for connection in network.connections:
        check_weights(connection.weights, state[connection.weights], network.profile, odd)


def check_weights(name: str, weights: np.ndarray, profile: Profile, odd: bool = False) -> None:
    """Refuse weights that Lava or a chip would silently change: not integer, beyond the rails or (unless `odd`) odd."""
    if not np.issubdtype(weights.dtype, np.integer):
        raise UserError(f"{name}: type {weights.dtype} is not an integer type; round them to even integers first")
    if weights.min() < profile.weight_min or weights.max() > profile.weight_max:
        worst = weights.flat[np.argmax(np.abs(weights))]
        raise UserError(f"{name}: value {worst} is outside {profile.weight_min}..{profile.weight_max} (rails of profile "
                        f"'{profile.name}'); scale them down")
    found = np.empty(0) if odd else np.argwhere(weights & 1)
    if found.size:
        raise UserError(f"{name}: {weights[tuple(found[0])]} at {tuple(map(int, found[0]))} is odd and {len(found) - 1} more "
                        "are; mixed-sign weights must be even")


def check_kept(network: Network, state: State, number: str, changed: bool = False) -> None:
    """Refuse a state that no engine can have left: types, weights, generators, residuals. Raises UserError that names the array.

    number: of the experiment, `fixed` or `real`. changed: whether constants were changed while it learned, so that a residual may
    be of another shift. Real numbers that have not learned yet are integers still, but may have any shift.
    """
    check_shapes(network, state)
    if not isinstance(state.n_trained, (int, np.integer)) or not 0 <= state.n_trained <= MOST_TRAINED:
        raise UserError(f"state: n_trained {shown(state.n_trained)} is no whole number in 0..{MOST_TRAINED}; use a state that an "
                        "engine left")
    generators = [f"{layer.name}.z_state" for layer in network.hidden]
    for name in generators:
        _check_range(name, _typed(name, state[name], np.int32), 1, (1 << GENERATOR_BITS) - 1)
    learned = [name for name in state.arrays if name not in generators]
    if number == "real" and not all(state[name].dtype == np.int32 for name in learned):
        for name in learned:
            if not np.isfinite(_typed(name, state[name], np.float64)).all():
                raise UserError(f"{name}: holds a value that is no finite number; the training diverged: lower its learning rate "
                                "(raise y_shift)")
        return
    for name in learned:
        _typed(name, state[name], np.int32)
    if number == "fixed":
        check_shifts(network.plastic, network.learning)
    _check_all_weights(network, state)
    if baseline_shape(network):
        _check_range(baseline_name(network), state[baseline_name(network)], 1 - STATE_LIMIT, STATE_LIMIT - 1, "mean")
    for name in carried(network):
        _check_range(name, state[name], *CARRIED[name.rpartition(".")[2]])
    for name, shift in _residual_shifts(network, state.n_trained).items():
        _check_range(name, state[name], 0, STATE_LIMIT - 1 if changed else (1 << shift) - 1)


def _residual_shifts(network: Network, n_trained: int) -> dict[str, int]:
    """By how many bits each residual was quantised in the last of n_trained samples."""
    learning, last = network.learning, max(0, n_trained - 1)
    halvings = min(last // learning.halve_every, learning.max_halvings) if learning.halve_every else 0
    shifts = {f"{layer.name}.y_residual": layer.y_shift + halvings for layer in network.plastic}
    shifts |= {connection.residual: connection.sum_shift for connection in network.summing}
    return shifts | {f"{readout.name}.d_residual": readout.d_shift for readout in network.readouts}


def _typed(name: str, array: np.ndarray, dtype: type) -> np.ndarray:
    if array.dtype != dtype:
        raise UserError(f"{name}: type {array.dtype} is not {np.dtype(dtype)}; it belongs to another number system or network")
    return array


def _check_range(name: str, array: np.ndarray, low: int, high: int, entry: str = "weight") -> None:
    """entry: what an array of more than one axis has at each place."""
    if array.min() < low or array.max() > high:
        wrong = tuple(map(int, np.argwhere((array < low) | (array > high))[0]))
        owner = f"neuron {wrong[0]}" if len(wrong) == 1 else f"{entry} {wrong}"
        raise UserError(f"{name}: value {array[wrong]} of {owner} is outside {low}..{high}; no engine leaves it")
