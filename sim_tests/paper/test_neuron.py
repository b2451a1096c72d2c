"""The neuron: where it fires, what it keeps, and what stands for its derivative."""
import torch

from lava_opzo.paper import neuron


def test_a_neuron_fires_above_its_threshold_and_loses_one_threshold():
    u = torch.tensor([0.5, 1.0, 1.5, 2.5])
    spikes = neuron.fire(u)
    assert spikes.tolist() == [0, 0, 1, 1] and neuron.reset(u, spikes).tolist() == [0.5, 1.0, 0.5, 1.5]


def test_membrane_and_trace_keep_their_share():
    assert neuron.charge(torch.tensor(2.0), torch.tensor(0.5), 0.5) == 1.5
    assert neuron.trace(torch.tensor(2.0), torch.tensor(1.0), 0.5) == 2


def test_a_window_has_open_ends():
    assert neuron.surrogate(torch.tensor([0.5, 0.75, 1.0, 1.5]), "window", 0.5).tolist() == [0, 1, 1, 0]
