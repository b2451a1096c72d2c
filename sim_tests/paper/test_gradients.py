"""Weights change by the gradient of on-line training through time: against autograd over a network written another way."""
import pytest
import torch
from torch.nn import functional

from lava_opzo.paper.connection import standardised
from lava_opzo.paper.layers import parsed
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.setup import Setup

DENSE = {"hidden": "7,6"}
IMAGE = {"hidden": "4c3,p2,4c3r,p3,5c3s2,g", "standardise": True, "scale": 5.0, "bias": True}


class Spike(torch.autograd.Function):
    """A step with the derivative of a sigmoid of slope 4."""

    @staticmethod
    def forward(context, u):
        context.save_for_backward(u)
        return (u > 1).to(u.dtype)

    @staticmethod
    def backward(context, *gradient):
        p = torch.sigmoid(4 * (context.saved_tensors[0] - 1))
        return gradient[0] * 4 * p * (1 - p)


def linear(layer, pre, sent, parameters, scale):
    """Currents of `sent`; their derivative by the weights takes `pre` in its place."""
    weights = parameters["weights"]
    used = standardised(weights, parameters["gain"]) if "gain" in parameters else weights
    bias = parameters.get("bias")

    def through(x, w, b):
        x = scale * pooled(layer, x)
        if not layer.kernel:
            return functional.linear(x.flatten(1), w, b)
        return functional.conv2d(x, w, b, layer.stride, layer.kernel // 2)

    taught = through(pre.detach(), used, bias)
    return through(sent, used.detach(), None if bias is None else bias.detach()) + taught - taught.detach()


def pooled(layer, x):
    if layer.pool == 1:
        return x
    return functional.avg_pool2d(x, layer.pool) if layer.pool else x.mean((2, 3))


def reference(network, frames, labels):
    """The gradient of every parameter by autograd, membranes and traces cut between steps."""
    setup, names = network.setup, [f"layer{n}" for n in range(1, len(network.shapes) + 1)]
    parameters = {name: {key: one.clone().requires_grad_() for key, one in connection.parameters.items()}
                  for name, connection in network.all.items()}
    v, r = ([torch.zeros(len(frames), *shape, dtype=torch.float64) for shape in network.shapes] for _ in range(2))
    loss = torch.zeros((), dtype=torch.float64)
    for t in range(setup.steps):
        sent = pre = frames[:, t]
        for l, name in enumerate(names):
            layer = network.all[name].layer
            u = setup.leak * v[l] + linear(layer, pre, sent, parameters[name], setup.scale if l else 1).view_as(v[l])
            spikes = Spike.apply(u)
            v[l] = (u - spikes).detach()
            sent = spikes + pooled(layer, sent) if layer.residual else spikes
            r[l] = setup.leak * r[l] + sent.detach()
            pre = r[l]
        o = linear(network.readout.layer, pre, sent, parameters["readout"], setup.scale)
        loss = loss + (0.7 * functional.cross_entropy(o, labels)
                       + 0.3 * functional.mse_loss(o, functional.one_hot(labels, 3).double())) / setup.steps
    loss.backward()
    return {f"{name}.{key}": one.grad for name, group in parameters.items() for key, one in group.items()}


@pytest.mark.parametrize("options, shape", [(DENSE, (9,)), (IMAGE, (2, 12, 13))], ids=["dense", "image"])
def test_backpropagation_is_that_of_autograd_over_all_steps(options, shape):
    setup = Setup(credit="bp", steps=3, squares=0.3, rate=1.0, inertia=0.0, precision="double", **options)
    learner = Learner(Network(setup, shape, 3))
    generator = torch.Generator().manual_seed(5)
    frames, labels = 6 * torch.rand((4, 3, *shape), generator=generator, dtype=torch.float64), torch.tensor([0, 2, 1, 2])
    wanted, before = reference(learner.network, frames, labels), {name: one.clone() for name, one in learner.parameters.items()}
    learner.learn(frames, labels, lambda t: None)
    for name, one in learner.parameters.items():
        assert wanted[name].abs().max() > 1e-6, name
        assert torch.allclose(before[name] - one, wanted[name], rtol=1e-9, atol=1e-12), name


def test_spreading_is_the_transpose_of_pooling_where_rows_are_left_over():
    for text, shape in (("2c3,p2,4", (1, 7, 8)), ("2c3,p3,4", (1, 8, 7)), ("2c3,g", (1, 5, 4))):
        network = Network(Setup(hidden=text, precision="double"), shape, 3)
        connection = [*network.connections, network.readout][1]
        x = torch.randn((2, *connection.layer.below), dtype=torch.float64)
        y = torch.randn((2, *connection.layer.arriving), dtype=torch.float64)
        assert torch.allclose((connection.pooled(x) * y).sum(), (x * connection.spread(y)).sum(), rtol=1e-12)


def test_updates_once_a_step_are_other_steps_than_once_a_window():
    frames, labels = torch.ones((2, 1, 9), dtype=torch.float64), torch.tensor([0, 1])
    learned = []
    for updates in ("step", "window"):
        learner = Learner(Network(Setup(hidden="7", credit="bp", steps=3, updates=updates, precision="double"), (9,), 3))
        learner.learn(frames, labels, lambda t: None)
        learned.append(learner)
    moments = [learner.optimiser.state[learner.parameters["readout.weights"]]["momentum_buffer"] for learner in learned]
    assert not torch.equal(*moments)
    assert not torch.equal(*[learner.parameters["readout.weights"] for learner in learned])


def test_the_gate_may_be_left_out():
    layer = parsed("7", (9,), 3)[0]
    assert layer.fan_in == 9
    frames, labels = torch.ones((2, 1, 9), dtype=torch.float64), torch.tensor([0, 1])
    for gate in (True, False):
        setup = Setup(hidden="7", credit="dfa", steps=1, gate=gate, rate=1.0, inertia=0.0, precision="double")
        learner = Learner(Network(setup, (9,), 3))
        m, before = learner.matrices["top"][0], learner.parameters["layer1.weights"].clone()
        step = learner.network.step(learner.network.still(2), frames[:, 0], None)
        learner.learn(frames, labels, lambda t: None)
        error = step.output.softmax(1) - functional.one_hot(labels, 3)
        p = torch.sigmoid(4 * (step.potentials[0] - 1))
        g = error @ m.T * (4 * p * (1 - p) if gate else 1)
        assert torch.allclose(before - learner.parameters["layer1.weights"], g.T @ frames[:, 0] / 2, rtol=1e-9, atol=1e-12)
