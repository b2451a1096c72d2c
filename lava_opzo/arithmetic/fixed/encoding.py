"""How a payload that a sample gives once is shown in the steps of a window (docs/arithmetic.md section 3)."""
import numpy as np

from lava_opzo.silicon.profile import PAYLOAD_MAX


def shares(steps: int) -> np.ndarray:
    """What each of K = `steps` steps shows of each payload 0..15, uint8 (K, 16): ((p*(k + 1)) // K) - ((p*k) // K)."""
    return np.diff(np.arange(steps + 1)[:, None] * np.arange(PAYLOAD_MAX + 1) // steps, axis=0).astype(np.uint8)


def spread(payload: np.ndarray, steps: int) -> np.ndarray:
    """Payloads 0..15 as K = `steps` smaller ones whose sum they are: step k shows shares[k, p].

    The currents of a step are K times smaller than where p stands in every step, and what a window adds up is p, not K*p.

    Shapes:
        payload: (n, 1, n_in). Returns uint8 (n, K, n_in).
    """
    shown = np.empty((len(payload), steps, payload.shape[2]), np.uint8)
    for k, share in enumerate(shares(steps)):
        shown[:, k] = share[payload[:, 0]]
    return shown
