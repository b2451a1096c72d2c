"""Arrays that the host and the forked Lava processes share without a copy."""
from multiprocessing import RawArray

import numpy as np


def shared_array(shape: tuple[int, ...], dtype) -> np.ndarray:
    """A zeroed array that stays shared with processes forked later."""
    dtype = np.dtype(dtype)
    size = int(np.prod(shape))
    return np.frombuffer(RawArray("b", max(1, size * dtype.itemsize)), dtype, size).reshape(shape)
