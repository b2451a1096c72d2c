# %% [markdown]
# # Find the first wrong bit
# Cells as in a notebook (`python tutorials/first_wrong_bit.py` runs them all; Lava's processes start twice, in seconds each).
# Several engines compute the same network. If one of them is wrong, by a single unit in a single neuron, `verify` says in which
# sample, step, layer, variable and neuron the first wrong value is, what it should be, and how that follows.
# docs/verification.md has it all.

# %%
from unittest import mock

import numpy as np

from lava_opzo import Hidden, Learning, Network, Readout, initial_state, verify
from lava_opzo.arithmetic.fixed import membrane

rng = np.random.default_rng(0)
network = Network.chain(
    n_in=9, hidden=[Hidden(n=14, vth=900, bias_mant=50, bias_exp=7, psi_width=500, y_shift=9),
                    Hidden(n=11, vth=150, bias_mant=8, bias_exp=7, psi_width=90, y_shift=9)],
    readout=Readout(n=4, error_shift=3, y_shift=4, d_shift=4), sigma=(24.0, 40.0, 12.0), x_shift=(7, 2, 2),
    learning=Learning(steps=5))
frames = rng.integers(0, 16, (2, 1, 9)).astype(np.uint8)
labels = rng.integers(0, 4, 2)

# %% [markdown]
# ## A fault
# The membrane of neuron 7 in the second hidden layer becomes one unit too small, in the function that Lava's process models
# integrate with. The twin has this arithmetic written once more for its compiler, and the oracle once more from the
# specification, so that neither has the fault. On a board it could be a neuron program; then it is `lava-opzo verify --samples
# 2 --plugin OpzoLIF=mine:Neuron --plugin OpzoReadout=mine:Readout --plugin LearningDense=mine:Connection`.

# %%
right_integrate = membrane.integrate


def wrong_integrate(v, a, dv, bias):
    """One unit too little in neuron 7 of a layer of 11."""
    v = right_integrate(v, a, dv, bias)
    if v.size == 11:
        v[7] -= 1
    return v


with mock.patch.object(membrane, "integrate", wrong_integrate):
    report = verify(network, initial_state(network), frames, labels, engines=("oracle", "twin", "fast"))

# %% [markdown]
# ## What differs, where, and who is right
# The comparison ends after the first sample in which anything differs. Of all the differences it has then, the first in time is
# the place to look at; the rest follows from it. Two engines that share no code stand against one, so the verdict names the
# functions that the third one computes that variable with.

# %%
comparison, first = report.first
print(f"{report.differing} of {report.compared} values differ, first at:")
print(first.place)
print(f"{comparison.left} has {first.left}, {comparison.right} has {first.right}")
print(report.verdict)

# %% [markdown]
# ## The operation with its operands
# The formula is the first sentence of the function that computes the value, and the operands are those of the engine that is
# believed. With them the value can be computed by hand, which says who is right even where only two engines are there.

# %%
for formula in report.operation.formulas:
    print(formula)
given = report.operation.operands
print(given)
by_hand = int(right_integrate(np.int64(given["v before"]), given["a"], given["dv"], given["sign"] * given["z"] * given["alpha"]))
by_hand = int(membrane.fire(np.int64(by_hand), given["vth"], given["floor"])[1])
print("by hand:", by_hand)

# %% [markdown]
# ## Mended
# Without the fault all values of all steps are equal. From the command line the same comparison is `lava-opzo verify --samples
# 2`; it prints a command that repeats the one wrong sample, as `--only-sample 0`, and ends with exit code 1 where something
# differs.

# %%
mended = verify(network, initial_state(network), frames, labels, engines=("oracle", "twin", "fast"))
print(f"{mended.differing} of {mended.compared} values differ")
