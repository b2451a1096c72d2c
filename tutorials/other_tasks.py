# %% [markdown]
# # Several labels at once, and values
# Cells as in a notebook (`python tutorials/other_tasks.py` runs them all, in seconds). A readout does not have to stand for
# classes: its outputs can be labels, each of which a sample has or not, or values. How errors and answers follow from the sums
# of the outputs is in docs/arithmetic.md section 4, what files hold in docs/datasets.md.

# %%
import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Learner, Network, Readout, evaluate, train, verify
from lava_opzo.data import encode, load, values, with_bias
from lava_opzo.network.initial import initial_state

# %% [markdown]
# ## Labels
# Two questions about a digit: is it odd, and is it above 4? What a sample teaches is a row of 0 and 1, one number an output, and
# so is a prediction. Nothing else about the network is new: `kind="labels"` of the readout says it.

# %%
images, digits = load_digits(return_X_y=True)
frames, labels = with_bias(encode(images, 0, 16)), np.stack([digits % 2, digits > 4], axis=1).astype(int)
network = Network.chain(
    n_in=65, hidden=[Hidden(n=60, vth=1100, bias_mant=2700, bias_exp=2, psi_width=550, y_shift=17)],
    readout=Readout(n=2, error_shift=6, y_shift=9, d_shift=11, kind="labels"), sigma=(6.0, 4.0), x_shift=(8, 3))
learned = train(network, frames[:1400], labels[:1400], epochs=5)
answers = evaluate(network, learned.state, frames[1400:])
both = (answers == labels[1400:]).all(axis=1).mean()
print(f"{100 * (answers == labels[1400:]).mean():.1f} % of the labels are right, both of a digit in {100 * both:.1f} %")
print("the first three of", digits[1400:1403], "are odd, above 4:", answers[:3].tolist())

# %% [markdown]
# ## Values
# Forty lines spike at random around a place x; the sine of x is to be told. Values that a readout learns are whole numbers
# -127..127: `fit` takes the range of real ones, from training samples alone, `encode` and `decode` go to and fro. The data set
# `sine` is whole numbers already.

# %%
samples = load("sine")
readout = Readout(n=1, error_shift=7, y_shift=6, d_shift=10, kind="values")
regression = Network.chain(n_in=41, hidden=[Hidden(n=60, vth=3150, bias_mant=3800, bias_exp=3, psi_width=2200, y_shift=18)],
                           readout=readout, sigma=(12.0, 4.0), x_shift=(8, 4), spread=True)
found = train(regression, samples.train_frames, samples.train_labels, epochs=10)
told, wanted = evaluate(regression, found.state, samples.test_frames)[:, 0], samples.test_labels[:, 0]
r2 = 1 - ((told - wanted) ** 2).sum() / ((wanted - wanted.mean()) ** 2).sum()
print(f"R2 {r2:.3f}, mean absolute error {np.abs(told - wanted).mean():.1f} of 127")

# %%
temperatures = np.array([[18.5], [23.0], [31.0], [20.5]])
ranges = values.fit(temperatures)
whole = values.encode(temperatures, ranges)
print("as whole numbers:", whole[:, 0].tolist(), "and back:", values.decode(whole, ranges)[:, 0].round(1).tolist())

# %% [markdown]
# ## Sample by sample, and every bit
# A `Learner` takes and gives such rows, too: its `accuracy` is the share of right labels, and of values its `error` is the mean
# absolute one. All engines learn them with equal bits.

# %%
learner = Learner(network, window=300)
for frame, label in zip(frames[:1400], labels[:1400], strict=True):
    learner.learn(frame, label)
print(f"{100 * learner.accuracy:.1f} % of the last labels were right before they were learned")
report = verify(network, initial_state(network), frames[:2], labels[:2], ("fast", "twin", "oracle"))
print("values compared and differing:", report.compared, report.differing)

# %% [markdown]
# From the command line the same are `lava-opzo train --dataset digit_labels --hidden 60`, `--dataset sine`, and your own `.npz`
# with two-dimensional `labels`, or with `targets` (docs/datasets.md). Reports, exports and learning on a board refuse them in
# one line.
