"""Random recordings in the layout in which tonic leaves DVS-Gesture."""
import numpy as np

from sim_tests.helpers.nmnist_files import events_of


def write_gestures(folder, parts=("ibmGestureTrain",), users=("user01_fluorescent", "user02_natural"), seed=0):
    """tonic's layout, for each gesture an array (events, 4) of x, y, p, t in ms; returns {part: [(label, events in us)]}."""
    rng, written = np.random.default_rng(seed), {}
    for part in parts:
        for user in users:
            (folder / part / user).mkdir(parents=True)
            for label in range(11):
                events = events_of(rng, 128, 40, 6000)
                np.save(folder / part / user / f"{label}.npy", np.array(events))
                written.setdefault(part, []).append((label, in_microseconds(events)))
    return written


def in_microseconds(events):
    return [(x, y, p, 1000 * t) for x, y, p, t in events]
