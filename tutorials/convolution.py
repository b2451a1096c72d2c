# %% [markdown]
# # Convolutions and local layers
# Cells as in a notebook (`python tutorials/convolution.py` runs them all, in seconds). Over an image a hidden layer may look at
# patches: with the same weights everywhere (`Conv`), or with weights of its own at every place (`Local`). The order of edges
# and the sums are in docs/arithmetic.md section 10.

# %%
import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import Conv, Dense, Local, evaluate, initial_state, train, verify
from lava_opzo.data import encode, with_bias
from lava_opzo.experiment.image_scaling import image_network
from lava_opzo.experiment.layers import parse_layers

images, labels = load_digits(return_X_y=True)
frames = with_bias(encode(images, 0, 16))  # 8 x 8 pixels in raster order, and the bias line
train_frames, train_labels, test_frames, test_labels = frames[:1200], labels[:1200], frames[1200:], labels[1200:]

# %% [markdown]
# ## A topology is a value
# It says which neuron is joined to which through which weight, and nothing about arithmetic. Neurons of an image are numbered
# in raster order, channels last.

# %%
conv = Conv(shape=(8, 8, 1), channels=8, kernel=(3, 3), stride=(1, 1), padding=(1, 1), lines=1)
local = Local(shape=(8, 8, 1), channels=8, kernel=(3, 3), stride=(1, 1), padding=(1, 1), lines=1, bias=True)
dense = Dense(65, conv.n_post)
for topology in (conv, local, dense):
    print(f"{topology.kind:5} {topology.n_pre} -> {topology.n_post} neurons, weights {topology.weight_shape}")
edges = conv.edges()
print("edges of the convolution:", len(edges.pre), "which share", len(np.unique(edges.w)), "weights")

# %% [markdown]
# ## A network of words
# `8c3s1` is what `lava-opzo train --hidden 8c3s1` takes: 8 channels, kernel 3, stride 1; `l` in the place of `c` is local. All
# constants follow from the samples. `Network.chain(..., wiring=[conv, Dense(...)])` builds one by hand.

# %%
right = {}
for word in ("8c3s1", "8l3s1"):
    network = image_network(train_frames, (8, 8, 1), 10, parse_layers(word))
    result = train(network, train_frames, train_labels, epochs=4)
    right[word] = float(np.mean(evaluate(network, result.state, test_frames) == test_labels))
    print(f"{word}: {network.widths}, {result.state['W1.weights'].size} weights in W1, "
          f"{100 * right[word]:.1f} % of {len(test_labels)} test samples right")

# %% [markdown]
# ## What it sees
# The weights of a convolution are its kernels, (channels, taps). `lava-opzo plot RUN` draws them.

# %%
network = image_network(train_frames, (8, 8, 1), 10, parse_layers("8c3s1"))
kernels = train(network, train_frames, train_labels).state["W1.weights"].reshape(8, 3, 3)
print(kernels[0])

# %% [markdown]
# ## The same bits
# Positions that share a weight all update it, in raster order, and rails act after each: so the engines agree in every bit
# here, too.

# %%
report = verify(network, initial_state(network), train_frames[:1], train_labels[:1], engines=("twin", "oracle"))
print(f"{report.differing} of {report.compared} values differ")

# %% [markdown]
# ## On a board
# A chip's learning synapse belongs to one pair of neurons, so shared weights cannot learn on chip: `lava-opzo preflight`
# refuses them and names their local form, `conv.unrolled()`, or the mode in-the-loop, in which the host updates the weights.
# `Local` learns on chip.

# %%
print("one weight an edge:", conv.unrolled().weight_shape)
