"""M learned from noise is the Jacobian of the smoothed network, by a statistical test with a bound; one point against two."""
import pytest
import torch

from lava_opzo.paper import feedback
from lava_opzo.paper.layers import parsed
from lava_opzo.paper.network import Network
from lava_opzo.paper.noise import draw
from lava_opzo.paper.setup import Noise, Setup

SAMPLES, ALPHA = 200_000, 0.4
SIGMAS = 5.0
"""Standard errors by which one of some fifty entries may be off: by chance once in 30,000 runs, and the seed is fixed."""


def network(place, kind="gaussian"):
    made = Network(Setup(hidden="5,4", steps=1, seed=4, noise=Noise(kind, ALPHA, place), precision="double"), (6,), 3)
    for connection in made.all.values():
        connection.parameters["weights"] *= 1.5
    return made


def spoken(net, z, x):
    """The outputs of a still network for one input and many draws of noise, or without noise."""
    n = len(z[0]) if z else 1
    return net.step(net.still(n), x.expand(n, -1), z).output


def noise(net, kind="gaussian"):
    generator = torch.Generator().manual_seed(3)
    return [draw(kind, (SAMPLES, *shape), generator, torch.float64) for shape in net.shapes]


def smooth_output(net, place, first, second):
    """The mean output of the network over all noise but that of the layer asked for, as a function that autograd can follow.

    first, second: what is added to the activity (place `after`) or to the potential of both hidden layers. Layer 1 sees a fixed
    input; what its own noise does to layer 2 is the normal distribution function where the noise stands after the neuron.
    """
    normal = torch.distributions.Normal(0.0, 1.0)
    w1, w2, w3 = (net.all[name].parameters["weights"] for name in ("layer1", "layer2", "readout"))
    x = torch.linspace(0, 3, 6, dtype=torch.float64)
    u1 = w1 @ x
    if place == "after":
        s1 = (u1 > 1).double() + first
        return w3 @ (normal.cdf((w2 @ s1 - 1) / (ALPHA * w2.norm(dim=1))) + second)
    patterns = torch.cartesian_prod(*[torch.tensor([0.0, 1.0])] * 5).double()
    fires = normal.cdf((u1 + first - 1) / ALPHA)
    chance = (patterns * fires + (1 - patterns) * (1 - fires)).prod(1)
    return w3 @ (chance[:, None] * normal.cdf((patterns @ w2.T + second - 1) / ALPHA)).sum(0)


@pytest.mark.parametrize("place", ["after", "before"])
def test_expected_m_is_the_jacobian_of_the_smoothed_network(place):
    net, x = network(place), torch.linspace(0, 3, 6, dtype=torch.float64)
    z = noise(net)
    o = spoken(net, z, x)
    zeros = torch.zeros(5, dtype=torch.float64), torch.zeros(4, dtype=torch.float64)
    wanted = torch.autograd.functional.jacobian(lambda a, b: smooth_output(net, place, a, b), zeros)
    for number, jacobian in enumerate(wanted):
        estimate = feedback.estimate(z[number], o) / ALPHA
        error = (z[number][:, :, None] * o[:, None] / ALPHA).std(0) / SAMPLES**0.5
        assert ((estimate - jacobian.T).abs() < SIGMAS * error).all()
        assert (jacobian.abs() > SIGMAS * error.T).any(), "so little noise that any matrix would pass"


@pytest.mark.parametrize("kind", ["gaussian", "sphere", "signs"])
def test_every_kind_of_noise_finds_the_weights_of_a_readout(kind):
    net = network("after", kind)
    z = noise(net, kind)
    o = spoken(net, z, torch.linspace(0, 3, 6, dtype=torch.float64))
    error = (z[1][:, :, None] * o[:, None] / ALPHA).std(0) / SAMPLES**0.5
    assert ((feedback.estimate(z[1], o) / ALPHA - net.readout.parameters["weights"].T).abs() < SIGMAS * error).all()


def test_two_points_are_one_point_without_what_the_quiet_network_says_and_vary_less():
    net, x = network("after"), torch.linspace(0, 3, 6, dtype=torch.float64)
    z = noise(net)
    noisy, quiet = spoken(net, z, x), spoken(net, None, x)
    one, two = feedback.estimate(z[1], noisy), feedback.estimate(z[1], noisy - quiet)
    assert torch.allclose(one - two, z[1].mean(0)[:, None] * quiet, rtol=0, atol=1e-12)
    assert quiet.abs().max() > 0.1
    products = z[1][:, :, None] * noisy[:, None], z[1][:, :, None] * (noisy - quiet)[:, None]
    assert products[1].var(0).sum() < products[0].var(0).sum()


def test_m_is_a_running_mean_and_sends_one_row_a_neuron():
    m = torch.tensor([[1.0, -2.0], [0.5, 4.0], [0.0, 0.0]])
    z, o = torch.tensor([[1.0, -1.0, 2.0], [3.0, 1.0, 0.0]]), torch.tensor([[2.0, 4.0], [-2.0, 0.0]])
    feedback.learn(m, z, o, 0.75, 0.5)
    mean = torch.tensor([[-2.0, 2.0], [-2.0, -2.0], [2.0, 4.0]])
    assert torch.equal(m, torch.tensor([[0.75, -1.5], [0.375, 3.0], [0.0, 0.0]]) + 0.5 * mean)
    g = feedback.credit(m, torch.tensor([[1.0, 0.0], [0.0, 2.0]]), torch.Size((2, 3)))
    assert torch.equal(g, torch.stack([m[:, 0], 2 * m[:, 1]]))


def test_a_convolution_has_a_row_of_m_for_every_neuron():
    layers = parsed("4c3s2", (2, 6, 6), 3)
    assert feedback.estimate(torch.ones(5, *layers[0].shape), torch.ones(5, 3)).shape == (4 * 3 * 3, 3)
