"""Whatever loads also saves, and loads again to the same thing: configs and checkpoints of any experiment."""
from hypothesis import HealthCheck, given, settings

from lava_opzo.experiment.experiment import dumps, loads
from lava_opzo.runs import checkpoint
from lava_opzo.runs.compare import differing
from sim_tests.helpers import strategies

QUICK = settings(max_examples=60, derandomize=True,
                 suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@QUICK
@given(strategies.experiments())
def test_a_config_that_was_written_is_read_as_the_same_experiment_with_the_same_hash(experiment):
    again = loads(dumps(experiment))
    assert again == experiment and again.hash == experiment.hash and dumps(again) == dumps(experiment)


@QUICK
@given(strategies.runs())
def test_a_checkpoint_that_was_written_is_read_as_the_same_state_and_counts(tmp_path, run):
    experiment, state, counted = run
    checkpoint.save(tmp_path / "c.safetensors", *run)
    again = checkpoint.load(tmp_path / "c.safetensors")
    assert (again[0], again[1].n_trained, again[2], differing(again[1].arrays, state.arrays)) == (
        experiment, state.n_trained, counted, [])
    assert {name: array.dtype for name, array in again[1].arrays.items()} == {
        name: array.dtype for name, array in state.arrays.items()}
    assert checkpoint.n_trained(tmp_path / "c.safetensors") == state.n_trained
