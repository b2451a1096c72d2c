# %% [markdown]
# # Read a run: what is in its folder, what is good, and what a sick one looks like
# Cells as in a notebook (`python tutorials/read_a_run.py` runs them all, in seconds). Every line that is printed during a run,
# every symbol and every file is in docs/reading_a_run.md; this is how to look at them from Python.

# %%
import json
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Hidden, Network, Readout, RunFolder, evaluate, load_run, train
from lava_opzo.data import encode, with_bias
from lava_opzo.network.form import changed

# %% [markdown]
# ## A run leaves a folder
# `lava-opzo train` leaves one, and so does `train` where it is told where to. Only what lies in it is looked at below.

# %%
images, labels = load_digits(return_X_y=True)
frames = with_bias(encode(images, 0, 16))
network = Network.chain(
    n_in=65, hidden=[Hidden(n=60, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17)],
    readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11), sigma=(6.0, 4.0), x_shift=(8, 3))
folder = RunFolder(Path(tempfile.mkdtemp()) / "run")
train(network, frames[:800], labels[:800], epochs=3, out=folder.path)
print("files:", ", ".join(sorted(path.name for path in folder.path.iterdir())))

# %% [markdown]
# ## What it came to
# `train_accuracy` is the share of right answers in the last epoch, each given before its sample was learned, in the midst of
# noise. `replayable` says whether a chip could learn the same bits, as far as public sources go, and `obstacles` why not.
# `warnings` holds what is doubtful about the learning itself; here nothing is.

# %%
result = json.loads(folder.result.read_text())
for key in ("n_trained", "train_accuracy", "spike_rates", "replayable", "obstacles", "warnings"):
    print(f"{key}: {result[key]}")

# %% [markdown]
# ## How it went
# `read_metrics()` is metrics.jsonl line by line, `frame()` the same as a table of pandas, where that is installed
# (`.venv/bin/pip install -c constraints.txt -e '.[notebook]'`). Kinds of lines: `progress` every second, `layers` at
# powers of two, `epoch` at the end of each. A layer that works spikes in 10 to 50 % of the steps and keeps doing so;
# `alignment` is the cosine between M and what backpropagation would send back, measured only: it starts near 0 and rises.

# %%
lines = folder.read_metrics()
for line in [one for one in lines if one["kind"] == "layers"][-4:]:
    print(f"after {line['n_trained']} samples: rate {line['spike_rates'][0]:.3f}, alignment {line['alignment'][0]:.3f}")
rights = [one["train_accuracy"] for one in lines if one["kind"] == "epoch"]
print("right while learning, by epoch:", *(f"{right:.4f}" for right in rights))
rising = rights == sorted(rights)

# %% [markdown]
# ## How near to the rails
# Of every variable the largest size is kept. Its register holds 24 bits, 8,388,607; the input |u| should stay below 2,097,088,
# since a chip's input may have 16 bits. Rail touches are updates that ended at the largest or smallest weight.

# %%
last = folder.last_metrics(("epoch",))
print("largest:", last["largest"]["hidden1"], "rail touches:", last["rail_touches"])

# %% [markdown]
# ## The weights
# A checkpoint holds every learned array by name: forward weights W1, W2, feedback weights M1, and what the neurons keep from
# one sample to the next.

# %%
run = load_run(folder.path)
print({name: array.shape for name, array in run.state.arrays.items() if name.endswith(".weights")})
print("right on 400 other samples:", np.mean(evaluate(run.network, run.state, frames[800:1200]) == labels[800:1200]))

# %% [markdown]
# In a notebook `run.figure()` as the last line of a cell shows the picture of the run; it records one sample in Lava, in
# seconds. `folder.to_tensorboard("logs/first")` writes the same curves for TensorBoard, and `lava-opzo report RUN` makes a
# page.
#
# ## A sick run
# With a threshold that no input reaches, the hidden layer is silent: nothing is learned, and a LearningWarning says so. The
# same line is in `warnings` of result.json and at the end of what a command prints.

# %%
sick = changed(network, hidden=(replace(network.hidden[0], vth=100_000),))
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    ill = train(sick, frames[:800], labels[:800])
print(f"right while learning: {100 * ill.accuracy:.0f} %, rate {ill.seen.spike_rates[0]:.3f}")
print("said:", *(str(one.message) for one in told), sep="\n  ")
