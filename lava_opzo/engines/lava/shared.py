"""Arrays that the host and the forked Lava processes share without a copy."""
import math
import mmap

import numpy as np
import numpy.typing as npt

from lava_opzo.files.system import told


def shared_array(shape: tuple[int, ...], dtype: npt.DTypeLike) -> np.ndarray:
    """A zeroed array that stays shared with processes forked later, without a file. Raises UserError where memory lacks."""
    kind = np.dtype(dtype)
    size = math.prod(shape)
    with told(f"memory shared with Lava: {size * kind.itemsize} bytes"):
        try:
            memory = mmap.mmap(-1, max(1, size * kind.itemsize))
        except OverflowError:
            raise MemoryError from None
    return np.frombuffer(memory, kind, size).reshape(shape)
