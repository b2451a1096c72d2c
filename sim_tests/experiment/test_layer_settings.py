"""--freeze and --rate become settings of an experiment: which layers learn, and by how many bits a learning rate moves."""
import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.experiment.layer_settings import settings
from lava_opzo.network.form import changed
from lava_opzo.runs.changes import applied
from sim_tests.helpers.networks import small_network
from sim_tests.helpers.patches import pooled_network

NETWORK = small_network()


def after(network, freeze=None, rates=()):
    """The layers of an experiment with these options."""
    experiment = applied(Experiment(Data(), network, Training()), settings(network, freeze, rates))
    return experiment.network.plastic


def test_exactly_the_named_layers_are_frozen_and_none_thaws_all():
    layers = after(NETWORK, "hidden1, readout")
    assert [layer.frozen for layer in layers] == [True, False, True]
    again = changed(NETWORK, hidden=layers[:2], readout=layers[2])
    assert [layer.frozen for layer in after(again, "hidden2")] == [False, True, False]
    assert [layer.frozen for layer in after(again, "none")] == [False] * 3
    assert [layer.frozen for layer in after(again, None)] == [True, False, True]


@pytest.mark.parametrize("factor, bits", [("1/4", 2), ("0.25", 2), ("1", 0), ("2", -1), ("4", -2), ("0.5", 1)])
def test_a_rate_is_a_power_of_two_that_moves_y_shift_of_its_layer_alone(factor, bits):
    before, layers = NETWORK.plastic, after(NETWORK, None, [f"hidden2={factor}"])
    assert [layer.y_shift - old.y_shift for layer, old in zip(layers, before, strict=True)] == [0, bits, 0]


@pytest.mark.parametrize("freeze, rates, words", [
    ("hidden3", (), "--freeze: 'hidden3' is no layer that learns; choose among hidden1, hidden2, readout, or none"),
    ("", (), "--freeze: '' is no layer"), ("hidden1,hidden1", (), "'hidden1' is named twice"),
    (None, ["input=2"], "--rate: 'input' is no layer"), (None, ["hidden1=2", "hidden1=2"], "named twice"),
    *[(None, [f"hidden1={factor}"], "with a power of two; write it as hidden1=1/4 or readout=2")
      for factor in ("3", "0", "-1", "1/0", "1/3", "x", "", "1e9", "2/2/2", "٢")], (None, ["hidden1"], "not of the form")])
def test_what_names_no_layer_or_no_power_of_two_is_refused(freeze, rates, words):
    with pytest.raises(UserError, match=words) as found:
        settings(NETWORK, freeze, rates)
    assert "\n" not in str(found.value)


def test_a_rate_that_leaves_the_range_of_y_shift_is_refused():
    with pytest.raises(UserError, match="y_shift .* outside 0..22"):
        after(NETWORK, None, ["hidden1=0.0000001".replace("0.0000001", "1/65536"), "readout=1/65536"])
    with pytest.raises(UserError, match="y_shift -"):
        after(NETWORK, None, ["readout=32"])


def test_all_layers_frozen_is_refused():
    with pytest.raises(UserError, match="every layer is frozen"):
        after(NETWORK, "hidden1,hidden2,readout")


def test_a_layer_that_pools_is_none_that_learns_and_stays_frozen():
    network = pooled_network()
    assert [layer.frozen for layer in after(network, "hidden1")] == [True, True, False, False]
    assert [layer.frozen for layer in after(network, "none")] == [False, True, False, False]
    with pytest.raises(UserError, match="'hidden2' is no layer that learns; choose among hidden1, hidden3, readout"):
        settings(network, "hidden2", ())
