"""Arrays that the host and the forked Lava processes share without a copy."""
from multiprocessing import RawArray

import numpy as np
import numpy.typing as npt


def shared_array(shape: tuple[int, ...], dtype: npt.DTypeLike) -> np.ndarray:
    """A zeroed array that stays shared with processes forked later."""
    kind = np.dtype(dtype)
    size = int(np.prod(shape))
    return np.frombuffer(RawArray("b", max(1, size * kind.itemsize)), kind, size).reshape(shape)
