"""What a user imports from lava_opzo: light to import, complete, and enough for the example."""
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import lava_opzo
from lava_opzo import Network, evaluate, initial_state, load_run, scaled_network, train, verify
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.network.form import changed
from lava_opzo.runs import start
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder
from sim_tests.helpers.networks import random_samples, small_network

ROOT = Path(__file__).parents[1]
HEAVY = ("lava.magma", "torch", "numba", "numpy", "pydantic", "matplotlib")


def python(code):
    process = subprocess.run([sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, timeout=300)
    assert process.returncode == 0, process.stderr
    return process.stdout


def test_importing_the_package_loads_nothing_heavy():
    assert python(f"import sys, lava_opzo; print([name for name in {HEAVY} if name in sys.modules])") == "[]\n"


def test_every_public_name_is_there_and_named_once():
    assert sorted(set(lava_opzo.__all__)) == sorted(lava_opzo.__all__)
    for name in lava_opzo.__all__:
        assert getattr(lava_opzo, name).__class__ is not type(lava_opzo), f"{name} is a module"
    assert set(lava_opzo.__all__) <= set(dir(lava_opzo)) and (ROOT / "lava_opzo" / "py.typed").exists()
    with pytest.raises(AttributeError, match="'lava_opzo' has no attribute 'nothing'"):
        lava_opzo.nothing  # noqa: B018


def test_the_names_stay_theirs_whatever_else_was_imported():
    code = ("import lava_opzo.verification.lockstep, lava_opzo.runs.run\nfrom lava_opzo import *\n"
            "print([callable(name) for name in (train, evaluate, verify, scaled_network, load_run)])")
    assert python(code) == f"{[True] * 5}\n"


def test_the_version_is_a_plain_string():
    assert lava_opzo.__version__ == "0.4.0"


@pytest.fixture(scope="module")
def samples():
    network = small_network()
    return network, *random_samples(network, 60)


def test_training_learns_the_samples_in_their_order_and_evaluation_answers_them(samples):
    network, frames, labels = samples
    result = train(network, frames, labels, epochs=2, order_seed=5)
    assert result.state.n_trained == 120 and set(result.seen.rail_touches) == {"W1", "W2", "W3", "M1", "M2"}
    first = np.random.default_rng(0).permutation(60)
    orders = [first[np.random.default_rng([5, epoch]).permutation(60)] for epoch in (0, 1)]
    with registry.make("twin", network, initial_state(network)) as engine:
        predictions = [engine.train(frames[order], labels[order]) for order in orders]
        assert differing(engine.state().arrays, result.state.arrays) == []
        assert np.array_equal(engine.evaluate(frames), evaluate(network, result.state, frames))
    assert result.accuracy == np.mean(predictions[1] == labels[orders[1]])


def test_a_run_folder_has_the_same_bits_is_loaded_and_goes_on(samples, tmp_path):
    network, frames, labels = samples
    plain, kept = train(network, frames, labels), train(network, frames, labels, out=tmp_path / "run")
    run = load_run(tmp_path / "run")
    assert differing(plain.state.arrays, kept.state.arrays) == differing(run.state.arrays, kept.state.arrays) == []
    assert (plain.accuracy, plain.seen.rail_touches) == (kept.accuracy, kept.seen.rail_touches)
    assert run.network == network and run.metrics[-1]["kind"] == "epoch" and run.experiment.training.epochs == 1
    start.resume(RunFolder(tmp_path / "run"), lambda progress, text: None, "twin", epochs=2)
    assert differing(load_run(tmp_path / "run").state.arrays, train(network, frames, labels, epochs=2).state.arrays) == []
    with pytest.raises(UserError, match="holds a run already"):
        train(network, frames, labels, out=tmp_path / "run")


def test_real_numbers_and_other_engines_are_a_keyword_away(samples):
    network, frames, labels = samples
    real = train(network, frames[:20], labels[:20], number="real")
    assert real.state["W1.weights"].dtype == np.float64 and real.seen.rail_touches is None
    assert len(evaluate(network, real.state, frames, number="real")) == 60
    twin, fast = (train(network, frames[:20], labels[:20], engine=engine) for engine in ("twin", "fast"))
    assert differing(twin.state.arrays, fast.state.arrays) == []


def test_a_network_that_learned_with_another_gate_is_evaluated_by_every_engine(samples):
    network, frames, labels = samples
    counting = changed(network, learning=replace(network.learning, gate="count"))
    with pytest.raises(UserError, match="gate 'count'"):
        train(counting, frames, labels)
    result = train(counting, frames[:20], labels[:20], engine="in-the-loop")
    twin, loop = (evaluate(counting, result.state, frames[:9], engine=engine) for engine in ("twin", "in-the-loop"))
    assert np.array_equal(twin, loop) and twin.shape == (9,)


def test_engines_are_compared_in_one_call(samples):
    network, frames, labels = samples
    report = verify(network, initial_state(network), frames[:2], labels[:2])
    assert report.engines == ("twin", "oracle") and report.differing == 0 and report.compared > 1000
    with pytest.raises(UserError, match="2..4 different ones are needed"):
        verify(network, initial_state(network), frames, labels, ["twin"])


@pytest.mark.parametrize("change, words", [
    (lambda frames, labels: (frames[:, :, :-1], labels), "frames: shape"),
    (lambda frames, labels: (frames, labels[:-1]), "labels: shape"),
    (lambda frames, labels: (frames + 16, labels), "frames: values"),
    (lambda frames, labels: (frames, labels + 4), "labels: values")])
def test_samples_that_do_not_fit_are_refused_by_name(samples, change, words):
    network, frames, labels = samples
    with pytest.raises(UserError, match=words):
        train(network, *change(frames, labels))


def test_a_network_is_scaled_to_samples():
    frames, _ = random_samples(small_network(n_in=30), 50)
    network = scaled_network(frames, 4, (12, 8), seed=3)
    assert isinstance(network, Network) and network.widths == (30, 12, 8, 4) and network.seed == 3


def test_the_example_learns_digits_and_two_engines_agree():
    process = subprocess.run([sys.executable, "examples/quick_start.py"], cwd=ROOT, text=True, capture_output=True, timeout=290)
    assert process.returncode == 0, process.stderr
    first, second = process.stdout.splitlines()
    assert float(re.match(r"test accuracy ([\d.]+) % after 4311 samples", first).group(1)) > 90
    assert re.fullmatch(r"twin and oracle: 0 of \d{6,} values differ", second)
