"""Whether a state belongs to a network and may be started from."""
import numpy as np

from lava_opzo.errors import UserError
from lava_opzo.learning.credit import require_local
from lava_opzo.network.network import Config
from lava_opzo.network.state import State, shapes
from lava_opzo.silicon.profile import WEIGHT_MAX, WEIGHT_MIN


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
