"""What a layer did, step by step: written by its process model into shared memory, read by the host afterwards."""
import numpy as np

from lava_opzo.engines.lava.shared import shared_array


class Trace:
    """Values of the named attributes of a process model after each time step.

    shapes: attribute name -> shape. capacity: time steps. `values[name]` has shape (capacity, *shape); `steps` of them are written.
    Nothing is written while `record` is off, and recording changes nothing in the model.
    """

    def __init__(self, capacity: int, shapes: dict[str, tuple[int, ...]], dtype=np.int64):
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
        return int(self._steps[0])

    def store(self, model) -> None:
        """Append the present values of `model`."""
        if not self._on[0]:
            return
        row = self._steps[0]
        for name, array in self.values.items():
            array[row] = getattr(model, name)
        self._steps[0] = row + 1
