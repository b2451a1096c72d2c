"""An experiment says which numbers and which gate it learns with; files and hashes from before it did so stay valid."""
import hashlib
import json
from dataclasses import asdict, replace

import pytest

from lava_opzo.runs import checkpoint
from lava_opzo.arithmetic import names
from lava_opzo.engines import registry
from lava_opzo.runs import start
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import dumps, loads
from lava_opzo.experiment.presets import digits
from lava_opzo.runs.folder import RunFolder
from lava_opzo.network.initial import initial_state
from sim_tests.helpers.tiny_run import write_tiny_run


def older(experiment):
    """The TOML and the hash of an experiment, as they were without model and gate."""
    parts = {name: value for name, value in asdict(experiment).items() if name in ("data", "network", "training")}
    text = "\n".join(line for line in dumps(experiment).splitlines() if not line.startswith(("model = ", "gate = ")))
    return text, hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def write_older(monkeypatch, path, experiment, model):
    """A checkpoint as it was written without these two fields."""
    text, sha256 = older(experiment)
    with monkeypatch.context() as patch:
        patch.setattr(checkpoint, "dumps", lambda _: text)
        patch.setattr(type(experiment), "hash", sha256)
        checkpoint.save(path, experiment, initial_state(experiment.network), {"model": model})


def test_model_and_gate_are_written_and_enter_the_hash():
    chosen = digits()
    others = [replace(chosen, model="floating_pt"), replace(chosen, gate="count")]
    assert [loads(dumps(experiment)) for experiment in others] == others
    assert len({experiment.hash for experiment in (chosen, *others)}) == 3
    assert 'model = "fixed_pt"' in dumps(chosen) and 'gate = "psi"' in dumps(chosen)


def test_an_older_config_and_its_hash_stay_valid():
    text, sha256 = older(digits())
    assert loads(text) == digits() and digits().hash == sha256


@pytest.mark.parametrize("line, message", [("model = 'double'", "model 'double' is not one of fixed_pt, floating_pt"),
                                           ("gate = 'sigmoid'", "gate 'sigmoid' is not one of psi, count")])
def test_an_unknown_model_or_gate_is_refused_with_the_choices(line, message):
    with pytest.raises(UserError, match=message):
        loads(f"{line}\n{older(digits())[0]}")


@pytest.mark.parametrize("model", names.MODELS)
def test_an_older_checkpoint_is_loaded_with_the_model_of_its_extra_and_goes_on_with_it(tmp_path, monkeypatch, model):
    _, experiment = write_tiny_run(tmp_path, epochs=1)
    run = RunFolder.create(tmp_path / "run", experiment)
    write_older(monkeypatch, run.checkpoint, experiment, model)
    loaded, _, extra = checkpoint.load(run.checkpoint)
    assert loaded == replace(experiment, model=model) and extra == {}
    result = start.resume(run, lambda progress, text: None, "twin", picture=False)
    assert result["target"] == registry.target("twin", model)
    assert checkpoint.load(run.checkpoint)[0].model == model
