"""The programs printed in docs/neuron_programs.md, taken from the page and run as a whole network, give the twin's bits."""
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lava_opzo.engines.twin.integers.loop import train as twin_train
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.network.state import State, carried
from lava_opzo.silicon.profile import LOIHI_254
from sim_tests.helpers.networks import baselined, by_step, carrying, random_samples, small_network, step_labels

PAGE = Path(__file__).parents[2] / "docs" / "neuron_programs.md"


def programs() -> dict:
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)
    return names


class PageNetwork:
    """Neurons by the page's programs, connections that delay by one step and learn by form A, one weight at a time."""

    def __init__(self, network: Network, state: State):
        self.network, code, learning, schedule = network, programs(), network.learning, network.schedule()
        self.hidden_step, self.readout_step = ((code["hidden_in_every_step"], code["readout_in_every_step"]) if learning.by_step
                                               else (code["hidden_step"], code["readout_step"]))
        self.clock, self.trace = code["clock"], [0] * network.input.n
        shared = {"windows": learning.windows, "turn_every": learning.turn_every, "x_max": learning.eligibility.x_max,
                  "d_bits": learning.credit.d_bits,
                  "decay_period": learning.credit.decay_period, "halve_every": learning.halve_every,
                  "max_halvings": learning.max_halvings, "K": learning.steps, "answer": schedule.answer, "T": schedule.length,
                  "depth": network.depth, "P": network.depth + 3 + learning.eligibility.x_max, "label_from": learning.label_from,
                  "learned": schedule.bits, "decay": learning.eligibility.decay, "carry": learning.carry}
        self.constants = SimpleNamespace(**shared)
        self.weights = [state[connection.weights].astype(object) for connection in network.forward]
        self.feedback = [state[connection.weights].astype(object) for connection in network.feedback]
        self.layers = []
        for i, layer in enumerate(network.hidden, 1):
            constants = {**shared, "layer": i, "x_shift": network.forward[i].x_shift}
            gates = 1 if learning.by_step else schedule.window_steps
            constants["g_limit"] = (2**23 - 1 - 2**(layer.y_shift + learning.halvings)) // gates
            constants |= {name: getattr(layer, name) for name in ("vth", "dv", "bias_mant", "bias_exp", "psi_width", "floor",
                                                                "y_shift")}
            kept = zip(state[f"{layer.name}.z_state"], state[f"{layer.name}.y_residual"], strict=True)
            self.layers.append([(SimpleNamespace(v=0, count=0, psi=0, g=0, y=0, z_state=int(z), y_residual=int(r), n_trained=0),
                                 SimpleNamespace(**constants, index=k)) for k, (z, r) in enumerate(kept)])
        readout = SimpleNamespace(**shared, layer=network.depth + 1, error_shift=network.readout.error_shift,
                                  y_shift=network.readout.y_shift, d_shift=network.readout.d_shift, dv=network.readout.dv,
                                  baseline=learning.credit.baseline == "label", baseline_shift=learning.credit.baseline_shift)
        self.readout = [(SimpleNamespace(o_plus=0, o_minus=0, error=0, y=0, d_hat=0, y_residual=0, d_residual=0, n_trained=0,
                                         baseline=[0, 0]), readout) for _ in range(network.readout.n)]
        self.forward_input = [[0] * n for n in network.widths[1:]]
        self.third_input = [[0] * n for n in network.widths[1:-1]]
        self.collisions = 0

    def sample(self, frames, label):
        schedule = self.network.schedule()
        for tau in range(schedule.length):
            self.step(tau, frames, label, schedule)

    def step(self, tau, frames, label, schedule):
        sent = [self.input(tau, frames, schedule)]
        y = []
        for neurons, inputs, thirds in zip(self.layers, self.forward_input, self.third_input, strict=False):
            layer = neurons[0][1].layer
            forward, heard = self.uses(tau, layer, schedule)
            self.collisions += any(thirds) and forward
            self.collisions += any(inputs) and heard
            out = [self.hidden_step(n, c, tau, a, third)
                   for (n, c), a, third in zip(neurons, inputs, thirds, strict=True)]
            sent.append([o[0] for o in out])
            y.append([o[1:] for o in out])
        taught = label if np.ndim(label) == 0 else label[max(0, self.clock(self.constants, tau, 0)[1])]
        out = [self.readout_step(n, c, tau, a, -1 if taught < 0 else int(q == taught))
               for q, ((n, c), a) in enumerate(zip(self.readout, self.forward_input[-1], strict=True))]
        error = [o[0] for o in out]
        y.append([(o[1], o[2], 0) for o in out])
        self.forward_input = [list(w @ np.array(s, object)) for w, s in zip(self.weights, sent, strict=True)]
        self.third_input = [list(m @ np.array(error, object)) for m in self.feedback]
        rails = self.network.profile.weight_min, self.network.profile.weight_max
        for weights, s, traces in zip(self.weights, sent, y, strict=True):
            learn(weights, s, [(y1, y2, 0) for y1, y2, _ in traces], *rails)
        for feedback, traces in zip(self.feedback, y, strict=False):
            learn(feedback, error, traces, *rails)

    def uses(self, tau, layer, schedule):
        """Whether a hidden layer takes what arrives through W now, and whether it takes what arrives through M."""
        if self.network.learning.by_step:
            forward, _, place = self.clock(self.constants, tau, layer)
            return forward >= 0, place - self.network.depth in (2, 3)
        return 0 <= tau - layer < schedule.window_steps, tau - schedule.answer in (1, 2)

    def input_in_every_step(self, tau, frames):
        network, c = self.network, self.constants
        k, _, place = self.clock(c, tau, 0)
        if k >= 0:
            payload = [int(p) for p in frames[k if len(frames) > 1 else 0]]
            kept = self.trace if k or c.carry else [0] * network.input.n
            self.trace = [((one * (4096 - c.decay)) >> 12) + (p << 6) for one, p in zip(kept, payload, strict=True)]
            return payload
        rank, shift = place - c.depth - 2, network.forward[0].x_shift
        return [int(1 <= rank <= min((one + ((1 << shift) >> 1)) >> shift, c.x_max)) for one in self.trace]

    def input(self, tau, frames, schedule):
        network, x_max = self.network, self.network.learning.eligibility.x_max
        if network.learning.by_step:
            return self.input_in_every_step(tau, frames)
        if tau < schedule.window_steps:
            return [int(p) for p in frames[tau % network.learning.steps if len(frames) > 1 else 0]]
        rank = tau - schedule.answer - 1
        if not 1 <= rank <= x_max:
            return [0] * network.input.n
        counts = frames.astype(int).sum(axis=0) * (schedule.window_steps // len(frames))
        shift = network.forward[0].x_shift
        return [int(min((c + ((1 << shift) >> 1)) >> shift, x_max) >= rank) for c in counts]


def learn(weights, spikes, traces, w_min, w_max):
    """dw = 2*x0*y1 - 2*x0*y2 - 2*sgn(w)*[y3 == 32], stopped at the rails after every product; the rule of W has no y3."""
    for i, (y1, y2, y3) in enumerate(traces):
        if not (y1 or y2 or y3):
            continue
        for j, spike in enumerate(spikes):
            w = weights[i, j]
            if spike:
                w = min(max(w + 2 * y1, w_min), w_max)
                w = min(max(w - 2 * y2, w_min), w_max)
            if y3:
                assert y3 == 32
                w -= 2 * ((w > 0) - (w < 0))
            weights[i, j] = w


@pytest.mark.parametrize(
    "options",
    [{}, {"hidden": (6,), "windows": 1}, {"hidden": (9, 12, 10), "d_bits": 3, "x_max": 1}, {"halve_every": 4, "max_halvings": 2},
     {"credit": "dfa"}, {"hidden": (7, 6, 8, 7, 6)}, {"profile": LOIHI_254}, {"v_floor": 1, "vth": 200},
     {"windows": 1, "baseline": "label"}, {"windows": 1, "turn_every": 2}, {"windows": 1, "label_from": 0},
     {"windows": 1, "label_from": 3, "hidden": (7, 6, 8), "halve_every": 4, "max_halvings": 2, "x_max": 3},
     {"windows": 1, "label_from": 1, "carry": True, "decay_period": 2},
     {"n_out": 26, "steps": 20, "credit": "dfa", "m_sigma": 120.0, "halve_every": 9, "max_halvings": 13}],
    ids=["default", "one window", "three layers", "halvings", "fixed feedback", "five layers", "rail 254", "floor",
         "one window and a baseline", "noise that turns", "in every step", "in every step, labels late",
         "a stream, labels now and then", "third factors clipped"],
)
def test_the_printed_programs_give_the_twins_bits_and_their_inputs_never_meet(options):
    options = {"hidden": (8, 7), "baseline": "none", "label_from": None, "carry": False, **options}
    kind, label_from, carry = options.pop("baseline"), options.pop("label_from"), options.pop("carry")
    network = small_network(**options)
    network = network if label_from is None else (carrying if carry else by_step)(network, label_from)
    network = network if kind == "none" else baselined(network, kind)
    state = initial_state(network)
    frames, labels = random_samples(network, 12)
    labels = step_labels(network, 12) if carry else labels
    page = PageNetwork(network, state)
    for sample, label in zip(frames, labels, strict=True):
        page.sample(sample, label)
    twin_train(network, state, frames, labels)
    learned = dict(zip((c.weights for c in network.connections), [*page.weights, *page.feedback], strict=True))
    assert {name: weights.astype(int).tolist() for name, weights in learned.items()} == {
        name: state[name].tolist() for name in learned}
    for layer, neurons in zip(network.hidden, page.layers, strict=True):
        assert [n.z_state for n, _ in neurons] == state[f"{layer.name}.z_state"].tolist()
    for layer, neurons in zip(network.plastic, [*page.layers, page.readout], strict=True):
        assert [n.y_residual for n, _ in neurons] == state[f"{layer.name}.y_residual"].tolist()
    assert [n.d_residual for n, _ in page.readout] == state["readout.d_residual"].tolist()
    if kind != "none":
        assert [n.baseline for n, _ in page.readout] == state["readout.baseline"].tolist()
    if carry:
        held = [(f"{layer.name}.{name}", [getattr(n, name) for n, _ in neurons]) for layer, neurons
                in zip(network.hidden, page.layers, strict=True) for name in ("v", "count")]
        held += [(f"readout.{name}", [getattr(n, name) for n, _ in page.readout]) for name in ("o_plus", "o_minus")]
        assert {name: state[name].tolist() for name in carried(network)} == {"input.count": page.trace, **dict(held)}
    assert page.collisions == 0
    assert any(m.any() for m in page.feedback)
