"""What the acceptance checks ask of a bench: one experiment or a few, and the answer as text."""
import numpy as np

from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.board.acceptance.bench import Bench, LifExperiment, NotComputed, SynapseExperiment
from lava_opzo.learning.rules import FORWARD, dw
from lava_opzo.silicon.profile import STATE_SHIFT

FORM_A = dw(FORWARD)

FAN_IN = 660
"""Synapses of a neuron that is to receive more than any single one brings."""


def lif_states(bench: Bench) -> str:
    """Four neurons over 64 steps: without and with bias of both signs, one of them leaky by 410 of 4096."""
    spikes = np.random.default_rng(0).integers(0, 2, (64, 4))
    differing = 0
    for dv in (0, 410):
        experiment = LifExperiment(du=4095, dv=dv, vth=900, bias_mant=(0, 50, -50, 0), bias_exp=7,
                                   weights=(100, 250, -250, 254), spikes=spikes)
        differing += _differing_states(experiment, *bench.lif(experiment))
    return "all u and v equal" if not differing else f"{differing} of {2 * 2 * spikes.size} values of u and v differ"


def _differing_states(experiment: LifExperiment, u: np.ndarray, v: np.ndarray) -> int:
    """Against docs/arithmetic.md section 3, one step of delay in the Dense."""
    weights, bias = np.array(experiment.weights), np.array(experiment.bias_mant) << experiment.bias_exp
    state, differing = np.zeros(len(weights), np.int64), 0
    for row in range(len(u)):
        a = weights * experiment.spikes[row - 1] if row else 0 * weights
        _, state = membrane.fire(membrane.integrate(state, a, experiment.dv, bias), experiment.vth, 0)
        differing += np.count_nonzero(u[row] != membrane.current(a)) + np.count_nonzero(v[row] != state)
    return int(differing)


def _weight(bench: Bench, **experiment) -> int:
    return bench.synapse(SynapseExperiment(**experiment))[0]


def positive_update(bench: Bench) -> str:
    """A spike that meets y1 = 3."""
    return str(_weight(bench, dw=FORM_A, weight=10, payloads=(1, 0, 0), y1=(3, 3, 0)))


def negative_update(bench: Bench) -> str:
    """A spike that meets y2 = 3."""
    return str(_weight(bench, dw=FORM_A, weight=10, payloads=(1, 0, 0), y1=(0, 0, 0), y2=(3, 3, 0)))


def two_trace_scale(bench: Bench) -> str:
    """The change that a product of two traces makes."""
    return str(_weight(bench, dw="2^1*u0*x1*y1", weight=10, payloads=(1, 0, 0), y1=(0, 1, 0), x1_impulse=8) - 10)


def rounding(bench: Bench) -> str:
    """Two products whose shift drops bits, one of them negative."""
    large = _weight(bench, dw="2^1*u0*x1*y1", weight=0, payloads=(1, 0, 0), y1=(0, 1, 0), x1_impulse=127)
    small = _weight(bench, dw="-2^1*u0*x1*y1", weight=0, payloads=(1, 0, 0), y1=(0, 1, 0), x1_impulse=7)
    return f"{large}, {small}"


def saturation(bench: Bench) -> str:
    """Additions beyond both rails, and one away from the upper rail."""
    upper = _weight(bench, dw=FORM_A, weight=254, payloads=(1, 0), y1=(1, 0))
    after = _weight(bench, dw=FORM_A, weight=254, payloads=(1, 1), y1=(1, 0), y2=(0, 1))
    lower = _weight(bench, dw=FORM_A, weight=-254, payloads=(1, 0), y1=(0, 0), y2=(3, 0))
    return f"{upper}, back to {after}; {lower}"


def graded_trace(bench: Bench) -> str:
    """The trace x1 after odd payloads that overwrite it."""
    answers = [bench.synapse(SynapseExperiment(dw=FORM_A, weight=0, payloads=(payload,), y1=(0,), graded=True))[1]
               for payload in (1, 3, 5)]
    return ", ".join(map(str, answers))


def repeatability(bench: Bench) -> str:
    """A rule that rounds at random, twice with one seed; form A with two seeds."""
    rng = np.random.default_rng(0)
    payloads, y1 = tuple(rng.integers(0, 2, 40).tolist()), tuple(rng.integers(0, 128, 40).tolist())
    rounding_rule = SynapseExperiment(dw="2^-4*u0*x1*y1", weight=-200, payloads=payloads, y1=y1, x1_impulse=16, x1_tau=10)
    word, with_rounding = {True: "identical", False: "different"}, ""
    try:
        rounded = [bench.synapse(rounding_rule) for _ in range(2)]
        with_rounding = f"{word[rounded[0] == rounded[1]]} with rounding; "
    except NotComputed:
        pass
    exact = {_weight(bench, dw=FORM_A, weight=-200, payloads=payloads[:6], y1=(5, 1, 9, 0, 3, 7), seed=seed) for seed in (1, 99)}
    return f"{with_rounding}{word[len(exact) == 1]} in form A"


def trace_width(bench: Bench) -> str:
    """Values of y1 that a 7-bit unsigned trace does not hold."""
    wide = _weight(bench, dw="2^0*x0*y1", weight=0, payloads=(1, 0), y1=(200, 0))
    negative = _weight(bench, dw="2^1*x0*y1", weight=0, payloads=(1, 0), y1=(-1, 0))
    return f"{wide}, {negative}"


def input_width(bench: Bench) -> str:
    """Synaptic inputs of 16, 17, 18 and 18 bits, as u shows them, and u of one that is wider than u."""
    experiment = LifExperiment(du=4095, dv=0, vth=131071, bias_mant=(0,) * 5, bias_exp=0, weights=(48, 50, 100, 198, 254),
                               spikes=np.eye(3, 1, dtype=int) * np.ones(5, int), fan_in=FAN_IN)
    *narrow, wide = np.asarray(bench.lif(experiment)[0])[1]
    return f"{', '.join(str(int(u) >> STATE_SHIFT) for u in narrow)}; u {int(wide)}"


def state_width(bench: Bench) -> str:
    """A membrane that 16 steps of bias bring near the lower end of 24 bits, and 24 steps beyond it."""
    experiment = LifExperiment(du=4095, dv=0, vth=131071, bias_mant=(-4095,), bias_exp=7, weights=(0,),
                               spikes=np.zeros((24, 1), int))
    v = np.asarray(bench.lif(experiment)[1])[:, 0]
    return f"{int(v[15])}; {int(v[23])}"
