# %% [markdown]
# # Towards a board
# Cells as in a notebook (`python tutorials/towards_a_board.py` runs them all; Lava's processes start once). Nobody here has a
# board. What can be decided without one is decided here; what is left for its owner is docs/runbook.md, command by command.

# %%
from dataclasses import replace

import numpy as np
from sklearn.datasets import load_digits

from lava_opzo import evaluate, initial_state, scaled_network, train
from lava_opzo.board.finding import count, refuse
from lava_opzo.board.mapping import mapping_report
from lava_opzo.board.preflight import preflight
from lava_opzo.data import encode, with_bias
from lava_opzo.engines import registry, replayable
from lava_opzo.errors import DoesNotFitError
from lava_opzo.network.form import changed
from lava_opzo.silicon.boards import find

images, labels = load_digits(return_X_y=True)
frames = with_bias(encode(images, 0, 16))
network = scaled_network(frames[:1200], 10, [60])

# %% [markdown]
# ## Does it fit
# The pre-flight holds the network against every limit that is known, each with its source. `unknown` means that the limit is
# not public. With samples the twin measures activity and widths. `lava-opzo preflight --all` prints the same.

# %%
board = find("oheo-gulch")
findings = preflight(network, initial_state(network), board, "on-chip", frames[:100])
print(count(findings))
print(next(str(one) for one in findings if one.level == "unknown"))

# %% [markdown]
# ## Where it lies
# A conservative packing by the rules of Loihi 1, the only public ones.

# %%
mapping = mapping_report(network, board, "on-chip")
for place in mapping.placements:
    print(f"{place.population}: {place.n} neurons on {place.cores} core(s), decided by {place.binding}")

# %% [markdown]
# ## What does not fit says so
# A network that is too wide is refused before anything is started, with every limit that it passes.

# %%
wide = scaled_network(frames[:1200], 10, [4000, 4000])
try:
    refuse(preflight(wide, None, board))
    refused = ""
except DoesNotFitError as error:
    refused = str(error)
print(refused[:160], "...")

# %% [markdown]
# ## Would a chip learn the same bits
# Training keeps the largest size of every variable. Where none left the range in which chips are known to agree, and no unsafe
# rail was touched, a chip of this profile should learn the same bits, as far as public sources go.

# %%
result = train(network, frames[:1200], labels[:1200], epochs=2)
obstacles = replayable.obstacles(network.profile, result.seen.largest, result.seen.rail_touches)
print(replayable.verdict(network.profile.name, obstacles))
print("right on test samples:", np.mean(evaluate(network, result.state, frames[1200:]) == labels[1200:]))

# %% [markdown]
# ## A rehearsal in the loop
# In this mode a board runs only stock neurons and synapses, and the host computes the updates. Here Lava's simulator stands in
# for the board; its bits are those of the twin. (Membranes with a floor do not exist in stock `LIF`, so the floor is left out.)

# %%
plain = changed(network, hidden=tuple(replace(layer, v_floor=0) for layer in network.hidden))
states = []
for name in ("in-the-loop", "twin"):
    with registry.make(name, plain, initial_state(plain)) as engine:
        engine.train(frames[:10], labels[:10])
        states.append(engine.state())
same = all(np.array_equal(array, states[1].arrays[name]) for name, array in states[0].arrays.items())
print("in the loop and twin have the same bits:", same)

# %% [markdown]
# ## Take it along
# `lava-opzo export RUN FILE` writes a run for lava-dl's netx or for NIR. With a board: `lava-opzo acceptance` asks twelve
# questions whose answers this project needs, `lava-opzo verify --target loihi2 --mode in-the-loop` compares bits, `lava-opzo
# deploy --target loihi2` runs it, and `lava-opzo board-report` puts every answer into one file.
