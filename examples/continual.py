"""Nine kinds of digits, then the tenth from 20 samples that arrive one by one: python examples/continual.py [SEEDS [PICTURE]]

What the network forgets of the nine meanwhile, how much of that a memory of old samples prevents, and what frozen hidden layers
change: means over SEEDS seeds (1), and the trade as a PICTURE. Learner(network, engine="fast") has the same calls in Lava. The
first run compiles the twin, once and in less than a minute; after that a seed takes seconds.
"""
import sys
from collections.abc import Iterator
from tempfile import TemporaryDirectory

import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Learner, Learning, Network, Readout, Replay
from lava_opzo.report.figures import trade_off_picture

NEW, SHOWN, PASSES, EPOCHS = 9, 20, 10, 3
"""The tenth class, its samples, passes over them, and passes over those of the first nine."""

KEPT, EACH = 200, (0, 1, 2, 5)
"""Old samples that the memory keeps, and how many of them are learned again after each new one."""

WAYS = {"all layers learn": (), "hidden1 frozen": (1,), "hidden1 and hidden2 frozen": (1, 2)}
"""Name -> the hidden layers that are frozen when the tenth class comes."""


def network(seed: int) -> Network:
    """64 pixels and the bias line, two hidden layers, ten classes."""
    return Network.chain(
        n_in=65,
        hidden=[Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17),
                Hidden(n=100, vth=200, bias_mant=1920, bias_exp=0, psi_width=100, y_shift=16)],
        readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11), seed=seed,
        sigma=(6.0, 14.0, 4.0), x_shift=(8, 3, 3), learning=Learning(halve_every=2 * 1293, max_halvings=1))


def run(seed: int) -> Iterator[tuple[str, int, float, float, float]]:
    """(way, old samples after each new one, % right of the old nine and of the new one, % right while learning) of every way.

    The first one, `nine classes`, is before the tenth class came.
    """
    images, labels = load_digits(return_X_y=True)
    rng = np.random.default_rng(seed)
    order = rng.permutation(len(labels))
    frames, labels = np.minimum(images[order], 15).astype(np.uint8)[:, None], labels[order]  # the learner appends the bias line
    training = np.arange(len(labels)) < 1437
    old, new = np.flatnonzero(training & (labels != NEW)), np.flatnonzero(training & (labels == NEW))[:SHOWN]

    def right(learner: Learner, chosen: np.ndarray) -> float:
        return 100 * float(np.mean(learner.predict(frames[chosen]) == labels[chosen]))

    def row(way: str, each: int, learner: Learner) -> tuple[str, int, float, float, float]:
        return (way, each, right(learner, ~training & (labels != NEW)), right(learner, ~training & (labels == NEW)),
                100 * (learner.accuracy or 0))

    nine = Learner(network(seed), replay=Replay(KEPT, each=0, seed=seed))
    for _ in range(EPOCHS):
        part = rng.permutation(old)
        nine.learn(frames[part], labels[part])
    yield row("nine classes", 0, nine)
    with TemporaryDirectory() as folder:
        nine.save(f"{folder}/nine.safetensors")
        for way, layers in WAYS.items():
            for each in EACH:
                learner = Learner.load(f"{folder}/nine.safetensors", window=SHOWN)  # with its memory
                for number in layers:
                    learner.change(f"network.hidden.{number}.frozen", True)
                learner.replay.each = each
                for step in learner.learn_stream(((frames[i], labels[i]) for i in np.tile(new, PASSES)), chunk=20):
                    assert step.label == NEW
                yield row(way, each, learner)


seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1
found = [list(run(seed)) for seed in range(seeds)]
means = [(*rows[0][:2], *np.mean([row[2:] for row in rows], axis=0)) for rows in zip(*found, strict=True)]
print(f"{'test samples right':30}{'replayed':>9}{'old nine':>12}{'new':>10}")
for way, each, of_nine, of_new, _ in means:
    print(f"{way:30}{each:9}{of_nine:10.1f} %{of_new:8.1f} %")
if len(sys.argv) > 2:
    before, *after = means
    trade_off_picture(sys.argv[2], {way: [row[1:4] for row in after if row[0] == way] for way in WAYS}, before[2])
print(f"{means[-1][-1]:.1f} % of the last pass of the last row were predicted right before they were learned")
