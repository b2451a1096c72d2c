"""What a population did, step by step: written by its process model into shared memory, read by the host afterwards."""
from typing import Any

import numpy as np
import numpy.typing as npt

from lava_opzo.engines.lava.shared import shared_array


class Trace:
    """Values of the named attributes of a process model after each time step.

    shapes: attribute name -> shape. capacity: time steps. `values[name]` has shape (capacity, *shape); `steps` of its rows are
    written. Nothing is written while `record` is off, and recording changes nothing in the model.
    """

    def __init__(self, capacity: int, shapes: dict[str, tuple[int, ...]], dtype: npt.DTypeLike = np.int64) -> None:
        self.values = {name: shared_array((capacity, *shape), dtype) for name, shape in shapes.items()}
        self._steps = shared_array((1,), np.int64)
        self._on = shared_array((1,), np.int8)

    def record(self, on: bool) -> None:
        """Switch recording between two calls into the network; switching it on starts again at row 0."""
        self._on[0] = on
        if on:
            self._steps[0] = 0

    @property
    def steps(self) -> int:
        """Rows written since recording was switched on."""
        return int(self._steps[0])

    def store(self, model: Any) -> None:
        """Append the present values of `model`."""
        if not self._on[0]:
            return
        row = self._steps[0]
        for name, array in self.values.items():
            array[row] = getattr(model, name)
        self._steps[0] = row + 1
