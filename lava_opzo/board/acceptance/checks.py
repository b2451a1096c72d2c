"""The nine checks: what each asks of silicon, what must or may be answered, and what to change if the board answers otherwise."""
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lava_opzo.arithmetic.fixed import membrane
from lava_opzo.board.acceptance.bench import Bench, LifExperiment, SynapseExperiment
from lava_opzo.learning.rules import FORWARD, dw

FORM_A = dw(FORWARD)


@dataclass(frozen=True)
class Check:
    """One experiment.

    expected: the answer that this project computes with. needed: whether its results depend on it. otherwise: what to change
    when the answer differs. run(bench): the answer as text.
    """

    letter: str
    title: str
    asks: str
    expected: str
    needed: bool
    otherwise: str
    run: Callable[[Bench], str]


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
    rounded = [bench.synapse(rounding_rule) for _ in range(2)]
    exact = {_weight(bench, dw=FORM_A, weight=-200, payloads=payloads[:6], y1=(5, 1, 9, 0, 3, 7), seed=seed) for seed in (1, 99)}
    word = {True: "identical", False: "different"}
    return f"{word[rounded[0] == rounded[1]]} with rounding; {word[len(exact) == 1]} in form A"


def trace_width(bench: Bench) -> str:
    """Values of y1 that a 7-bit unsigned trace does not hold."""
    wide = _weight(bench, dw="2^0*x0*y1", weight=0, payloads=(1, 0), y1=(200, 0))
    negative = _weight(bench, dw="2^1*x0*y1", weight=0, payloads=(1, 0), y1=(-1, 0))
    return f"{wide}, {negative}"


CHECKS = (
    Check(
        "a",
        "LIF states",
        "u and v of stock LIF over 64 steps equal docs/arithmetic.md section 3",
        "all u and v equal",
        True,
        "let INRC's LIF be calibrated: compare which of leak, bias scale and threshold differs first; in-the-loop runs report it "
        "as spikes that do not follow from the currents, so do not trust any accuracy until this passes",
        lif_states,
    ),
    Check(
        "b",
        "positive update",
        "weight 10, one spike with y1 = 3 under form A: 10 + 2*3",
        "16",
        True,
        "scale y by the ratio: change SCALE_EXPONENT in lava_opzo/learning/rules.py and record new golden vectors",
        positive_update,
    ),
    Check(
        "c",
        "negative update",
        "the same with y2 = 3: 10 - 2*3",
        "4",
        True,
        "if 10: negative products are dropped, so use two rules of opposite sign on two synapses; if 16: y2 is read as y1",
        negative_update,
    ),
    Check(
        "d",
        "two-trace scale",
        "x1 = 8, y1 = 1, 2^1*x1*y1: +2 with a shift by 3, +4 with a shift by 2",
        "2",
        False,
        "nothing here uses two traces; whoever adds such a rule must halve its scale for a board that answers 4",
        two_trace_scale,
    ),
    Check(
        "e",
        "rounding of products",
        "127*1 and -(7*1), each shifted right by 3, times 2: floor gives 30, -2; truncation 30, 0; ceil 32, -2",
        "30, -2",
        False,
        "nothing here rounds a product but the decay of M, whose product is a multiple of the shift",
        rounding,
    ),
    Check(
        "f",
        "rails",
        "254 + 2, that - 2, and -254 - 6: stock Lava stops at 255 (and then stays odd) and -256; Loihi 1 at 254",
        "255, back to 253; -256",
        False,
        "runs without rail touches are not affected; those with touches cannot be replayed: lower the scales (runs count them)",
        saturation,
    ),
    Check(
        "g",
        "graded traces",
        "x1 after payloads 1, 3, 5 with OVERWRITE: half to even gives 0, 2, 2; payload >> 1 gives 0, 1, 2",
        "0, 2, 2",
        False,
        "nothing here uses graded traces; with them send even payloads only",
        graded_trace,
    ),
    Check(
        "h",
        "repeatability",
        "two runs give the same weight, with rounding and in form A",
        "identical with rounding; identical in form A",
        True,
        "form A must be identical: else something rounds, see b and c; with rounding a board needs a fixed seed",
        repeatability,
    ),
    Check(
        "i",
        "width of y",
        "y1 = 200 (2^0) and y1 = -1 (2^1) written by a neuron: clipped to 127 and taken as signed, or cut to 7 bits",
        "127, -2",
        False,
        "the neuron programs write 0..127 only; a board that answers otherwise shows a fault in a program at once",
        trace_width,
    ),
)


def results(bench: Bench) -> list[tuple[Check, str]]:
    """Every check with the bench's answer, in order."""
    return [(check, check.run(bench)) for check in CHECKS]
