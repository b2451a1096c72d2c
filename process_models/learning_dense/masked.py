"""The rule of W in a matrix that has synapses only where a tag says so: stock Lava's form of local weights."""
import numpy as np

from lava_opzo.arithmetic.fixed.weights import at_rail, rail
from lava_opzo.silicon.profile import Profile


def learned_where(tag: np.ndarray, weights: np.ndarray, x0: np.ndarray, y1: np.ndarray, y2: np.ndarray, profile: Profile) -> int:
    """`lava_opzo.arithmetic.fixed.synapses.learned` for the entries whose tag is not 0, in place; the others stay.

    Shapes:
        tag, weights: (n_post, n_pre). x0: (n_pre,). y1, y2: (n_post,). Returns how many of the additions ended at a rail.
    """
    rows, columns = np.flatnonzero(y1 | y2), np.flatnonzero(x0)
    met = np.nonzero(tag[np.ix_(rows, columns)])
    post, pre = rows[met[0]], columns[met[1]]
    weights[post, pre] = new = rail(rail(weights[post, pre] + 2 * y1[post], profile) - 2 * y2[post], profile)
    return at_rail(new, profile)
