# %% [markdown]
# # A first network, and what every number means
# Cells as in a notebook: open this file in VS Code or PyCharm, or in Jupyter with the extension jupytext. As a program:
# `python tutorials/first_network.py`. It takes seconds once the twin is compiled (the first time on a machine: 15 seconds).

# %%
import tempfile
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Network, Readout, RunFolder, evaluate, initial_state, load_run, resume, train, verify
from lava_opzo.data import encode, with_bias

# %% [markdown]
# ## Samples are payloads
# A chip takes whole numbers. Every input line sends a payload 0..15 in each step of a window, and one more line, the bias, always
# sends 15. `encode` puts pixels of 0..16 onto 0..15.

# %%
images, labels = load_digits(return_X_y=True)
frames = with_bias(encode(images, 0, 16))
train_frames, train_labels, test_frames, test_labels = frames[:1200], labels[:1200], frames[1200:], labels[1200:]
print(frames.shape, frames.dtype)  # samples, frames of a sample (1: the same in every step), input lines

# %% [markdown]
# ## A network is a chain of populations
# `vth` is the threshold in weight units, `bias_mant << bias_exp` the size of the noise, `psi_width` the half width of the gate: a
# neuron learns in a sample if its membrane came that near to the threshold. `y_shift` is the learning rate of a layer: one more
# halves it. `sigma` is the spread of the initial weights. The ranges are in docs/arithmetic.md, and whatever is outside of one is
# refused with the range.

# %%
network = Network.chain(
    n_in=65, hidden=[Hidden(n=100, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17)],
    readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11), sigma=(6.0, 4.0), x_shift=(8, 3))

# %% [markdown]
# ## Learning, sample by sample
# Each sample is predicted and then learned, once an epoch. `accuracy` is the share of right predictions in the last epoch, made
# in the midst of noise. The folder keeps everything; `keep_samples=False` leaves the samples out, and `resume` takes them again.

# %%
folder = Path(tempfile.mkdtemp()) / "run"
result = train(network, train_frames, train_labels, epochs=2, out=folder, keep_samples=False)
print(f"right while learning: {100 * result.accuracy:.1f} %, after {result.state.n_trained} samples")
result = resume(folder, train_frames, train_labels, epochs=3)
right = float(np.mean(evaluate(network, result.state, test_frames) == test_labels))
print(f"right on {len(test_labels)} test samples, without noise: {100 * right:.1f} %")

# %% [markdown]
# ## What happened inside
# Spike rates are spikes per step and neuron: near 0 or near 1 a layer says nothing. A rail touch is an update that ended at the
# largest or smallest weight. Of every variable the largest size is kept, to be held against the bits of its register.
# docs/reading_a_run.md has every symbol; `load_run(folder).figure()` is the picture of a run, and `lava-opzo report` its page.

# %%
print("rates:", [round(rate, 3) for rate in result.seen.spike_rates], "rail touches:", result.seen.rail_touches)
metrics = load_run(folder).metrics
print("kinds of lines:", sorted({line["kind"] for line in metrics}))
print(f"the same as a table of pandas: RunFolder({RunFolder(folder).path.name!r}).frame()")

# %% [markdown]
# ## Every bit
# The oracle is plain Python, written from the specification alone. `verify` learns the same samples in both and compares every
# variable of every neuron and synapse in every step.

# %%
report = verify(network, initial_state(network), train_frames[:1], train_labels[:1], engines=("oracle", "twin"))
print(f"{report.differing} of {report.compared} values differ")
