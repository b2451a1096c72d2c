# %% [markdown]
# # Streaming and continual learning
# Cells as in a notebook (`python tutorials/streaming.py` runs them all, in seconds). A `Learner` takes samples one by one,
# without a data set, without epochs and without an end. Everything about it is in docs/streaming.md.

# %%
import itertools
import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Learner, Network, Readout, Replay
from lava_opzo.data import encode

images, labels = load_digits(return_X_y=True)
frames = encode(images, 0, 16)  # without the bias line, which the learner appends
network = Network.chain(
    n_in=65, hidden=[Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=16)],
    readout=Readout(n=10, error_shift=6, y_shift=8, d_shift=11), sigma=(6.0, 4.0), x_shift=(8, 3))

# %% [markdown]
# ## A source that never ends
# Any iterable of (payloads, label) will do. `learn_stream` is a generator: it learns while it is asked for the next step, and
# every step tells what was predicted before its sample was learned. `accuracy` is over the last `window` samples.


# %%
def source(chosen, rng):
    """Samples of these classes, for ever."""
    while True:
        one = int(rng.choice(chosen))
        yield frames[one], int(labels[one])


rng = np.random.default_rng(0)
training, test = np.arange(len(labels)) < 1300, np.arange(len(labels)) >= 1300
old = np.flatnonzero(training & (labels < 8))
learner = Learner(network, window=200, replay=Replay(capacity=200, each=0, seed=0))  # keeps old samples, for later
for number, step in enumerate(itertools.islice(learner.learn_stream(source(old, rng), chunk=10), 3000), 1):
    if number in (100, 300, 1000, 3000):
        print(f"after {number:4} samples: {100 * step.accuracy:5.1f} % of the last ones right before they were learned")

# %% [markdown]
# ## Save, go on, change the learning rate
# A saved learner goes on in any engine, with the same bits. A learning rate is a shift: one more is half of it.

# %%
file = Path(tempfile.mkdtemp()) / "eight_digits.safetensors"
learner.save(file)
again = Learner.load(file)
again.change("network.hidden.*.y_shift", 17)
print("samples learned:", again.state.n_trained, "y_shift now:", again.network.hidden[0].y_shift)


# %% [markdown]
# ## New classes arrive
# The last two digits come, and the first eight do not any more. What the network forgets is what on-line learning without a
# memory forgets. The learner kept 200 of its samples, a uniform part of all, and learns `each` of them again after every new one.
# A frozen hidden layer keeps its weights, while the readout goes on learning.


# %%
def right(one, kinds):
    """Share of right answers on test samples of these classes, without noise and without learning."""
    chosen = np.flatnonzero(test & np.isin(labels, kinds))
    return float(np.mean(one.predict(frames[chosen]) == labels[chosen]))


def after(each, frozen=False):
    """(old, new): what is right after 300 new samples, each followed by so many old ones; with the hidden layer as it was?"""
    one, new = Learner.load(file), np.flatnonzero(training & (labels >= 8))
    one.replay.each = each
    one.change("network.hidden.1.frozen", frozen)
    chosen = np.random.default_rng(1).choice(new, 300)
    one.learn(frames[chosen], labels[chosen])
    return right(one, range(8)), right(one, (8, 9))


before = right(learner, range(8)), right(learner, (8, 9))
alone, replay, frozen_layer = after(0), after(2), after(0, frozen=True)
for name, (first, second) in (("before", before), ("new ones alone", alone), ("two old ones after each", replay),
                              ("alone, hidden layer frozen", frozen_layer)):
    print(f"{name:27} old digits {100 * first:5.1f} %, new digits {100 * second:5.1f} %")

# %% [markdown]
# ## Stop learning
# A frozen learner only answers: no noise, and nothing changes. The rolling accuracy goes on, so that a drift of the data is
# seen.

# %%
learner.frozen = True
unchanged = learner.state
learner.learn(frames[0], int(labels[0]))
frozen = all(np.array_equal(array, learner.state.arrays[name]) for name, array in unchanged.arrays.items())
print("frozen:", frozen)
learner.stop()
