"""Whether a state belongs to a network, and whether an integer engine may start from it."""
from collections.abc import Mapping

import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, shapes
from lava_opzo.silicon.profile import Profile


def misfit(network: Network, arrays: Mapping[str, np.ndarray]) -> str | None:
    """Why named arrays are not a state of this network, in a few words; None where they are."""
    expected = shapes(network)
    if arrays.keys() != expected.keys():
        return f"arrays {sorted(arrays.keys() ^ expected.keys())} are missing or too many"
    for name, array in arrays.items():
        if array.shape != expected[name]:
            return f"{name} has shape {array.shape}, its network needs {expected[name]}"
    return None


def check_shapes(network: Network, state: State) -> None:
    """Raise UserError for a state of another network."""
    fault = misfit(network, state.arrays)
    if fault:
        raise UserError(f"state: {fault}; use the network that the state was made with")


def check_start(network: Network, state: State) -> None:
    """Refuse a state that no integer engine should start from. Raises UserError that names the array.

    Odd weights are accepted only where learning can have made them: after the first sample, under a profile with an odd rail.
    """
    check_shapes(network, state)
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
