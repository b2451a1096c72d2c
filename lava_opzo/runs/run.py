"""One training run from data to run folder: the same for every engine, for a new run and for a resumed one."""
import time
import warnings
from dataclasses import dataclass

from lava_opzo.engines import largest
from lava_opzo.engines import touches
from lava_opzo.errors import RangeWarning, UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.runs.metrics import LayerMetrics
from lava_opzo.engines.largest import Largest
from lava_opzo.runs.folder import RunFolder
from lava_opzo.network.state import State
from lava_opzo.network.initial import initial_state
from lava_opzo.engines.touches import Touches
from lava_opzo.runs.loop import Progress, accuracy, train
from lava_opzo.runs.interrupt import first_interrupt_is_polite

PROGRESS_SECONDS = 1.0
"""How often a line of progress is kept in metrics.jsonl."""

CHECKPOINT_SECONDS = 60.0
"""How often the state is saved between the ends of epochs."""


@dataclass(frozen=True)
class Outcome:
    """What a run came to: shares of right test and training answers, samples learned, speed, and whether it was interrupted."""

    n_trained: int
    test_accuracy: float | None
    train_accuracy: float
    samples_per_s: float
    seconds: float
    spike_rates: list[float]
    rail_touches: Touches | None
    largest: Largest
    interrupted: bool




def learn(experiment: Experiment, dataset, run: RunFolder, make_engine, show, state: State | None = None,
          extra: dict | None = None) -> Outcome:
    """Train to the end of the last epoch, or to the first interrupt; checkpoint at every epoch, every minute and at the end.

    make_engine: as `lava_opzo.engines.registry.factory` gives it. show(progress, text) is called after every chunk and with a line of
    text at every epoch. state: where to start. extra: what the checkpoints carry, from a checkpoint to go on from there:
    hits_in_epoch, rail_touches, largest, layers (`LayerMetrics.carried`).
    """
    state = state or initial_state(experiment.network)
    extra = {"hits_in_epoch": 0, "rail_touches": {}, "largest": {}, "layers": {}, **(extra or {})}
    touched_before, largest_before, warned = extra["rail_touches"], extra["largest"], set()

    def seen() -> dict:
        return {"rail_touches": touches.add(touched_before, engine.rail_touches),
                "largest": largest.merge(largest_before, engine.largest)}

    started = last_kept = last_saved = time.monotonic()
    progress = test_accuracy = None
    with first_interrupt_is_polite() as should_stop, \
            make_engine(experiment.network, state, dataset.train_frames.shape[1]) as engine:
        layers = LayerMetrics(experiment.network, engine, dataset.train_frames, experiment.model, state.n_trained,
                              extra["layers"])
        for progress in train(engine, dataset, experiment.training, state.n_trained, extra["hits_in_epoch"], should_stop):
            show(progress, None)
            now = time.monotonic()
            if progress.epoch_done or now - last_kept > PROGRESS_SECONDS:
                run.add_metrics(_record(progress))
                last_kept = now
            learned = None
            if progress.epoch_done or layers.due(progress.done):
                learned = engine.state()
                run.add_metrics(layers.look(progress.done, learned))
            if progress.epoch_done:
                test_accuracy = accuracy(engine, dataset.test_frames, dataset.test_labels) if len(dataset.test_labels) else None
                run.add_metrics({"kind": "epoch", "epoch": progress.epoch, "n_trained": progress.done,
                                 "train_accuracy": progress.accuracy, "test_accuracy": test_accuracy,
                                 **seen()})
                show(progress, _epoch_line(progress, test_accuracy))
            _warn(engine.largest, warned)
            if progress.epoch_done or should_stop() or now - last_saved > CHECKPOINT_SECONDS:
                extra |= {"hits_in_epoch": progress.hits_in_epoch, "layers": layers.carried(progress.done), **seen()}
                run.save(experiment, learned or engine.state(), extra)
                last_saved = now
        spike_rates, at_the_end = layers.spike_rates(progress.done), seen()
    return Outcome(
        n_trained=progress.done,
        test_accuracy=test_accuracy,
        train_accuracy=progress.accuracy,
        samples_per_s=progress.samples_per_s,
        seconds=time.monotonic() - started,
        spike_rates=spike_rates,
        **at_the_end,
        interrupted=progress.done < progress.total,
    )


def _warn(largest: Largest, warned: set[tuple[str, str]]) -> None:
    """Warn of every variable that passed its limit, once."""
    for place, line in largest.overflows(largest).items():
        if place not in warned:
            warned.add(place)
            warnings.warn(line, RangeWarning, stacklevel=2)


def _record(progress: Progress) -> dict:
    return {"kind": "progress", "n_trained": progress.done, "epoch": progress.epoch, "accuracy": progress.accuracy,
            "samples_per_s": round(progress.samples_per_s, 3)}


def _epoch_line(progress: Progress, test_accuracy: float | None) -> str:
    test = "" if test_accuracy is None else f", test {100 * test_accuracy:.2f} %"
    return f"epoch {progress.epoch}: {100 * progress.accuracy:.2f} % right while learning{test}, {progress.samples_per_s:.1f} samples/s"
