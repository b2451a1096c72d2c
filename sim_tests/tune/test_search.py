"""The search: what it asks, keeps, drops and chooses, with a made-up score in the place of a training."""
import multiprocessing
import os
import signal
import sys
import threading

import numpy as np
import pytest

from lava_opzo.data import Dataset
from lava_opzo.errors import FileWarning, UserError
from lava_opzo.experiment.experiment import Data, Experiment, Training
from lava_opzo.runs.changes import differing
from lava_opzo.tune import run, summary, trials as records
from lava_opzo.tune.folder import TuneFolder, Tuning
from lava_opzo.tune.learning import Ended, Wanted
from lava_opzo.tune.space import knobs, turned
from lava_opzo.tune.study import Study, loaded, what_mattered
from lava_opzo.tune.trials import DONE, NOT_REPLAYABLE, PRUNED, REFUSED, Trial
from sim_tests.helpers.networks import random_samples, small_network

START = Experiment(Data(options={"validation": 10}), small_network(), Training(4))
TUNING = Tuning(START, START, Wanted(), 50)
KNOBS = knobs(START.network)
FRAMES, LABELS = random_samples(START.network, 50)
DATASET = Dataset("npz", 4, FRAMES[:40], LABELS[:40], FRAMES[40:], LABELS[40:], "random")
ZEROS = dict.fromkeys([knob.name for knob in KNOBS], 0)


def score(experiment):
    """Best where y_shift of the readout is 3 and error_shift 4; seeds differ a little."""
    readout = experiment.network.readout
    return 0.9 - 0.1 * abs(readout.y_shift - 3) - 0.1 * abs(readout.error_shift - 4) + 0.001 * (experiment.network.seed % 3)


def pretended(experiment, dataset, wanted, behind, should_stop):
    """A training whose accuracy is `score` from its first epoch on."""
    assert dataset is DATASET and wanted is TUNING.wanted
    share = score(experiment)
    for epoch in range(1, 4):
        if behind(epoch, share):
            return Ended(PRUNED, (share,) * epoch, 0.1)
    return Ended(DONE, (share,) * 4, 0.1)


@pytest.fixture
def folder(tmp_path):
    return TuneFolder.create(tmp_path / "t", TUNING)


def tuned(folder, monkeypatch, learn=pretended, most=40, jobs=2, seconds=300):
    monkeypatch.setattr(run, "learned", learn)
    return run.tune(folder, TUNING, DATASET, seconds, jobs, most, lambda trials, share: None)


def test_it_begins_with_the_settings_as_they_are_finds_better_ones_and_confirms_both_with_other_seeds(folder, monkeypatch):
    outcome = tuned(folder, monkeypatch)
    assert len(outcome.trials) == 40 and outcome.trials[0].is_start | outcome.trials[1].is_start and not outcome.interrupted
    assert outcome.start.accuracies == tuple(score(START) - 0.001 + 0.001 * (seed % 3) for seed in (1, 2, 3))
    assert len(outcome.best.accuracies) == 3 and outcome.best.mean > outcome.start.mean
    assert score(turned(START, 40, outcome.best.steps)) == pytest.approx(outcome.best.accuracies[0])
    assert {trial.state for trial in outcome.trials} == {DONE, PRUNED}
    assert sorted(trial.number for trial in outcome.trials) == list(range(40))
    assert len({tuple(trial.steps.items()) for trial in outcome.trials}) == 40, "settings were learned twice"


def test_a_tuning_goes_on_with_what_its_folder_holds(folder, monkeypatch):
    first = tuned(folder, monkeypatch, most=12)
    second = tuned(folder, monkeypatch, most=5)
    assert second.trials[:12] == first.trials and len(second.trials) == 17
    assert second.confirmations[:len(first.confirmations)] == first.confirmations
    assert records.read(folder.trials, KNOBS) == list(second.trials)


def test_settings_that_a_chip_would_not_repeat_are_never_the_best(folder, monkeypatch):
    def learn(experiment, dataset, wanted, behind, should_stop):
        good = score(experiment) > 0.75
        return Ended(NOT_REPLAYABLE, (0.99,), 0.1, "|a| is large") if good else Ended(DONE, (score(experiment),), 0.1)

    outcome = tuned(folder, monkeypatch, learn)
    assert any(trial.state == NOT_REPLAYABLE for trial in outcome.trials)
    assert max(outcome.best.accuracies) <= 0.75


def test_where_nothing_gets_through_there_is_no_best(folder, monkeypatch):
    outcome = tuned(folder, monkeypatch, lambda *given: Ended(REFUSED, (), 0.0, "does not fit"), most=5)
    assert outcome.best is None and outcome.start is None and len(outcome.trials) == 5
    assert summary.lines(folder, outcome, KNOBS, False)[1] == "it began with: refused, does not fit"


def test_settings_that_only_one_seed_likes_do_not_win(folder, monkeypatch):
    def learn(experiment, dataset, wanted, behind, should_stop):
        lucky = experiment.network.readout.y_shift != 4 and experiment.network.seed == 1
        return Ended(DONE, (0.9 if lucky else 0.5 if experiment.network.readout.y_shift != 4 else 0.8,), 0.1)

    outcome = tuned(folder, monkeypatch, learn, most=20)
    assert outcome.start.accuracies == (0.8, 0.8, 0.8) and outcome.best.mean >= 0.8


def test_an_interrupt_drops_what_runs_and_keeps_what_ended(folder, monkeypatch):
    def learn(experiment, dataset, wanted, behind, should_stop):
        if len(records.read(folder.trials, KNOBS)) >= 3:
            os.kill(os.getpid(), signal.SIGINT)
            while not should_stop():
                threading.Event().wait(0.01)
            return None
        return Ended(DONE, (score(experiment),), 0.1)

    before = signal.getsignal(signal.SIGINT)
    outcome = tuned(folder, monkeypatch, learn, jobs=1)
    assert outcome.interrupted and len(outcome.trials) == 3 and signal.getsignal(signal.SIGINT) is before
    assert outcome.best is not None and records.read(folder.trials, KNOBS) == list(outcome.trials)


def test_the_time_is_kept(folder, monkeypatch):
    def learn(experiment, dataset, wanted, behind, should_stop):
        while not should_stop():
            threading.Event().wait(0.01)

    assert tuned(folder, monkeypatch, learn, most=None, seconds=0.5).trials == ()


def test_what_a_trial_raises_ends_the_tuning(folder, monkeypatch):
    def learn(*given):
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        tuned(folder, monkeypatch, learn)


def test_a_folder_of_another_tuning_and_one_that_holds_something_else_are_refused(folder, tmp_path):
    assert TuneFolder.create(folder.path, TUNING).path == folder.path
    for other in (Tuning(START, START, Wanted(replayable=True), 50),
                  Tuning(Experiment(START.data, small_network(seed=2), START.training), START, Wanted(), 50)):
        with pytest.raises(UserError, match="is of another tuning: .*; choose another --out"):
            TuneFolder.create(folder.path, other)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "notes").write_text("mine")
    with pytest.raises(UserError, match="is not empty and holds no tuning"):
        TuneFolder.create(tmp_path / "used", TUNING)


def test_damaged_lines_and_those_of_other_knobs_are_named_and_left_out(folder):
    trials = [Trial(number, {**ZEROS, "error": number - 1}, 1, DONE, (0.5, 0.25 * number), 1.5) for number in range(3)]
    for trial in trials:
        records.append(folder.trials, trial)
    with open(folder.trials, "ab") as file:
        file.write(b'{"number": 3, "steps": {}, "seed": 1, "state": "done", "curve": [0.5]}\n{"number": 4')
    with pytest.warns(FileWarning, match="lines 4, 5 damaged"):
        assert records.read(folder.trials, KNOBS) == trials
    table = records.comma_separated(trials, KNOBS).splitlines()
    assert table[0].startswith("trial,state,validation_accuracy,seed,epochs,seconds,first.rate")
    assert table[1].startswith("2,done,0.5,1,2,1.5,0")


def test_what_mattered_is_what_the_score_depends_on():
    rng = np.random.default_rng(0)
    steps = [{knob.name: int(rng.integers(knob.low, knob.high + 1)) for knob in KNOBS} for _ in range(60)]
    trials = [Trial(number, one, 1, DONE, (0.5 + 0.1 * one["error"],)) for number, one in enumerate(steps)]
    method = multiprocessing.get_start_method(allow_none=True)
    shares = what_mattered(KNOBS, trials, 1)
    assert multiprocessing.get_start_method(allow_none=True) == method
    assert list(shares) and max(shares, key=shares.get) == "error" and sum(shares.values()) == pytest.approx(1)
    assert what_mattered(KNOBS, trials[:3], 1) is None


def test_a_study_that_goes_on_does_not_begin_again():
    steps = {**ZEROS, "error": 1}
    known = [Trial(0, ZEROS, 1, DONE, (0.4,)), Trial(1, steps, 1, REFUSED, (), 0.0, "no")]
    study = Study(KNOBS, 4, 1, known)
    assert [study.ask()[1] for _ in range(3)].count(ZEROS) < 3 and len(study.study.trials) == 5
    assert Study(KNOBS, 4, 1).ask()[1] == ZEROS


def test_without_optuna_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "optuna", None)
    with pytest.raises(UserError, match=r"tune: optuna is not installed; .* install it with: .*-e '\.\[tune\]'"):
        loaded()


def test_the_best_settings_for_all_training_samples_differ_from_the_start_in_what_was_turned_alone():
    assert differing(START, turned(START, 50, {**ZEROS, "error": 1})) == [("network.readout.error_shift", 3, 4)]
