"""The board's and the export's commands: what they print and leave, and one clear line with its exit code for bad input."""
import json
from dataclasses import replace

import numpy as np
import pytest

from lava_opzo.experiment.presets import digits
from lava_opzo.export import netx
from lava_opzo.export.forward import forward_of
from lava_opzo.network.initial import initial_state
from lava_opzo.runs import checkpoint
from sim_tests.helpers.commands import assert_one_line, called as lava_opzo


@pytest.fixture
def saved(tmp_path):
    experiment = digits()
    path = tmp_path / "checkpoint.safetensors"
    checkpoint.save(path, experiment, initial_state(experiment.network))
    return path


def test_preflight_prints_json_with_findings_mapping_and_largest_networks(saved, tmp_path):
    result = lava_opzo("preflight", saved, "--json", "--samples", 20, "--picture", tmp_path / "map.png")
    report = json.loads(result.output)
    assert result.code == 0 and report["fits"] and report["cores"] == 3 and report["chips"] == 1
    assert {"level", "part", "used", "limit", "next_step", "source", "verified"} <= set(report["findings"][0])
    assert any(finding["rule"] == "activity" and finding["level"] == "ok" for finding in report["findings"])
    assert set(report["largest_hidden_width"]) == {
        "oheo-gulch",
        "kapoho-point",
        "kapoho-point-stack",
        "vpx16",
        "alia-point",
        "hala-point",
    }
    assert (tmp_path / "map.png").stat().st_size > 10_000


def test_preflight_shows_tables_and_limits(saved):
    shown = lava_opzo("preflight", saved, "--samples", 0, "--all").output
    assert "Mapping on oheo-gulch" in shown and "synaptic memory" in shown and "not measured" in shown
    assert "nengo-loihi" in lava_opzo("preflight", "--limits").output


def test_a_network_that_does_not_fit_has_exit_code_5_and_all_its_faults(tmp_path):
    experiment = digits()
    state = initial_state(experiment.network)
    state["W1.weights"][0, 0], state["M2.weights"][2, 3], state.n_trained = 255, 7, 1
    path = tmp_path / "odd.safetensors"
    checkpoint.save(path, experiment, state)
    result = lava_opzo("preflight", path, "--samples", 0)
    assert_one_line(result, 5, "3 finding(s): weight width, W1: 255", "even weights, W1: 1", "even weights, M2: 1")


def test_unknown_boards_and_modes_are_one_line(saved):
    assert_one_line(lava_opzo("preflight", saved, "--board", "pohoiki"), 2,
                    "board 'pohoiki' is unknown; choose one of oheo-gulch")
    assert_one_line(lava_opzo("preflight", saved, "--mode", "offline"), 2, "mode 'offline' is not one of on-chip, in-the-loop")


def test_a_checkpoint_of_real_numbers_is_one_line(tmp_path):
    experiment = replace(digits(), number="real")
    checkpoint.save(tmp_path / "real.safetensors", experiment, initial_state(experiment.network))
    for command in (("preflight",), ("export", tmp_path / "x.net")):
        result = lava_opzo(command[0], tmp_path / "real.safetensors", *command[1:])
        assert_one_line(result, 2, "holds a network of real numbers")


def test_truncated_foreign_and_missing_sources_are_one_line(saved, tmp_path):
    truncated = tmp_path / "truncated.safetensors"
    truncated.write_bytes(saved.read_bytes()[:1000])
    assert_one_line(lava_opzo("preflight", truncated), 2, "cannot be read")
    (tmp_path / "notes.txt").write_text("hello")
    assert_one_line(lava_opzo("preflight", tmp_path / "notes.txt"), 2, "neither a config (.toml) nor a checkpoint")
    assert_one_line(lava_opzo("preflight", tmp_path / "none.safetensors"), 2, "cannot be read")


@pytest.mark.parametrize("format_, suffix", [("netx", "net"), ("nir", "nir")])
def test_export_prints_every_scale_and_overwrites_nothing(saved, tmp_path, format_, suffix):
    out = tmp_path / f"digits.{suffix}"
    shown = lava_opzo("export", saved, out, "--to", format_).output
    assert "layer 1: 65 -> 100" in shown and "window steps K: 8" in shown and "membrane unit: 1/64" in shown
    before = out.read_bytes()
    assert lava_opzo("export", saved, out, "--to", format_).code == 2
    assert out.read_bytes() == before


def test_export_can_run_what_it_wrote_in_lava(saved, tmp_path):
    pytest.importorskip("lava.lib.dl.netx")
    result = lava_opzo("export", saved, tmp_path / "digits.net", "--check", 5)
    assert "predict the same class for 5 of 5 samples" in result.output


def test_export_names_what_it_cannot_do(saved, tmp_path):
    assert_one_line(lava_opzo("export", saved, tmp_path / "x", "--to", "onnx"), 2, "format 'onnx' is not one of netx, nir")
    assert_one_line(lava_opzo("export", saved, tmp_path / "x", "--to", "nir", "--check", 3), 2, "--check runs a netx file")
    assert not (tmp_path / "x").exists()


def test_an_imported_network_becomes_a_run_folder_that_holds_its_weights(tmp_path):
    experiment = digits()
    forward = forward_of(experiment.network, initial_state(experiment.network))
    netx.write(tmp_path / "a.net", forward)
    result = lava_opzo("import-network", tmp_path / "a.net", tmp_path / "run")
    assert "of 200 samples are right" in result.output
    imported, state, _ = checkpoint.load(tmp_path / "run" / "checkpoint.safetensors")
    assert imported.network.widths == experiment.network.widths
    assert all(np.array_equal(state[connection.weights], layer.weights)
               for connection, layer in zip(imported.network.forward, forward.layers, strict=True))
    before = (tmp_path / "run" / "checkpoint.safetensors").read_bytes()
    assert_one_line(lava_opzo("import-network", tmp_path / "a.net", tmp_path / "run"), 2, "holds a run already")
    assert (tmp_path / "run" / "checkpoint.safetensors").read_bytes() == before
