"""Random recordings in the original layout of N-MNIST."""
import struct

import numpy as np


def events_of(rng, size, n, duration, t_first=900):
    """n random events (x, y, p, t), one of them repeated so often that its bin is clipped."""
    events = [(*rng.integers(0, size, 2).tolist(), int(rng.integers(2)), t)
              for t in np.sort(rng.integers(t_first, t_first + duration, n)).tolist()]
    return events + [events[-1]] * 20


def nmnist_bytes(events):
    return b"".join(struct.pack(">BB", x, y) + struct.pack(">I", p << 23 | t)[1:] for x, y, p, t in events)


def write_nmnist(folder, parts=("Train",), each=2, seed=0):
    """The original layout with `each` recordings a class; returns {part: [(label, events)]}."""
    rng, written = np.random.default_rng(seed), {}
    for part in parts:
        for label in range(10):
            (folder / part / str(label)).mkdir(parents=True)
            for i in range(each):
                events = events_of(rng, 34, 40, 300_000)
                (folder / part / str(label) / f"{10 * i + label + 1:05}.bin").write_bytes(nmnist_bytes(events))
                written.setdefault(part, []).append((label, events))
    return written
