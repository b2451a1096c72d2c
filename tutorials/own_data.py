# %% [markdown]
# # Your own data: features, a table, events
# Cells as in a notebook (`python tutorials/own_data.py` runs them all, in seconds).

# %%
import tempfile
from pathlib import Path

import numpy as np

from lava_opzo import evaluate, scaled_network, train
from lava_opzo.data import encode, fit, from_events, load, with_bias
from lava_opzo.errors import UserError

rng = np.random.default_rng(0)

# %% [markdown]
# ## Real-valued features
# `fit` finds the range of every feature in the training samples, and in these alone; `encode` puts all samples onto 0..15. With
# `on_off` each feature has two lines, one for values above the middle of its range and one for values below. `scaled_network`
# chooses all constants of a network from what the samples look like.

# %%
labels = rng.integers(3, size=400)
features = rng.normal(size=(400, 6)) + 1.5 * np.eye(3)[labels].repeat(2, axis=1)
low, high = fit(features[:300])
frames = with_bias(encode(features, low, high, on_off=True))
network = scaled_network(frames[:300], 3, [40])
result = train(network, frames[:300], labels[:300], epochs=4)
features_right = float(np.mean(evaluate(network, result.state, frames[300:]) == labels[300:]))
print(f"features: {100 * features_right:.0f} % of 100 test samples right")

# %% [markdown]
# ## The same as a file
# One sample a line, the class in the last column, as a number or a word. `lava-opzo train --dataset csv --data FILE` does the
# same, and `lava-opzo predict RUN NEW` takes features without classes. What is not a number is refused by line and column.

# %%
file = Path(tempfile.mkdtemp()) / "mine.csv"
words = ["ash", "oak", "yew"]
rows = [",".join([*(f"{x:.4f}" for x in row), words[label]]) for row, label in zip(features, labels, strict=True)]
file.write_text("\n".join(rows) + "\n")
table = load("csv", file, n_test=100)
print("table:", table.n_classes, "classes,", table.provenance.split(", classes ")[1].split(", order")[0])

# %% [markdown]
# ## Events
# One array a recording, (events, 4) with columns x, y, t in microseconds, p; or a structured array with these fields. Height and
# width are those of the sensor, which need not be square: an event outside of it is refused with its index.

# %%
recordings, sides = [], rng.integers(2, size=60)
for side in sides:
    x, y = rng.integers(4, size=80) + 8 * side, rng.integers(6, size=80)
    recordings.append(np.stack([x, y, np.sort(rng.integers(10_000, size=80)), rng.integers(2, size=80)], axis=1))
events = from_events(recordings, sides, height=6, width=12, steps=8, downsample=2, n_test=20)
event_frames, test_frames = with_bias(events.train_frames), with_bias(events.test_frames)
network = scaled_network(event_frames, 2, [30])
result = train(network, event_frames, events.train_labels, epochs=6)
events_right = float(np.mean(evaluate(network, result.state, test_frames) == events.test_labels))
print(f"events: {100 * events_right:.0f} % of 20 test recordings right")

try:
    from_events(recordings, sides, height=12, width=6)
except UserError as error:
    refused = str(error)
    print("height and width in the wrong order:", refused)
