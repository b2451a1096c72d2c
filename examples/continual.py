"""Nine kinds of digits, then the tenth from 20 samples that arrive one by one: python examples/continual.py

What the network forgets of the nine meanwhile, and how much of that a memory of old samples prevents: one seed and few test
samples of the new class, so it shows the trade and is no benchmark. Learner(network, engine="fast") has the same calls in
Lava. The first run compiles the twin, once and in less than a minute; after that it takes seconds.
"""
from collections.abc import Iterator

import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Learner, Learning, Network, Readout

NEW, SHOWN, PASSES, EPOCHS, SEED = 9, 20, 10, 3, 0
"""The tenth class, its samples, passes over them, and passes over those of the first nine."""

REPLAYED = (0, 1, 2, 5)
"""Old samples that are learned again after each new one."""

images, labels = load_digits(return_X_y=True)
rng = np.random.default_rng(SEED)
order = rng.permutation(len(labels))
frames, labels = np.minimum(images[order], 15).astype(np.uint8)[:, None], labels[order]     # the learner appends the bias line
training, test = np.arange(len(labels)) < 1437, np.arange(len(labels)) >= 1437
old, new = np.flatnonzero(training & (labels != NEW)), np.flatnonzero(training & (labels == NEW))[:SHOWN]

network = Network.chain(
    n_in=65,
    hidden=[Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17),
            Hidden(n=100, vth=200, bias_mant=1920, bias_exp=0, psi_width=100, y_shift=16)],
    readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11),
    sigma=(6.0, 14.0, 4.0), x_shift=(8, 3, 3), learning=Learning(halve_every=2 * 1293, max_halvings=1))


def accuracy(learner: Learner, chosen: np.ndarray) -> float:
    """Percent of the chosen test samples that are predicted right, without noise and without learning."""
    return 100 * float(np.mean(learner.predict(frames[chosen]) == labels[chosen]))


def line(name: str, learner: Learner) -> None:
    """One row of the table."""
    print(f"{name:38}{accuracy(learner, test & (labels != NEW)):9.1f} %{accuracy(learner, test & (labels == NEW)):9.1f} %"
          f"{learner.state.n_trained:9}")


def arriving(replayed: int) -> Iterator[tuple[np.ndarray, int]]:
    """The new samples, over and over, with so many old ones after each: any iterable will do, one that never ends, too."""
    memory = np.random.default_rng(SEED)
    for sample in np.tile(new, PASSES):
        for one in (sample, *memory.choice(old, replayed)):
            yield frames[one], labels[one]


learner = Learner(network)
for _ in range(EPOCHS):
    part = rng.permutation(old)
    learner.learn(frames[part], labels[part])
learned = learner.state

print(f"{'test samples right':38}{'old nine':>11}{'new':>11}{'learned':>9}")
line("after nine classes", learner)
for replayed in REPLAYED:
    learner = Learner(network, state=learned)
    for step in learner.learn_stream(arriving(replayed), chunk=20):
        known = step.accuracy
    line(f"{SHOWN} new, {PASSES} times, {replayed} old after each", learner)
print(f"{100 * known:.1f} % of the last row's samples were predicted right before they were learned")
