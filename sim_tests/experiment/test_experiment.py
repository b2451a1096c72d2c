"""An experiment says which numbers and which gate it learns with; files and hashes of version 0.1 stay valid."""
import hashlib
import json
from dataclasses import asdict, replace

import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, changed, dumps, from_document, hash_of, loads
from lava_opzo.experiment.presets import digits
from lava_opzo.learning.credit import FixedFeedback
from lava_opzo.network.form import changed as changed_network
from lava_opzo.network.old_names import hashed

OLD = """
[data]
name = "digits"
path = ""
seed = 0

[data.options]

[network]
n_in = 65
steps = 8
windows = 2
x_max = 2
d_bits = 2
decay_period = 256
halve_every = 2874
max_halvings = 1
seed = 1
credit = "opzo"
m_sigma = 0.0

[[network.hidden]]
n = 100
vth = 1000
bias_mant = 2400
bias_exp = 2
psi_width = 500
y_shift = 17
x_shift = 8
w_sigma = 6.0
dv = 0

[[network.hidden]]
n = 100
vth = 200
bias_mant = 1920
bias_exp = 0
psi_width = 100
y_shift = 16
x_shift = 3
w_sigma = 14.0
dv = 0

[network.readout]
n = 10
error_shift = 6
y_shift = 9
d_shift = 11
x_shift = 3
w_sigma = 4.0

[training]
epochs = 3
order_seed = 0
"""
"""The digits preset as version 0.1 wrote it first; later it had a model and a gate, too."""

OLD_SHA256 = "24043625cb1ff9c8c33f735b4aa503c620c90c8747a3d3eb21a4d2cb01d2b89d"


def raw(text):
    """TOML as nested dicts, without a check."""
    import tomli

    return tomli.loads(text)


def test_number_and_gate_are_written_and_enter_the_hash():
    chosen = digits()
    others = [replace(chosen, number="real"), changed(chosen, gate="count")]
    assert [loads(dumps(experiment)) for experiment in others] == others
    assert len({experiment.hash for experiment in (chosen, *others)}) == 3
    assert 'number = "fixed"' in dumps(chosen) and 'gate = "psi"' in dumps(chosen)


def test_the_hash_is_that_of_the_document_as_sorted_json():
    text = json.dumps(raw(dumps(digits())), sort_keys=True)
    assert digits().hash == hashlib.sha256(text.encode()).hexdigest() == hash_of(digits().document())


@pytest.mark.parametrize("said", ["", 'model = "fixed_pt"\ngate = "psi"\n'])
def test_an_old_config_and_its_hash_stay_valid(said):
    assert loads(said + OLD) == digits()
    assert hash_of(hashed(raw(said + OLD))) == OLD_SHA256


def test_the_old_hash_covers_a_model_and_a_gate_that_are_not_the_usual_ones():
    texts = [said + OLD for said in ('model = "floating_pt"\n', 'gate = "count"\n')]
    assert len({OLD_SHA256, *(hash_of(hashed(raw(text))) for text in texts)}) == 3
    assert [loads(text) for text in texts] == [replace(digits(), number="real"), changed(digits(), gate="count")]


def test_an_old_config_of_a_fixed_m_and_of_one_window_is_read():
    text = OLD
    for old, new in (('"opzo"', '"dfa"'), ("m_sigma = 0.0", "m_sigma = 8.0"), ("d_bits = 2", "d_bits = 0"),
                     ("decay_period = 256", "decay_period = 0"), ("windows = 2", "windows = 1")):
        text = text.replace(old, new)
    learning = replace(digits().network.learning, credit=FixedFeedback(8.0), windows=1)
    assert loads(text).network == changed_network(digits().network, learning=learning)


@pytest.mark.parametrize("line, message", [
    ("model = 'double'", "number = 'double': Input should be 'fixed' or 'real'"),
    ("gate = 'sigmoid'", "network.learning.gate = 'sigmoid': Input should be 'psi' or 'count'")])
def test_an_unknown_old_model_or_gate_is_refused_with_the_choices(line, message):
    with pytest.raises(UserError, match=message):
        loads(f"{line}\n{OLD}")


@pytest.mark.parametrize("old, new, message", [
    ('number = "fixed"', 'number = "double"', "number = 'double': Input should be 'fixed' or 'real'"),
    ('gate = "psi"', 'gate = "sigmoid"', "gate = 'sigmoid': Input should be 'psi' or 'count'"),
    ('kind = "opzo"', 'kind = "hebb"', "credit.kind 'hebb' is not one of 'opzo', 'dfa', 'backprop', 'single-point'"),
    ("d_bits = 2", "d_bits = 2\nm_sigma = 3.0", "unknown key 'network.learning.credit.opzo.m_sigma'"),
    ("steps = 8", "steps = 8\nfoo = 1", "unknown key 'network.learning.foo'")])
def test_an_unknown_value_or_key_is_refused_with_its_place(old, new, message):
    assert old in dumps(digits())
    with pytest.raises(UserError, match=message):
        loads(dumps(digits()).replace(old, new))


@pytest.mark.parametrize("network", [{"hidden": 3}, {"hidden": [3]}, {"readout": 3}, {"credit": ["opzo"]}, {"steps": "8"}, {}])
def test_an_old_network_with_values_of_the_wrong_kind_is_refused_in_words(network):
    document = raw(OLD)
    document["network"] = {**document["network"], **network} if network else {"n_in": 65}
    with pytest.raises(UserError, match="config"):
        from_document(document)


def test_documents_and_dataclasses_say_the_same():
    document = digits().document()
    assert from_document(document) == digits()
    assert document["training"] | {"jitter": 0, "mirror": False, "in_order": False} == asdict(digits().training)
    assert document["network"]["sigma"] == [6.0, 14.0, 4.0]


@pytest.mark.parametrize("option, instead", [("steps", "network.learning.steps"), ("seed", "data.seed"), ("path", "data.path")])
def test_a_word_that_a_data_set_has_already_is_no_option(option, instead):
    with pytest.raises(UserError, match=f"option '{option}' is no option of a data set; set {instead}"):
        Data("digits", options={option: 3})
