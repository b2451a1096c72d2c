"""Curves of several runs: seeds become mean and spread, settings become curves."""
import statistics

import pytest

from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.network.initial import initial_state
from lava_opzo.runs.curves import curves
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.commands import assert_one_line, command
from sim_tests.helpers.networks import small_network


def begun(folder, name, shares, seed=1, vth=900, validation=0):
    """A run folder with its initial weights and lines of epochs with these shares of right answers."""
    network = small_network(seed=seed, vth=vth)
    data = Data("digits", options={"validation": validation} if validation else {})
    experiment = Experiment(data, network, Training(len(shares) or 1, order_seed=seed))
    run = RunFolder.create(folder / name, experiment, initial_state(network))
    for epoch, share in enumerate(shares, 1):
        run.add_metrics({"kind": "epoch", "epoch": epoch, "n_trained": 40 * epoch, "train_accuracy": share / 2,
                         "test_accuracy": share, "rail_touches": None, "largest": None})
    return run


def test_runs_that_differ_in_seeds_alone_are_one_curve_with_its_spread(tmp_path):
    shares = ([0.5, 0.75], [0.25, 0.5], [0.5, 0.625, 0.75])
    found, = curves([begun(tmp_path, f"r{seed}", share, seed) for seed, share in enumerate(shares)])
    assert (found.name, found.runs, found.measured_on) == ("all runs", 3, "test")
    assert found.points["test_accuracy"].tolist() == [
        [40, statistics.mean([0.5, 0.25, 0.5]), statistics.stdev([0.5, 0.25, 0.5]), 3],
        [80, statistics.mean([0.75, 0.5, 0.625]), statistics.stdev([0.75, 0.5, 0.625]), 3], [120, 0.75, 0, 1]]
    assert found.points["train_accuracy"][2].tolist() == [120, 0.375, 0, 1]


def test_settings_are_curves_that_are_named_by_what_differs(tmp_path):
    runs = [begun(tmp_path, "a", [0.5], 1, 900), begun(tmp_path, "b", [0.5], 1, 800), begun(tmp_path, "c", [0.25], 2, 900)]
    assert [(one.name, one.runs) for one in curves(runs)] == [
        ("network.hidden.1.vth = 900", 2), ("network.hidden.1.vth = 800", 1)]


def test_a_run_without_an_epoch_is_refused(tmp_path):
    with pytest.raises(UserError, match="has no whole epoch yet"):
        curves([begun(tmp_path, "a", [])])


@pytest.mark.parametrize(("ending", "begin"), [("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_the_command_draws_curves_in_the_format_of_the_name(tmp_path, ending, begin):
    runs = [begun(tmp_path, f"r{seed}", [0.25 * seed, 0.5], seed, validation=5).path for seed in (1, 2)]
    out = tmp_path / f"curves.{ending}"
    assert command("plot", *runs, "--out", out).output.splitlines()[-1] == str(out)
    assert out.read_bytes().startswith(begin)
    if ending == "svg":
        assert b"On validation samples" in out.read_bytes() and b"On test" not in out.read_bytes()
    assert_one_line(command("plot", *runs), 2, "give --out")
    assert_one_line(command("plot", *runs, "--out", tmp_path / "curves.gif"), 2, "format 'gif'")


def test_compare_cuts_no_name_and_heads_no_column_of_validation_samples_with_test(tmp_path):
    long = "a" * 120 + "[b]" + "c" * 100
    paths = [begun(tmp_path, name, [0.5], validation=5).path for name in (long, "short")]
    said = command("compare", *paths).output
    assert str(paths[0]) in said and "validation %" in said and "test" not in said.replace(str(tmp_path), "")
    mixed = command("compare", paths[1], begun(tmp_path, "tested", [0.25]).path).output
    assert "test %" in mixed and "validation %" in mixed
