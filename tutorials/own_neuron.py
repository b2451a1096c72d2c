# %% [markdown]
# # Your own neuron or gate in Lava
# Cells as in a notebook (`python tutorials/own_neuron.py` runs them all; Lava's processes start three times, in seconds each).
# The neuron of a hidden layer, `OpzoLIF`, has four parts that may be replaced one by one: `integrate`, `gate`, `fire` and
# `eligibility`.

# %%
import numpy as np
from lava.magma.core.decorator import implements, requires, tag
from lava.magma.core.resources import CPU
from lava.magma.core.sync.protocols.loihi_protocol import LoihiProtocol

from lava_opzo import Hidden, Learning, Network, Readout, initial_state
from lava_opzo.engines import registry
from lava_opzo.engines.lava.engine import FastLavaEngine
from process_models.opzo_lif.models import FixedOpzoLIF
from process_models.opzo_lif.process import OpzoLIF

# %% [markdown]
# ## A task that is learned in seconds
# Four noisy patterns on 24 lines and the bias line.

# %%
rng = np.random.default_rng(0)
labels = rng.integers(4, size=90)
lines = rng.integers(2, size=(4, 24))[labels] ^ (rng.random((90, 24)) < 0.1)
frames = np.concatenate([15 * lines, np.full((90, 1), 15)], axis=1).astype(np.uint8)[:, None]
network = Network.chain(
    n_in=25, hidden=[Hidden(n=30, vth=900, bias_mant=50, bias_exp=7, psi_width=500, y_shift=12)],
    readout=Readout(n=4, error_shift=4, y_shift=5, d_shift=6), sigma=(8.0, 6.0), x_shift=(7, 2), learning=Learning(steps=4))


def learned(neuron, n):
    """What n samples teach the network in Lava with this neuron: its state, and the share of the last 40 answered right."""
    with FastLavaEngine(network, initial_state(network), neuron=neuron) as engine:
        predictions = engine.train(frames[:n], labels[:n])
        return engine.state(), float(np.mean(predictions[-40:] == labels[n - 40:n]))


# %% [markdown]
# ## Nothing replaced: the same bits
# A class derived from `FixedOpzoLIF` that replaces nothing is the specified neuron. The three decorators tell Lava which
# Process it computes, where, and under which tag. It learns the bits that the twin learns, which knows nothing of it.

# %%
@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class Unchanged(FixedOpzoLIF):
    """The neuron of docs/arithmetic.md."""


state, _ = learned(Unchanged, 40)
with registry.make("twin", network, initial_state(network)) as engine:
    engine.train(frames[:40], labels[:40])
    same = all(np.array_equal(array, engine.state().arrays[name]) for name, array in state.arrays.items())
print("the twin has the same bits:", same)

# %% [markdown]
# ## Another gate
# `gate` says what a step adds to psi, the factor by which a neuron's third factor is multiplied: 1 while the membrane before
# its reset is near the threshold. Here a step counts for two where it is very near.

# %%
@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class TriangleGate(FixedOpzoLIF):
    """Half of the gate's width counts twice."""

    def gate(self, v: np.ndarray) -> np.ndarray:
        near = self.numbers.membrane.near_threshold
        return near(v, self.vth, self.psi_width) + near(v, self.vth, self.psi_width >> 1)


triangle, triangle_right = learned(TriangleGate, 90)
print(f"triangle gate: {100 * triangle_right:.0f} % of the last 40 right before they were learned")

# %% [markdown]
# ## Another neuron
# `integrate` makes the membrane before its reset from the membrane before, the input and the noise. Here the membrane also
# loses a sixteenth of what it has, towards zero, on top of what `dv` takes. All are int32 arrays of the population's size, in
# membrane units: 64 to one weight unit.

# %%
@implements(proc=OpzoLIF, protocol=LoihiProtocol)
@requires(CPU)
@tag("fixed_pt")
class Leaky(FixedOpzoLIF):
    """Loses a sixteenth in every step."""

    def integrate(self, v: np.ndarray, a: np.ndarray, bias: np.ndarray) -> np.ndarray:
        return super().integrate(np.sign(v) * (abs(v) - (abs(v) >> 4)), a, bias)


leaky, leaky_right = learned(Leaky, 90)
print(f"leaky: {100 * leaky_right:.0f} % of the last 40 right before they were learned")
with registry.make("twin", network, initial_state(network)) as engine:
    engine.train(frames, labels)
    differ = [not np.array_equal(one["W1.weights"], engine.state()["W1.weights"]) for one in (triangle, leaky)]
print("weights differ from those of the specified neuron:", differ)

# %% [markdown]
# ## What that means
# Only the engines that run Lava's process models compute your neuron. Twin, oracle and the engine in the loop have the
# specified one, so `lava-opzo verify`, golden vectors and a checkpoint resumed in the twin say nothing about yours. A gate that
# all engines shall have is in CONTRIBUTING.md, and a neuron program for a board in docs/neuron_programs.md.
# `examples/own_neuron.py` does the same on digits, and `examples/own_graph.py` has a Lava graph of one's own.
