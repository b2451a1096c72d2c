"""The programs printed in docs/neuron_programs.md, taken from the page and run as a whole network, give the twin's bits."""

import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from lava_opzo.network.initial import initial_state
from lava_opzo.engines.twin.integers.loop import train as twin_train
from sim_tests.helpers.networks import random_samples, small_network

PAGE = Path(__file__).parents[1] / "docs" / "neuron_programs.md"


def programs() -> dict:
    names = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL):
        exec(compile(block, str(PAGE), "exec"), names)
    return names


class PageNetwork:
    """Neurons by the page's programs, connections that delay by one step and learn by form A, one weight at a time."""

    def __init__(self, config, state):
        self.config, self.code = config, programs()
        schedule = config.schedule()
        shared = {
            name: getattr(config, name) for name in ("windows", "x_max", "d_bits", "decay_period", "halve_every", "max_halvings")
        }
        shared |= {"K": config.steps, "answer": schedule.answer, "T": schedule.length}
        self.weights = [w.astype(object) for w in state.weights]
        self.feedback = [m.astype(object) for m in state.feedback]
        self.layers = []
        for i, layer in enumerate(config.hidden, 1):
            constants = {**shared, "layer": i, "x_shift": config.layers[i].x_shift}
            constants |= {name: getattr(layer, name) for name in ("vth", "dv", "bias_mant", "bias_exp", "psi_width", "y_shift")}
            self.layers.append(
                [
                    (
                        SimpleNamespace(v=0, count=0, psi=0, g=0, y=0, z_state=int(z), y_residual=int(r), n_trained=0),
                        SimpleNamespace(**constants, index=k),
                    )
                    for k, (z, r) in enumerate(zip(state.z_state[i - 1], state.y_residual[i - 1]))
                ]
            )
        readout = SimpleNamespace(
            **shared,
            layer=config.depth + 1,
            error_shift=config.readout.error_shift,
            y_shift=config.readout.y_shift,
            d_shift=config.readout.d_shift,
        )
        self.readout = [
            (SimpleNamespace(o_plus=0, o_minus=0, error=0, y=0, d_hat=0, y_residual=0, d_residual=0, n_trained=0), readout)
            for _ in range(config.readout.n)
        ]
        self.forward_input = [[0] * n for n in config.widths[1:]]
        self.third_input = [[0] * n for n in config.widths[1:-1]]
        self.collisions = 0

    def sample(self, frames, label):
        schedule = self.config.schedule()
        for tau in range(schedule.length):
            self.step(tau, frames, label, schedule)

    def step(self, tau, frames, label, schedule):
        sent = [self.input(tau, frames, schedule)]
        y = []
        for neurons, inputs, thirds in zip(self.layers, self.forward_input, self.third_input):
            layer = neurons[0][1].layer
            self.collisions += any(thirds) and 0 <= tau - layer < schedule.window_steps
            self.collisions += any(inputs) and tau - schedule.answer in (1, 2)
            out = [self.code["hidden_step"](n, c, tau, a, third) for (n, c), a, third in zip(neurons, inputs, thirds)]
            sent.append([o[0] for o in out])
            y.append([o[1:] for o in out])
        out = [
            self.code["readout_step"](n, c, tau, a, int(q == label))
            for q, ((n, c), a) in enumerate(zip(self.readout, self.forward_input[-1]))
        ]
        error = [o[0] for o in out]
        y.append([(o[1], o[2], 0) for o in out])
        self.forward_input = [list(w @ np.array(s, object)) for w, s in zip(self.weights, sent)]
        self.third_input = [list(m @ np.array(error, object)) for m in self.feedback]
        for weights, s, traces in zip(self.weights, sent, y):
            learn(weights, s, [(y1, y2, 0) for y1, y2, _ in traces])
        for feedback, traces in zip(self.feedback, y):
            learn(feedback, error, traces)

    def input(self, tau, frames, schedule):
        config = self.config
        if tau < schedule.window_steps:
            return [int(p) for p in frames[tau % config.steps if len(frames) > 1 else 0]]
        rank = tau - schedule.answer - 1
        if not 1 <= rank <= config.x_max:
            return [0] * config.n_in
        counts = frames.astype(int).sum(axis=0) * (schedule.window_steps // len(frames))
        shift = config.hidden[0].x_shift
        return [int(min((c + ((1 << shift) >> 1)) >> shift, config.x_max) >= rank) for c in counts]


def learn(weights, spikes, traces):
    """dw = 2*x0*y1 - 2*x0*y2 - 2*sgn(w)*[y3 == 32], stopped at the rails after every product; the rule of W has no y3."""
    for i, (y1, y2, y3) in enumerate(traces):
        if not (y1 or y2 or y3):
            continue
        for j, spike in enumerate(spikes):
            w = weights[i, j]
            if spike:
                w = min(max(w + 2 * y1, -256), 255)
                w = min(max(w - 2 * y2, -256), 255)
            if y3:
                assert y3 == 32
                w -= 2 * ((w > 0) - (w < 0))
            weights[i, j] = w


@pytest.mark.parametrize(
    "options",
    [{}, {"hidden": (6,), "windows": 1}, {"hidden": (9, 12, 10), "d_bits": 3, "x_max": 1}, {"halve_every": 4, "max_halvings": 2}],
    ids=["default", "one window", "three layers", "halvings"],
)
def test_the_printed_programs_give_the_twins_bits_and_their_inputs_never_meet(options):
    config = small_network(**{"hidden": (8, 7), **options})
    state = initial_state(config)
    frames, labels = random_samples(config, 12)
    network = PageNetwork(config, state)
    for sample, label in zip(frames, labels):
        network.sample(sample, int(label))
    twin_train(config, state, frames, labels)
    assert [w.astype(int).tolist() for w in network.weights] == [w.tolist() for w in state.weights]
    assert [m.astype(int).tolist() for m in network.feedback] == [m.tolist() for m in state.feedback]
    assert [[n.z_state for n, _ in layer] for layer in network.layers] == [z.tolist() for z in state.z_state]
    assert [[n.y_residual for n, _ in layer] for layer in [*network.layers, network.readout]] == [
        r.tolist() for r in state.y_residual
    ]
    assert [n.d_residual for n, _ in network.readout] == state.d_residual.tolist()
    assert network.collisions == 0
    assert any(m.any() for m in network.feedback)
