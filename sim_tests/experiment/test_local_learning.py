"""`--local` gives a network auxiliary readouts, which files, hashes, rates and runs know and other networks say nothing of."""
from dataclasses import replace

import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training, dumps, loads
from lava_opzo.experiment.layer_settings import settings
from lava_opzo.experiment.local_learning import locally
from lava_opzo.network.form import changed
from lava_opzo.network.populations import Auxiliary
from lava_opzo.runs import checkpoint
from lava_opzo.runs.changes import applied
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.networks import small_network
from sim_tests.helpers.tiny_run import write_tiny_run

PLAIN = Experiment(Data("none"), small_network((20, 10, 10, 10)), Training())


def auxiliary(experiment):
    return [(one.name, layer, one.error_shift, one.y_shift, one.d_shift)
            for one, layer in zip(experiment.network.auxiliary, experiment.network.read_layers, strict=True)]


def test_each_layer_below_the_last_has_a_readout_or_one_is_halfway_and_a_wide_layer_has_larger_shifts():
    assert auxiliary(locally(PLAIN, "each")) == [("aux1", 1, 4, 5, 5), ("aux2", 2, 3, 4, 4), ("aux3", 3, 3, 4, 4)]
    assert auxiliary(locally(PLAIN, "halfway")) == [("aux2", 2, 3, 4, 4)]
    two = replace(PLAIN, network=small_network())
    assert auxiliary(locally(two, "halfway")) == auxiliary(locally(two, "each")) == [("aux1", 1, 3, 4, 4)]
    narrow = replace(PLAIN, network=changed(small_network((1, 900, 16)), readout=replace(small_network().readout, y_shift=0)))
    assert [one[2:] for one in auxiliary(locally(narrow, "each"))] == [(0, 0, 0), (9, 6, 10)]


def test_a_file_holds_them_and_a_network_without_them_has_the_document_and_hash_of_before():
    local = locally(PLAIN, "each")
    assert loads(dumps(local)) == local and loads(dumps(local)).hash == local.hash != PLAIN.hash
    assert "auxiliary" not in dumps(PLAIN) and "auxiliary = [" in dumps(local) and "frozen" not in dumps(local)
    with pytest.raises(UserError, match="unknown key 'network.auxiliary.0.n'"):
        loads(dumps(local).replace("layer = 1", "layer = 1, n = 4"))


def test_an_auxiliary_readout_freezes_and_changes_its_rate_by_name_and_keeps_its_place():
    local = locally(PLAIN, "halfway")
    after = applied(local, settings(local.network, "aux2", ["aux2=1/4"])).network
    assert [one.frozen for one in after.plastic] == [False] * 5 + [True] and after.auxiliary[0].y_shift == 6
    for key in ("layer=1", "sigma=3.0"):
        with pytest.raises(UserError, match=f"network.auxiliary.1.{key.split('=')[0]} decided .* weights .* cannot be changed"):
            applied(local, [f"network.auxiliary.1.{key}"])


@pytest.mark.parametrize("experiment, kind, words", [
    (PLAIN, "all", "--local 'all' is not one of each, halfway"),
    (locally(PLAIN, "each"), "halfway", "has auxiliary readouts already, aux1, aux2, aux3"),
    (replace(PLAIN, network=small_network((9,))), "each", "--local each has no effect on one hidden layer"),
    (replace(PLAIN, network=small_network(credit="backprop"), number="real"), "each", "credit 'backprop' has no M")])
def test_what_cannot_learn_locally_is_refused_in_one_line(experiment, kind, words):
    with pytest.raises(UserError, match=words) as refused:
        locally(experiment, kind)
    assert "\n" not in str(refused.value)


def test_train_learns_locally_and_resume_goes_on_with_the_weights_of_auxiliary_readouts(tmp_path, monkeypatch):
    monkeypatch.setattr("lava_opzo.report.run.draw", lambda run, dataset: None)  # it starts Lava
    config, tiny = write_tiny_run(tmp_path, epochs=1)
    run = tmp_path / "run"
    done = command("train", "--config", config, "--local", "each", "--out", run)
    assert done.code == 0, done.errors
    experiment, state, counted = checkpoint.load(RunFolder(run).checkpoint)
    assert experiment.network.auxiliary[0].name == "aux1" and state["A1.weights"].any() and counted.touches.keys() >= {"A1"}
    assert command("resume", run, "--epochs", 2).code == 0
    assert (checkpoint.load(RunFolder(run).checkpoint)[1]["A1.weights"] != state["A1.weights"]).any()
    assert command("evaluate", run).code == 0
    assert_one_line(command("train", "--config", config, "--local", "some", "--out", tmp_path / "b"), 2, "--local 'some'")


def test_one_readout_is_named_by_the_layer_that_it_reads():
    network = changed(PLAIN.network, auxiliary=(Auxiliary(3, 5.0, 3, 4, 4),))
    assert [one.name for one in (*network.auxiliary, *network.into_auxiliary)] == ["aux3", "A3"]
