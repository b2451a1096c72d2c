"""How a payload that a sample gives once is shown in the steps of a window (docs/arithmetic.md section 3)."""
import numpy as np

from lava_opzo.silicon.profile import PAYLOAD_MAX


def phases(n_in: int, steps: int, stagger: int) -> np.ndarray:
    """The phase of every line, (n_in,): (j * stagger) mod K, so that lines of one payload do not all send in the same steps."""
    return np.arange(n_in) * stagger % steps


def spread(payload: np.ndarray, steps: int, stagger: int = 0) -> np.ndarray:
    """Payloads 0..15 as K = `steps` smaller ones whose sum they are: step k shows
    ((p*(k + 1) + phase) // K) - ((p*k + phase) // K), with the phase of its line (`phases`), 0..K-1.

    The currents of a step are K times smaller than where p stands in every step, and what a window adds up is p, not K*p.

    Shapes:
        payload: (n, 1, n_in). Returns uint8 (n, K, n_in).
    """
    shown = np.empty((len(payload), steps, payload.shape[2]), np.uint8)
    narrow = np.min_scalar_type(PAYLOAD_MAX * steps + steps)
    added, before = payload[:, 0].astype(narrow), narrow.type(0)
    total = np.zeros_like(added) + phases(payload.shape[2], steps, stagger).astype(narrow)
    for k in range(steps):
        total += added
        sent = total // narrow.type(steps)
        np.subtract(sent, before, out=shown[:, k], casting="unsafe")
        before = sent
    return shown


def shares(steps: int) -> np.ndarray:
    """What each of K = `steps` steps shows of each payload 0..15, uint8 (K, 16): `spread` of them."""
    return spread(np.arange(PAYLOAD_MAX + 1, dtype=np.uint8)[None, None], steps)[0]
