"""What a run came to: its picture and its closing lines."""
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lava_opzo.data import Dataset
from lava_opzo.engines import largest, replayable, touches
from lava_opzo.engines.lava.spikes import record_spikes
from lava_opzo.report.figures import run_figure
from lava_opzo.report.picture import save
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.scores import words
from lava_opzo.runs.start import COMPLETED

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def draw(run: RunFolder, dataset: Dataset, out: Path | None = None) -> None:
    """Draw the run's picture from its folder. out: where to, .png, .pdf or .svg; None for the picture in the folder."""
    save(figure(run, dataset), out or run.picture)


def figure(run: RunFolder, dataset: Dataset) -> "Figure":
    """The run's picture from its folder; the raster is one training sample after the checkpoint, which stays as it is."""
    experiment, state, _ = checkpoint.load(run.checkpoint)
    frames, labels = dataset.train_frames[:1], dataset.train_labels[:1]
    spikes = record_spikes(experiment.network, state, frames, labels, experiment.number)
    metrics = run.read_metrics(experiment.network.depth)
    return run_figure(metrics, experiment.network, state, spikes, experiment.data.measured_on)


def report(result: dict[str, Any], run: RunFolder) -> str:
    """What happened, in lines that a person reads. result: of `lava_opzo.runs.start`."""
    if result["interrupted"]:
        return (f"interrupted after {result['n_trained']} samples; weights up to there are in {run.checkpoint}\n"
                f"go on with: lava-opzo resume {run.path}")
    accuracy, scores = result["test_accuracy"], result.get("test_scores")
    tested = "no test samples" if accuracy is None else f"{result['measured_on']} accuracy {100 * accuracy:.2f} %"
    tested = f"{result['measured_on']}: {words(scores)}" if scores else tested
    rates = ", ".join(f"{rate:.3f}" for rate in result["spike_rates"])
    completed = result.get(COMPLETED)
    before = f"all samples were learned before; now written: {', '.join(completed)}\n" if completed else ""
    return (f"{before}{tested} after {result['n_trained']} samples{_speed(result)}\n"
            f"spikes per step and neuron, by hidden layer: {rates}; rail touches: {touches.summary(result['rail_touches'])}\n"
            f"{largest.summary(result['largest'])}\n"
            f"{replayable.verdict(result['profile'], result['obstacles'])}\n"
            + "".join(f"warning: {line}\n" for line in result["warnings"]) +
            f"run folder: {run.path} (config, checkpoint, metrics, result, {run.picture.name})")


def _speed(result: dict[str, Any]) -> str:
    seconds, speed = result["seconds"], result["samples_per_s"]
    time = "" if seconds is None else f" in {seconds:.0f} s"
    return time if speed is None else f"{time} ({speed:.1f} samples/s)"
