"""Rails of a weight and the decay of M; docs/arithmetic.md section 5. Arrays are int32 of any shape unless said otherwise."""
import numpy as np

from lava_opzo.silicon.profile import Profile


def rail(w: np.ndarray, profile: Profile) -> np.ndarray:
    """The weights kept within the rails of a chip: clip(w, weight_min, weight_max)."""
    return np.clip(w, profile.weight_min, profile.weight_max)


def at_rail(w: np.ndarray, profile: Profile) -> int:
    """How many weights are at a rail."""
    return int(np.count_nonzero((w == profile.weight_max) | (w == profile.weight_min)))


def decay_rows(n_neurons: int, n_trained: int, period: int) -> np.ndarray:
    """The rows of M that decay in this sample: [(n_trained + i) & (period - 1) == 0]; none where period is 0. int32 (n,)."""
    if period == 0:
        return np.zeros(n_neurons, np.int32)
    return ((n_trained + np.arange(n_neurons)) & (period - 1) == 0).astype(np.int32)


def decay(weights: np.ndarray, rows: np.ndarray, profile: Profile) -> None:
    """One step off the magnitude of every weight of some rows, in place: w = rail(w - 2*sgn(w)) where rows_i is not 0.

    Shapes:
        weights: (n_post, n_pre). rows: (n_post,).
    """
    index = np.flatnonzero(rows)
    weights[index] = rail(weights[index] - 2 * np.sign(weights[index]), profile)
