"""The algorithm as a whole: who teaches whom, when M learns, and that every kind of credit learns something."""
import pytest
import torch

from lava_opzo.errors import UserError
from lava_opzo.paper import credit
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.loss import loss_and_error
from lava_opzo.paper.network import Network
from lava_opzo.paper.noise import Source
from lava_opzo.paper.setup import Feedback, Setup, changed

LABELS = torch.tensor([0, 1, 2, 1])


def learner(shape=(9,), **options):
    return Learner(Network(Setup(**{"hidden": "7,6,5", "steps": 2, "scale": 4.0, "precision": "double", **options}), shape, 3))


def learned(one, batches=1, seed=0):
    """What changed by name, after some batches of one seeded kind of sample."""
    before = {name: value.clone() for name, value in (one.parameters | one.arrays).items()}
    frames = 4 * torch.rand((4, 1, 9), generator=torch.Generator().manual_seed(8), dtype=torch.float64)
    noise = torch.Generator().manual_seed(seed)
    for _ in range(batches):
        one.learn(frames, LABELS, Source(one.network, 4, noise))
    return {name: value - before[name] for name, value in (one.parameters | one.arrays).items()}


def test_without_m_only_the_readout_learns_and_with_it_every_layer():
    still = learned(learner(feedback=Feedback(momentum=1.0)))
    assert {name for name, change in still.items() if change.any()} == {"readout.weights"}
    busy = learned(learner(feedback=Feedback(momentum=0.5)), 3)
    assert {name for name, change in busy.items() if change.any()} == set(busy)


def test_hidden_layers_take_their_share_of_the_rate_and_readouts_all_of_it():
    whole, part = (learned(learner(credit="dfa", hidden_rate=share, inertia=0.0, local=True)) for share in (1.0, 0.25))
    for name, change in whole.items():
        expected = change / 4 if name.startswith("layer") else change
        torch.testing.assert_close(part[name], expected)


def test_local_readouts_teach_their_own_layer_only():
    one = learner(local=True, feedback=Feedback(momentum=1.0))
    one.network.all["local2"].parameters["weights"].zero_()
    changes = learned(one)
    assert not changes["layer2.weights"].any()
    assert all(changes[name].any() for name in ("layer1.weights", "layer3.weights", "local1.weights", "local2.weights"))


def test_a_relay_has_matrices_to_the_layers_below_it_and_teaches_them():
    one = learner(local=True, relay=3, credit="dfa", steps=1, inertia=0.0)
    assert [m.shape for m in one.matrices["relay"]] == [(7, 3), (6, 3)]
    other = learner(local=True, credit="dfa", steps=1, inertia=0.0)
    with_relay, without = learned(one), learned(other)
    differing = {name for name in without if not torch.equal(with_relay[name], without[name])}
    assert differing == {"layer1.weights", "layer2.weights"}


def test_a_relay_learns_its_matrices_from_its_own_readout():
    one = learner(local=True, relay=3, steps=1, feedback=Feedback(momentum=0.5))
    one.network.all["local3"].parameters["weights"].zero_()
    changes = learned(one)
    assert not changes["M.relay1"].any() and not changes["M.relay2"].any() and changes["M.top1"].any()


@pytest.mark.parametrize("steps", [1, 3])
def test_a_mirrored_m_of_the_last_layer_changes_as_the_readout_does(steps):
    changes = learned(learner(credit="dkp", steps=steps, inertia=0.0), 1)
    assert torch.allclose(changes["M.top3"], 4 * changes["readout.weights"].T, rtol=1e-12, atol=0) and changes["M.top3"].any()


def test_m_stays_as_it_is_after_the_samples_that_the_setup_names():
    one = learner(feedback=Feedback(momentum=0.5, frozen_after=4))
    assert learned(one)["M.top1"].any() and not learned(one)["M.top1"].any()


def test_m_learns_before_or_after_it_sends_the_error():
    assert learned(learner(steps=1, feedback=Feedback(momentum=0.5)))["layer1.weights"].any()
    assert not learned(learner(steps=1, feedback=Feedback(momentum=0.5, first=False)))["layer1.weights"].any()


def test_one_over_alpha_scales_m():
    kept, left = (learned(learner(steps=1, feedback=Feedback(momentum=0.5, over_alpha=over)))["M.top1"] for over in (True, False))
    assert torch.allclose(kept, left / 0.2, rtol=1e-12) and left.any()


def test_two_points_move_the_membranes_without_noise():
    one, quiet = learner(feedback=Feedback(points=2, momentum=1.0)), learner(credit="dfa")
    quiet.matrices["top"] = [torch.zeros_like(m) for m in quiet.matrices["top"]]
    assert torch.equal(learned(one)["readout.weights"], learned(quiet)["readout.weights"])


@pytest.mark.parametrize("settings", [
    ["credit=opzo"], ["credit=opzo", "local=true", "relay=2"], ["credit=opzo", "feedback.points=2", "noise.opposite=false"],
    ["credit=opzo", "noise.kind=signs", "noise.place=before"], ["credit=bp"], ["credit=dfa"], ["credit=dkp"],
    ["credit=opzo", "optimiser=adam", "rate=0.003", "updates=step"]],
    ids=lambda settings: " ".join(settings))
def test_every_kind_of_credit_learns_four_samples_by_heart(settings):
    setup = changed(Setup(hidden="20,20", steps=3, rate=0.05, feedback=Feedback(momentum=0.9)), {}, settings)
    one = Learner(Network(setup, (9,), 3))
    frames = 4 * torch.rand((4, 1, 9), generator=torch.Generator().manual_seed(8))
    noise = torch.Generator().manual_seed(1)
    for _ in range(80):
        one.learn(frames, LABELS, Source(one.network, 4, noise))
    assert one.network.outputs(frames).argmax(1).tolist() == LABELS.tolist()


def test_noise_times_loss_is_on_average_the_gradient_of_a_smooth_loss():
    n, alpha, generator = 400_000, 0.5, torch.Generator().manual_seed(2)
    weights = torch.randn((3, 4), generator=generator, dtype=torch.float64)
    sent = torch.tensor([1.0, 0.0, 1.0, 1.0], dtype=torch.float64, requires_grad=True)
    label = torch.tensor([2])
    loss_and_error((weights @ sent)[None], label, 1.0, 1)[0].sum().backward()
    z = torch.randn((n, 4), generator=generator, dtype=torch.float64)
    loss, _ = loss_and_error((sent.detach() + alpha * z) @ weights.T, label.expand(n), 1.0, 1)
    g = credit.from_loss([z], loss, alpha)[0]
    assert ((g.mean(0) - sent.grad).abs() < 5 * g.std(0) / n**0.5).all() and (sent.grad.abs() > 0.1).any()


def test_single_point_credit_is_noise_times_loss():
    one = learner(credit="zo", steps=1, inertia=0.0, gate=False)
    z = [torch.full((4, *shape), 0.5, dtype=torch.float64) for shape in one.network.shapes]
    frames = 4 * torch.rand((4, 1, 9), generator=torch.Generator().manual_seed(8), dtype=torch.float64)
    step, before = one.network.step(one.network.still(4), frames[:, 0], z), one.parameters["layer1.weights"].clone()
    loss = torch.nn.functional.cross_entropy(step.output, LABELS, reduction="none")
    one.learn(frames, LABELS, lambda t: z)
    wanted = (0.5 * loss / 0.2) @ frames[:, 0] / 4 * 0.1
    assert torch.allclose(before - one.parameters["layer1.weights"], wanted.expand(7, 9), rtol=1e-9)


@pytest.mark.parametrize("options, words", [
    ({"relay": 2}, "local=true"), ({"relay": 1, "local": True}, "there are none"),
    ({"relay": 2, "local": True, "credit": "bp"}, "which credit 'bp' has not"),
    ({"credit": "bp", "gate": False}, "gate=true"), ({"steps": 0}, "steps 0 is outside 1.."), ({"shape": (3, 3)}, "(3, 3)")])
def test_a_setup_that_says_nothing_is_refused(options, words):
    with pytest.raises(UserError) as error:
        Setup(**options)
    assert words in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("hidden, number", [("1,6,5", 2), ("7,1,1,5", 3)])
def test_standardised_weights_need_two_synapses_a_neuron(hidden, number):
    with pytest.raises(UserError, match=f"a neuron of hidden layer {number} has 1 synapse and 2 are needed"):
        learner(hidden=hidden, standardise=True)


def test_a_relay_above_the_top_is_refused():
    with pytest.raises(UserError, match="relay 4 is no hidden layer; the network has 3"):
        learner(local=True, relay=4)
