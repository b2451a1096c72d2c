"""hypothesis strategies for what a user can write: experiments, sweeps, and the states and counts that runs leave."""
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.learning.credit import Backprop, FixedFeedback, Opzo, SinglePoint
from lava_opzo.learning.learning import GATES, Counts, Learning
from lava_opzo.network.network import Network
from lava_opzo.network.populations import MOST_STAGGER, Hidden, Readout
from lava_opzo.network.state import State, shapes
from lava_opzo.runs.counted import Change, Counted
from lava_opzo.silicon.profile import LOIHI_254, STOCK_LAVA, Profile
from lava_opzo.sweep.grid import Grid, Sweep, members

SHIFTS = st.integers(0, 22)
SEEDS = st.integers(0, (1 << 63) - 1)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=20)
NAMES = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=12)
SIGMAS = st.floats(0, 127)
PROFILES = st.one_of(st.sampled_from([STOCK_LAVA, LOIHI_254]),
                     st.builds(Profile, NAMES, st.integers(-128, -1).map(lambda half: 2 * half), st.integers(2, 255)))
CREDITS = st.one_of(
    st.builds(Opzo, st.integers(1, 7), st.one_of(st.just(0), st.integers(0, 20).map(lambda bits: 1 << bits))),
    st.builds(FixedFeedback, st.floats(0.001, 127)), st.just(Backprop()), st.just(SinglePoint()))
LEARNINGS = st.builds(Learning, st.integers(1, 40), st.integers(1, 2), CREDITS, st.builds(Counts, st.integers(1, 7)),
                      st.sampled_from(GATES), st.integers(0, 1 << 30), st.integers(0, 16))
HIDDENS = st.builds(Hidden, st.integers(1, 5), st.integers(1, 131071), st.integers(0, 4095), st.integers(0, 7),
                    st.integers(1, 131071), SHIFTS, st.integers(0, 4095), frozen=st.booleans())
DATAS = st.builds(Data, NAMES, TEXTS, SEEDS, st.dictionaries(NAMES, st.integers(-(1 << 31) + 1, (1 << 31) - 1), max_size=3))


@st.composite
def networks(draw) -> Network:
    """Any network of a few neurons that can run."""
    hidden = draw(st.lists(HIDDENS, min_size=1, max_size=3))
    readout = draw(st.builds(Readout, st.integers(2, 4), SHIFTS, SHIFTS, SHIFTS))
    layers = len(hidden) + 1
    fields = (draw(st.lists(SIGMAS, min_size=layers, max_size=layers)), draw(st.lists(SHIFTS, min_size=layers, max_size=layers)))
    stagger = draw(st.integers(0, MOST_STAGGER))
    try:
        return Network.chain(draw(st.integers(1, 5)), hidden, readout, *fields, draw(LEARNINGS), draw(PROFILES), draw(SEEDS),
                             spread=stagger > 0, stagger=stagger)
    except UserError:  # sums that could leave their widths
        return Network.chain(3, hidden, readout, *fields, Learning(1, 1, Backprop()))


@st.composite
def experiments(draw) -> Experiment:
    """Any experiment of a few neurons."""
    training = draw(st.builds(Training, st.integers(1, 100_000), SEEDS))
    data, network = draw(DATAS), draw(networks())
    try:
        return Experiment(data, network, training, draw(st.sampled_from(["fixed", "real"])))
    except UserError:  # shifts that leave no room beside a residual
        return Experiment(data, network, training, "real")


@st.composite
def runs(draw) -> tuple[Experiment, State, Counted]:
    """An experiment with a state and counts that its run can have left."""
    experiment, n_trained = draw(experiments()), draw(st.integers(0, 1 << 40))
    network, rng = experiment.network, np.random.default_rng(draw(st.integers(0, 1 << 32)))
    profile = network.profile
    real = experiment.number == "real" and n_trained > 0

    def array(name: str, shape: tuple[int, ...]) -> np.ndarray:
        if name.endswith("z_state"):
            return rng.integers(1, 1 << 24, shape, dtype=np.int32)
        if name.endswith("weights"):
            odd = n_trained > 0 and profile.makes_odd
            found = rng.integers(profile.weight_min, profile.weight_max + 1, shape, dtype=np.int32) & (-1 if odd else -2)
        else:
            found = np.zeros(shape, np.int32)
        return found + rng.standard_normal(shape) if real else found

    state = State({name: array(name, shape) for name, shape in shapes(network).items()}, n_trained)
    counts = st.integers(0, 1 << 40)
    touches = draw(st.one_of(st.none(), st.fixed_dictionaries({connection.name: counts for connection in network.connections})))
    change = st.builds(Change, st.integers(0, n_trained), NAMES, SEEDS, st.one_of(SEEDS, TEXTS, SIGMAS))
    return experiment, state, Counted(draw(st.integers(0, n_trained)), touches, draw(st.sampled_from([None, {}])), {},
                                      tuple(draw(st.lists(change, max_size=2))))


@st.composite
def sweeps(draw) -> Sweep:
    """Any sweep of up to a few dozen members over an experiment of a few neurons."""
    base = draw(experiments())
    values = {"training.epochs": st.integers(1, 100_000), "training.order_seed": SEEDS, "network.readout.y_shift": SHIFTS,
              "network.hidden.*.y_shift": SHIFTS, "network.hidden.1.psi_width": st.integers(1, 131071), "data.seed": SEEDS,
              "network.learning.halve_every": st.integers(0, 1 << 30), "data.options.n_test": st.integers(0, 1 << 30)}
    names = draw(st.lists(st.sampled_from(sorted(values)), max_size=3, unique=True))
    parameters = {name: tuple(draw(st.lists(values[name], min_size=1, max_size=3, unique=True))) for name in names}
    seeds = tuple(draw(st.lists(SEEDS, max_size=3, unique=True)))
    grid = Grid(seeds, parameters)
    try:
        return Sweep(base, grid, tuple(members(base, grid)))
    except UserError:  # as in `experiments`
        base = replace(base, number="real")
        return Sweep(base, grid, tuple(members(base, grid)))
