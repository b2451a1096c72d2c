"""A run goes on with another value only where it is told to, by name; config.toml, checkpoint and metrics then say so."""
import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment import experiment as experiments
from lava_opzo.runs import changes, checkpoint
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.begun_run import Ended, is_whole, resumed, state

SHIFT, HALVING = "network.hidden.1.y_shift", "network.learning.max_halvings"


def test_an_edited_config_is_refused_with_the_keys_that_differ_and_applied_by_set(begun):
    text = begun.config.read_text()
    begun.config.write_text(text.replace("max_halvings = 4", "max_halvings = 3"))
    with pytest.raises(UserError, match=f"config.toml: was edited: {HALVING} is 3 in it and 4 in the checkpoint; undo the edit, "
                                        f"or apply it with: lava-opzo resume .*/run --set {HALVING}=3"):
        resumed(begun)
    assert state(begun).n_trained == 40
    result, warned = resumed(begun, settings=[f"{HALVING}=3"])
    experiment, _, counted = checkpoint.load(begun.checkpoint)
    assert result["n_trained"] == 80 and not warned and experiment.network.learning.max_halvings == 3
    assert experiments.load(begun.config) == experiment and begun.config.read_text() != text
    assert [(change.n_trained, change.key, change.old, change.new) for change in counted.changes] == [(40, HALVING, 4, 3)]
    assert [line for line in begun.read_metrics() if line["kind"] == "changed"] == [
        {"kind": "changed", "n_trained": 40, "key": HALVING, "old": 4, "new": 3}]


def test_a_change_counts_from_its_sample_on(begun, tiny):
    resumed(begun, settings=[f"{SHIFT}=7", "network.readout.y_shift = 5"])
    assert differing(state(begun).arrays, state(tiny.run).arrays) != []
    changed = checkpoint.load(begun.checkpoint)[0]
    assert (changed.network.hidden[0].y_shift, changed.network.readout.y_shift) == (7, 5)


def test_more_epochs_are_a_change_that_config_and_checkpoint_keep(begun):
    resumed(begun, 3)
    assert state(begun).n_trained == 120 and experiments.load(begun.config).training.epochs == 3
    assert checkpoint.load(begun.checkpoint)[2].changes[0].key == "training.epochs"


@pytest.mark.parametrize("setting, reason", [
    ("network.seed=2", "decided the weights it started from"), ("network.sigma.1=3.0", "the weights it started from"),
    ("network.hidden.1.n=15", "the shapes of its weights"), ("network.hidden.*.n=15", "the shapes"),
    ("network.readout.n=5", "the shapes"), ("network.n_in=3", "the shapes"), ("network.hidden.1.name=edge", "the names"),
    ("number=real", "the numbers"), ("data.name=digits", "the samples"), ("data.seed=3", "the samples"),
    ("data.options.bias=0", "the samples"), ("training.order_seed=1", "the samples"),
    ("network.learning.credit.kind=dfa", "decided which weights learn"),
    ("network.learning.halve_evry=3", "'halve_evry' is not in network.learning"), ("network.hidden=3", "is not one field"),
    ("network.hidden.9.y_shift=3", "'9' is not in network.hidden"),
    ("network.hidden.1.y_shift=23", "y_shift 23 is outside 0..22"),
    ("network.hidden.1.y_shift=", "y_shift = ''"), ("network.hidden.1.y_shift=0x" + "f" * 5000, "thousands of digits"),
    ("network.hidden.1.y_shift=" + "9" * 400, "y_shift 999"), ("network.hidden.1.y_shift=[[", "y_shift = '\\[\\['"),
    ("y_shift", "not of the form key=value"), ("=3", "not of the form"),
    ("network.profile.weight_max=100", "is outside -256..100"),
    ("training.epochs=1", "all 40 samples of 1 epochs are learned")], ids=lambda value: value[:40])
def test_a_change_that_cannot_be_is_refused_by_name_and_changes_nothing(begun, setting, reason):
    before = {path.name: path.read_bytes() for path in begun.path.iterdir() if path.name != ".lock"}
    with pytest.raises(UserError, match=reason) as error:
        resumed(begun, settings=[setting])
    assert "\n" not in str(error.value) and len(str(error.value)) < 600
    assert before == {path.name: path.read_bytes() for path in begun.path.iterdir() if path.name != ".lock"}


@pytest.mark.parametrize("damage", [None, b"", b"\xff", b"[[[", b"[network]\nseed = 3"])
def test_a_missing_or_damaged_config_is_written_again_from_the_checkpoint_with_a_warning(begun, tiny, damage):
    begun.config.unlink()
    if damage is not None:
        begun.config.write_bytes(damage)
    _, warned = resumed(begun)
    assert is_whole(begun, tiny.run) and len(warned) == 1 and "it was written again from the checkpoint" in warned[0]
    assert [path.read_bytes() for path in begun.path.glob("config.damaged.toml")] == ([] if damage is None else [damage])


def test_a_run_that_ended_between_checkpoint_and_config_of_a_change_goes_on_with_the_change(begun, monkeypatch):
    def ends(run, experiment):
        raise Ended

    monkeypatch.setattr(RunFolder, "write_config", ends)
    with pytest.raises(Ended):
        resumed(begun, settings=[f"{SHIFT}=7"])
    monkeypatch.undo()
    assert experiments.load(begun.config).network.hidden[0].y_shift == 9
    _, warned = resumed(begun)
    assert "is of before the last change; it was written again from the checkpoint" in warned[0]
    experiment, kept, counted = checkpoint.load(begun.checkpoint)
    assert (experiment.network.hidden[0].y_shift, kept.n_trained, len(counted.changes)) == (7, 80, 1)
    assert experiments.load(begun.config) == experiment
    assert [line["new"] for line in begun.read_metrics() if line["kind"] == "changed"] == [7]


def test_settings_keep_their_types(tiny):
    changed = changes.applied(tiny.experiment, ["data.path=/a b/c.npz", "network.learning.gate = count",
                                                "network.learning.halve_every=50"])
    assert (changed.data.path, changed.network.learning.gate, changed.network.learning.halve_every) == ("/a b/c.npz", "count", 50)
    made = changes.changes(tiny.experiment, changed, 7)
    assert changes.undone(changed, made) == tiny.experiment and {change.n_trained for change in made} == {7}


def test_what_the_first_weights_came_from_cannot_be_changed_later(tiny):
    with pytest.raises(UserError, match="network.opposed.*the weights it started from"):
        changes.changes(tiny.experiment, changes.applied(tiny.experiment, ["network.opposed=2"]), 5)


def test_what_a_config_leaves_out_at_its_default_can_be_set_and_taken_back(tiny):
    staggered = changes.applied(tiny.experiment, ["network.spread=true", "network.stagger=3"])
    assert staggered.network.input.stagger == 3
    back = changes.applied(staggered, ["network.stagger=0"])
    made = changes.changes(staggered, back, 5)
    assert [(change.key, change.old, change.new) for change in made] == [("network.stagger", 3, 0)]
    assert changes.undone(back, made) == staggered
