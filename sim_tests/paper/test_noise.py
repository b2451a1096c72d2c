"""Noise: its three kinds have variance 1 a neuron, and its sign and age follow the setup."""
import pytest
import torch

from lava_opzo.paper.network import Network
from lava_opzo.paper.noise import Source, draw
from lava_opzo.paper.setup import Noise, Setup


@pytest.mark.parametrize("kind", ["gaussian", "sphere", "signs"])
def test_every_kind_has_variance_one_a_neuron(kind):
    z = draw(kind, (4000, 3, 2, 2), torch.Generator().manual_seed(1), torch.float64)
    assert (z.mean(0).abs() < 5 / 4000**0.5).all() and ((z.square().mean(0) - 1).abs() < 5 * 2**0.5 / 4000**0.5).all()


def test_a_sphere_has_one_length_and_signs_have_one_size():
    sphere, signs = (draw(kind, (50, 9), torch.Generator().manual_seed(1), torch.float64) for kind in ("sphere", "signs"))
    assert torch.allclose(sphere.norm(dim=1), torch.full((50,), 3.0, dtype=torch.float64), rtol=1e-12)
    assert torch.equal(signs.abs(), torch.ones_like(signs)) and signs.std() > 0.9


@pytest.mark.parametrize("redraw, opposite, wanted", [
    ("step", False, ["a", "b", "c", "d"]), ("step", True, ["a", "-a", "b", "-b"]),
    ("sample", False, ["a", "a", "a", "a"]), ("sample", True, ["a", "-a", "a", "-a"])])
def test_noise_is_drawn_anew_and_turned_as_the_setup_says(redraw, opposite, wanted):
    network = Network(Setup(hidden="5,4", noise=Noise(redraw=redraw, opposite=opposite)), (3,), 2)
    source, generator = Source(network, 6, torch.Generator().manual_seed(4)), torch.Generator().manual_seed(4)
    names = sorted({*"".join(wanted)} - {"-"})
    drawn = {name: [draw("gaussian", (6, n), generator, torch.float32) for n in (5, 4)] for name in names}
    for t, word in enumerate(wanted):
        sign = -1 if word[0] == "-" else 1
        assert all(torch.equal(z, sign * one) for z, one in zip(source(t), drawn[word[-1]], strict=True))


def test_credit_without_noise_asks_for_none():
    network = Network(Setup(hidden="5", credit="dfa"), (3,), 2)
    assert Source(network, 2, torch.Generator())(0) is None


@pytest.mark.parametrize("place", ["after", "before"])
def test_noise_stands_where_the_setup_says(place):
    network = Network(Setup(hidden="5,4", steps=1, noise=Noise(alpha=0.5, place=place)), (3,), 2)
    x, z = torch.ones(1, 3), [torch.full((1, n), 2.0) for n in (5, 4)]
    quiet, noisy = (network.step(network.still(1), x, one) for one in (None, z))
    if place == "after":
        assert torch.equal(noisy.potentials[0], quiet.potentials[0]) and torch.equal(noisy.sent[0], noisy.spikes[0] + 1)
    else:
        assert torch.equal(noisy.potentials[0], quiet.potentials[0] + 1) and torch.equal(noisy.sent[0], noisy.spikes[0])
