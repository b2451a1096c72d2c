# %% [markdown]
# # In a notebook
# Cells as in a notebook (`python tutorials/notebook.py` runs them all, in seconds). Training runs in a cell or in a thread, shows
# how far it is, can be interrupted and resumed, and what it leaves is a value that a cell shows.

# %%
import tempfile
import threading
from pathlib import Path

from sklearn.datasets import load_digits

from lava_opzo import Hidden, Network, Readout, RunFolder, evaluate, load_run, resume, train
from lava_opzo.data import encode, with_bias
from lava_opzo.errors import UserError

# %% [markdown]
# ## A training in a cell
# One bar below the cell shows how far it is and is replaced as it goes; `progress=False` leaves it out. Interrupting the kernel
# once ends a training with a run folder after the samples that are being learned, and keeps them.

# %%
images, labels = load_digits(return_X_y=True)
frames = with_bias(encode(images, 0, 16))
network = Network.chain(
    n_in=65, hidden=[Hidden(n=60, vth=1000, bias_mant=2400, bias_exp=2, psi_width=500, y_shift=17)],
    readout=Readout(n=10, error_shift=6, y_shift=9, d_shift=11), sigma=(6.0, 4.0), x_shift=(8, 3))
place = Path(tempfile.mkdtemp()) / "run"
result = train(network, frames[:1200], labels[:1200], epochs=2, out=place)
print(f"{100 * result.accuracy:.1f} % right while learning")

# %% [markdown]
# ## The run as a value
# A `RunFolder` or a `Run` as the last value of a cell is a small table with the picture of the run.

# %%
run = load_run(place)
run

# %% [markdown]
# ## Its figure, its numbers
# `run.figure()` is the picture as a matplotlib figure (it runs one sample in Lava, in seconds). `run.frame()` is metrics.jsonl as
# a DataFrame of pandas, and `RunFolder.to_tensorboard` writes the same for TensorBoard; both libraries are extras, and what is
# missing says how to install it. Without them `read_metrics()` gives plain dicts.

# %%
figure = run.figure()
figure.get_size_inches()

# %%
try:
    print(run.frame().tail(3))
except UserError as error:
    print(error)
for line in [one for one in RunFolder(place).read_metrics() if one["kind"] == "epoch"]:
    print(f"epoch {line['epoch']}: {100 * line['train_accuracy']:.1f} % right while learning")

# %% [markdown]
# ## More epochs
# `resume` goes on where the run stopped, with the bits of a run that was never interrupted.

# %%
longer = resume(place, epochs=4)
print(f"{100 * longer.accuracy:.1f} % right in the last of four epochs")
tested = float((evaluate(network, longer.state, frames[1200:]) == labels[1200:]).mean())
print(f"{100 * tested:.1f} % of the samples that it has not seen")

# %% [markdown]
# ## In a thread
# Long trainings can run beside the notebook; every call works in any thread.

# %%
found = {}


def work():
    found["state"] = train(network, frames[:1200], labels[:1200], epochs=4, progress=False).state


thread = threading.Thread(target=work)
thread.start()
thread.join()
same = all((found["state"][name] == values).all() for name, values in longer.state.arrays.items())
print("the same bits as in the cells above:", same)
