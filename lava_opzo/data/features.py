"""Real-valued features as payloads of 4 bits: a straight line from the least to the largest value of the training samples."""
import numpy as np
from numpy.typing import ArrayLike

from lava_opzo.data.dataset import as_array
from lava_opzo.errors import UserError, shown
from lava_opzo.files.memory import check_size
from lava_opzo.silicon.profile import PAYLOAD_MAX


def fit(features: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """The least and the largest value of every feature: give it training samples alone, then `encode` all with what it says.

    Raises UserError that names the first value that is no finite number.

    Shapes:
        features: (n, features), n at least 1. Returns two float64 (features,).
    """
    values = _numbers("features", features)
    if not len(values):
        raise UserError("features: there are no samples to fit; give at least one")
    return values.min(axis=0), values.max(axis=0)


def encode(features: ArrayLike, low: ArrayLike, high: ArrayLike, on_off: bool = False) -> np.ndarray:
    """payload = floor(15 * (x - low) / (high - low) + 1/2): 0 at `low` and below, 15 at `high` and above.

    on_off: two lines a feature instead of one; the first rises from 0 at the middle of both to 15 at `high`, the second from 0 at
    the middle to 15 at `low`; the second lines follow all first ones. A feature with low = high is 0 up to there and 15 beyond.
    `outside` counts the values that are beyond. The bias line is appended by `lava_opzo.data.with_bias`.

    Raises UserError that names the first value that is no finite number, and a low above its high.

    Shapes:
        features: (n, features). low, high: one number, or (features,). Returns uint8 (n, 1, features), or twice as many lines.
    """
    values, low, high = _checked(features, low, high)
    n, m = values.shape
    check_size("features", 16 * n * m)
    with np.errstate(over="ignore"):  # what lies far outside is clipped
        if not on_off:
            return _payloads((values - low) / _span(low, high))[:, None]
        middle = low / 2 + high / 2
        above, below = (values - middle) / _span(middle, high), (middle - values) / _span(low, middle)
        return np.concatenate([_payloads(above), _payloads(below)], axis=1)[:, None]


def outside(features: ArrayLike, low: ArrayLike, high: ArrayLike) -> int:
    """How many values lie below `low` or above `high`, which `encode` cannot tell from these. Shapes as there."""
    values, low, high = _checked(features, low, high)
    return int(np.count_nonzero((values < low) | (values > high)))


def _payloads(shares: np.ndarray) -> np.ndarray:
    return np.floor(np.clip(shares, 0, 1) * PAYLOAD_MAX + 0.5).astype(np.uint8)


def _span(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """high - low, the least positive number where they are equal: the smallest step beyond is 15 then."""
    return np.maximum(high - low, np.finfo(np.float64).tiny)


def _checked(features: ArrayLike, low: ArrayLike, high: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    values = _numbers("features", features)
    ends = []
    for name, given in (("low", low), ("high", high)):
        end = np.asarray(given)
        if end.dtype.kind not in "biuf" or end.shape not in ((), (values.shape[1],)):
            raise UserError(f"{name}: {shown(given)} is neither one number nor one for each of the {values.shape[1]} features")
        end = np.broadcast_to(end.astype(np.float64), (values.shape[1],))
        _refuse_unbounded(name, end)
        ends.append(end)
    with np.errstate(over="ignore"):
        wrong = (ends[0] > ends[1]) | ~np.isfinite(ends[1] - ends[0])
    if wrong.any():
        first = int(np.argmax(wrong))
        raise UserError(f"low[{first}] = {ends[0][first]} and high[{first}] = {ends[1][first]} are no range; give the least and "
                        "the largest value of the feature, as fit does")
    return values, ends[0], ends[1]


def _numbers(name: str, given: ArrayLike) -> np.ndarray:
    values = as_array(f"{name}:", given, "give (samples, features) numbers")
    if values.ndim != 2 or not values.shape[1] or values.dtype.kind not in "biuf":
        raise UserError(f"{name}: has shape {values.shape} and type {values.dtype}; give (samples, features) numbers")
    values = values.astype(np.float64, copy=False)
    _refuse_unbounded(name, values)
    return values


def _refuse_unbounded(name: str, values: np.ndarray) -> None:
    wrong = ~np.isfinite(values)
    if wrong.any():
        index = tuple(map(int, np.argwhere(wrong)[0]))
        raise UserError(f"{name}[{', '.join(map(str, index))}] = {values[index]} is no finite number; mend the sample, or leave "
                        "it out")
