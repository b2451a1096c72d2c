"""What a sweep file asks for becomes exactly those members, and whatever cannot run is refused by name before anything starts."""
from pathlib import Path

import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment, presets
from lava_opzo.learning.credit import FixedFeedback, Opzo
from lava_opzo.sweep import grid
from sim_tests.helpers.tiny_run import write_tiny_run


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("grid")
    write_tiny_run(path)
    return path


def read(folder, table):
    return grid.loads(f'base = "tiny.toml"\n[sweep]\n{table}', "s.toml", folder)


def test_members_are_every_combination_times_every_seed_in_the_order_of_the_file(folder):
    sweep = read(folder, 'seeds = [7, 3]\n[sweep.parameters]\n"network.readout.error_shift" = [4, 2]\n"training.epochs" = [1, 5]')
    assert [(m.name, m.experiment.network.readout.error_shift, m.experiment.training.epochs, m.experiment.network.seed)
            for m in sweep.members] == [
        ("p1-seed7", 4, 1, 7), ("p1-seed3", 4, 1, 3), ("p2-seed7", 4, 5, 7), ("p2-seed3", 4, 5, 3),
        ("p3-seed7", 2, 1, 7), ("p3-seed3", 2, 1, 3), ("p4-seed7", 2, 5, 7), ("p4-seed3", 2, 5, 3)]
    assert sweep.members[5].parameters == {"network.readout.error_shift": 2, "training.epochs": 1}
    assert sweep.members[5].combination == 3


def test_hidden_layers_are_named_from_1_and_a_star_means_all(folder):
    sweep = read(folder, '[sweep.parameters]\n"network.hidden.2.y_shift" = [3]\n"network.hidden.*.n" = [8]')
    base, (only,) = sweep.base.network, sweep.members
    layers = only.experiment.network.hidden
    assert [layer.y_shift for layer in layers] == [base.hidden[0].y_shift, 3]
    assert [layer.n for layer in layers] == [8, 8]
    assert only.seed == only.experiment.network.seed == base.seed


def test_only_the_named_fields_differ_from_the_base(folder):
    sweep = read(folder, 'seeds = [1]\n[sweep.parameters]\n"data.seed" = [0, 9]\n"data.options.n_test" = [5]')
    first, second = (member.experiment for member in sweep.members)
    assert (first.network, first.training) == (sweep.base.network, sweep.base.training) == (second.network, second.training)
    assert (first.data.seed, second.data.seed, first.data.options) == (0, 9, {"n_test": 5})
    assert sweep.base.data.options == {}


def test_a_preset_is_a_base_and_the_files_own_keys_replace_those_of_the_base():
    sweep = grid.loads('base = "mnist"\n[data]\npath = "DIR"\n[training]\nepochs = 2\n[sweep]\nseeds = [1, 2]')
    expected = experiment.changed(presets.mnist(), epochs=2, path="DIR")
    assert sweep.base == expected and [member.experiment.network.seed for member in sweep.members] == [1, 2]


def test_a_sweep_written_and_read_again_is_the_same_sweep_without_its_base(folder, tmp_path):
    sweep = read(folder, 'seeds = [1, 2]\n[sweep.parameters]\n"network.sigma.1" = [24, 12.5]')
    again = grid.loads(grid.dumps(sweep), folder=tmp_path)
    assert [(m.name, m.experiment) for m in again.members] == [(m.name, m.experiment) for m in sweep.members]


def test_names_of_ten_and_more_combinations_sort_in_their_order(folder):
    sweep = read(folder, f'seeds = [1]\n[sweep.parameters]\n"training.epochs" = {list(range(1, 12))}')
    names = [member.name for member in sweep.members]
    assert names == sorted(names) and names[0] == "p01-seed1"


def test_the_example_of_the_documentation_is_read_as_it_says():
    text = (Path(__file__).parents[2] / "docs" / "sweeps.md").read_text()
    sweep = grid.loads(text.split("```toml\n")[1].split("```")[0])
    assert (len(sweep.members), sweep.members[-1].combination) == (12, 4)
    assert "sweep folder runs/sweep-1: 12 members, 12 to run" in text
    assert sweep.base.network == presets.digits().network and sweep.base.training.epochs == 2


def test_values_of_a_list_are_named_from_1(folder):
    sweep = read(folder, '[sweep.parameters]\n"network.sigma.3" = [4.0]\n"network.x_shift.1" = [5]')
    base, made = sweep.base.network, sweep.members[0].experiment.network
    assert [connection.sigma for connection in made.forward] == [*(c.sigma for c in base.forward[:2]), 4.0]
    assert [connection.x_shift for connection in made.forward] == [5, *(c.x_shift for c in base.forward[1:])]


def test_another_kind_of_credit_has_its_own_fields_at_their_defaults(folder):
    sweep = read(folder, '[sweep.parameters]\n"network.learning.credit.kind" = ["opzo", "dfa"]')
    opzo, dfa = (member.experiment.network.learning.credit for member in sweep.members)
    assert opzo == sweep.base.network.learning.credit == Opzo(decay_period=4) and dfa == FixedFeedback()
    over = grid.loads('base = "digits"\n[network.learning.credit]\nkind = "dfa"\nm_sigma = 7.0\n[sweep]')
    assert over.base.network.learning.credit == FixedFeedback(7.0)


@pytest.mark.parametrize("old, new", [
    ("network.steps", "network.learning.steps"), ("network.windows", "network.learning.windows"),
    ("network.x_max", "network.learning.eligibility.x_max"), ("network.d_bits", "network.learning.credit.d_bits"),
    ("network.credit", "network.learning.credit.kind"), ("network.halve_every", "network.learning.halve_every"),
    ("network.readout.x_shift", "network.x_shift.3"), ("network.hidden.1.w_sigma", "network.sigma.1"),
    ("network.hidden.*.w_sigma", "network.sigma.1 and network.sigma.2"), ("gate", "network.learning.gate"), ("model", "number")])
def test_an_old_name_is_refused_with_the_new_one(folder, old, new):
    with pytest.raises(UserError) as refusal:
        read(folder, f'parameters = {{"{old}" = [1]}}')
    assert str(refusal.value) == f"s.toml: parameter '{old}' is called {new} now; rename it"


def test_an_old_key_over_a_base_is_refused_with_the_new_name():
    with pytest.raises(UserError, match="key 'network.x_max' is called network.learning.eligibility.x_max now"):
        grid.loads('base = "digits"\n[network]\nx_max = 3\n[sweep]')


def test_an_old_experiment_is_a_base_and_a_whole_sweep_file():
    old = Path(__file__).parents[1] / "old_run" / "fixed" / "config.toml"
    table = '[sweep.parameters]\n"network.sigma.1" = [5.0]'
    over, whole = grid.loads(f'base = "config.toml"\n{table}', folder=old.parent), grid.loads(old.read_text() + table)
    assert over.base == whole.base == experiment.load(old)
    assert over.members[0].experiment == whole.members[0].experiment != over.base


@pytest.mark.parametrize("table, fragments", [
    ('parameters = {"network.readout.error_shft" = [4]}', ("'network.readout.error_shft'", "'error_shft'", "error_shift")),
    ('parameters = {"network.hidden.3.n" = [4]}', ("'network.hidden.3.n'", "'3'", "*, 1, 2")),
    ('parameters = {"network.hidden.0.n" = [4]}', ("'0'",)),
    ('parameters = {"nothing" = [4]}', ("'nothing'", "the file", "data, network, training")),
    ('parameters = {"network.readout" = [4]}', ("'network.readout'", "not one field", "error_shift")),
    ('parameters = {"training.epochs.more" = [4]}', ("'more'", "training.epochs", "no fields")),
    ('parameters = {"training.epochs" = []}', ("'training.epochs'", "no values")),
    ('parameters = {"training.epochs" = 4}', ("s.toml", "parameters.training.epochs = 4")),
    ('parameters = {"training.epochs" = [4, 4]}', ("'training.epochs'", "4 is given twice")),
    ('parameters = {training.epochs = [4]}', ("'training' is a table", "quotes")),
    ('parameters = {"training.epochs" = ["4"]}', ("training.epochs = '4'", "valid integer")),
    ('parameters = {"training.epochs" = [0]}', ("member training.epochs = 0, seed = 1", "epochs 0", "1..100000")),
    ('parameters = {"network.learning.credit.decay_period" = [4, 6]}',
     ("network.learning.credit.decay_period = 6", "power of two")),
    ('parameters = {"network.learning.steps" = [600], "network.learning.halve_every" = [9], "network.hidden.*.y_shift" = [22]}',
     ("network.learning.steps = 600", "24 bits")),
    ('parameters = {"network.seed" = [1]}', ("'network.seed'", "'seeds'")),
    ('parameters = {"network.hidden.*.n" = [4], "network.hidden.1.n" = [5]}', ("'network.hidden.1.n'", "'network.hidden.*.n'")),
    ('seeds = [1, 1]', ("seeds", "1 is given twice")),
    ('seeds = [-1]', ("seed = -1", "63 bits")),
    ('seeds = [1.5]', ("seeds.0 = 1.5",)),
    ('seeds = 3', ("seeds = 3",)),
    ('sed = [3]', ("unknown key 'sed'",)),
    (f'seeds = {list(range(10_001))}', ("10001 seeds", "10000")),
], ids=lambda value: value[:60] if isinstance(value, str) else "")
def test_what_cannot_run_is_refused_by_name(folder, table, fragments):
    with pytest.raises(UserError) as refusal:
        read(folder, table)
    assert all(fragment in str(refusal.value) for fragment in ("s.toml", *fragments)), str(refusal.value)


@pytest.mark.parametrize("text, fragments", [
    ('base = "tiny.toml"', ("[sweep] is missing",)),
    ('base = "none.toml"\n[sweep]', ("'none.toml'", "digits, mnist")),
    ('base = 3\n[sweep]', ("base 3",)),
    ('base = "tiny.toml"\nbse = 1\n[sweep]', ("unknown key 'bse'",)),
    ('sweep = 1\nbase = "tiny.toml"', ("sweep",)),
    ('[sweep]', ("'network' is missing",)),
    ('[sweep', ("not a TOML file",)),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_file_that_is_no_sweep_is_refused_with_what_is_wrong(folder, text, fragments):
    with pytest.raises(UserError) as refusal:
        grid.loads(text, "s.toml", folder)
    assert all(fragment in str(refusal.value) for fragment in fragments), str(refusal.value)
