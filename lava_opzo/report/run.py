"""What a run came to: its picture and its closing lines."""
from lava_opzo.engines import largest, touches
from lava_opzo.engines.lava.spikes import record_spikes
from lava_opzo.runs import checkpoint
from lava_opzo.runs.folder import RunFolder


def draw(run: RunFolder, dataset) -> None:
    """Draw the run's picture from its folder; the raster is one training sample after the checkpoint, which stays as it is."""
    from lava_opzo.report import figures

    experiment, state, _ = checkpoint.load(run.checkpoint)
    spikes = record_spikes(experiment.network, state, dataset.train_frames[:1], dataset.train_labels[:1], experiment.model)
    figures.run_picture(run.picture, run.read_metrics(), state, spikes, experiment.network.schedule())


def report(result: dict, run: RunFolder) -> str:
    """What happened, in lines that a person reads."""
    if result["interrupted"]:
        return (f"interrupted after {result['n_trained']} samples; weights up to there are in {run.checkpoint}\n"
                f"go on with: lava-opzo resume {run.path}")
    accuracy = result["test_accuracy"]
    tested = "no test samples" if accuracy is None else f"test accuracy {100 * accuracy:.2f} %"
    rates = ", ".join(f"{rate:.3f}" for rate in result["spike_rates"])
    return (f"{tested} after {result['n_trained']} samples in {result['seconds']:.0f} s ({result['samples_per_s']:.1f} samples/s)\n"
            f"spikes per step and neuron, by hidden layer: {rates}; rail touches: {touches.summary(result['rail_touches'])}\n"
            f"{largest.summary(result['largest'])}\n"
            + "".join(f"warning: {line}\n" for line in result["warnings"]) +
            f"run folder: {run.path} (config, checkpoint, metrics, result, {run.picture.name})")
