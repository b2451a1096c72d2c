"""What the benchmark of deviations puts in the place of the paper's engine changes one thing each, and leaves nothing behind."""
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from benchmarks.as_on_a_chip import ALONE, ramp, stepped  # noqa: E402
from lava_opzo.paper.learner import Learner  # noqa: E402
from lava_opzo.paper.network import Network  # noqa: E402
from lava_opzo.paper.presets import preset  # noqa: E402
from lava_opzo.paper.setup import changed  # noqa: E402


def weights_after_two_batches():
    """All weights of a small network, which M teaches from the first batch on."""
    network = Network(changed(preset("digits"), {}, ["hidden=20,20", "feedback.start=random"]), (64,), 10)
    learner, draws = Learner(network), torch.Generator().manual_seed(0)
    for _ in range(2):
        frames = 15 * torch.rand((8, 1, 64), generator=draws)
        noise = [[torch.randn((8, 20), generator=draws) for _ in range(2)] for _ in range(network.setup.steps)]
        learner.learn(frames, torch.arange(8) % 10, lambda t, noise=noise: noise[t])
    return np.concatenate([one.detach().numpy().ravel() for one in learner.parameters.values()])


def test_each_deviation_changes_what_is_learned_and_is_gone_afterwards():
    as_published = weights_after_two_batches()
    for name, otherwise in ALONE.items():
        with otherwise():
            found = weights_after_two_batches()
        assert np.array_equal(found, as_published) == (name == "as in the paper"), name
        assert np.array_equal(weights_after_two_batches(), as_published), name


def test_values_in_8_bits_and_a_ramp_are_what_their_formulas_say():
    assert stepped(torch.tensor([-127.0, 0.4, 0.6, 126.6])).tolist() == [-127.0, 0.0, 1.0, 127.0]
    assert stepped(torch.zeros(3)).tolist() == [0, 0, 0]
    loss, error = ramp(torch.tensor([[-0.5, 0.5, 3.0]]), torch.tensor([2]), 0.0, 1)
    assert error.tolist() == [[0.0, pytest.approx(63 / 127), 0.0]] and loss.item() == pytest.approx((63 / 127) ** 2 / 3)
