"""`lava-opzo tune`: search for better settings of one experiment in the twin, on validation samples, for some minutes."""
import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from typer import Context, Exit, Option

from lava_opzo.cli.options import AsJson

if TYPE_CHECKING:
    from lava_opzo.tune.trials import Trial


def tune(
    context: Context,
    dataset: Annotated[str, Option(help="data set, as for train")] = "digits",
    data: Annotated[Path | None, Option(help="folder or file of the data set")] = None,
    config: Annotated[Path | None, Option(help="TOML file of a run to begin with, instead of --dataset and --hidden")] = None,
    hidden: Annotated[str | None, Option(help="hidden layers, as for train")] = None,
    validation: Annotated[int | None, Option(min=1, help="measure on the last N training samples; default a fifth, up to "
                                                         "10,000. No test sample is looked at")] = None,
    epochs: Annotated[int | None, Option(help="passes over the training samples of a trial, and of the config")] = None,
    minutes: Annotated[float, Option(help="how long; every call goes on for so long")] = 10.0,
    trials: Annotated[int | None, Option(min=1, help="most trials of this call, if they end before the time")] = None,
    replayable: Annotated[bool, Option("--replayable", help="only settings with which a chip would learn the same bits")] = False,
    board: Annotated[str | None, Option(help="only settings that fit this board, as oheo-gulch")] = None,
    jobs: Annotated[int | None, Option(min=1, help="trials at a time; default one a core")] = None,
    out: Annotated[Path | None, Option(help="folder, gone on with if it exists; default runs/tune-<n>")] = None,
    as_json: AsJson = False,
) -> None:
    """Search with optuna (extra tune); Ctrl-C keeps every trial that ended, and the same command with --out goes on."""
    from lava_opzo.board.finding import refuse
    from lava_opzo.board.preflight import preflight
    from lava_opzo.cli.given import refuse_beside
    from lava_opzo.cli.output import answer
    from lava_opzo.engines import registry
    from lava_opzo.errors import INTERRUPTED, UserError, check_range
    from lava_opzo.files.whole import write_whole
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.silicon import boards
    from lava_opzo.tune import prepare, run, space, study, summary, trials as records
    from lava_opzo.tune.display import TuneDisplay
    from lava_opzo.tune.folder import TuneFolder
    from lava_opzo.tune.learning import ENGINE, Wanted

    if config:
        refuse_beside(context, "--config", ("dataset", "hidden"))
    check_range("tune", "minutes", minutes, 0.001, 100_000, "; choose another time")
    study.loaded()
    wanted = Wanted(replayable, boards.find(board) if board else None)
    prepared, samples = prepare.tuning(dataset, data, config, hidden, validation, epochs, wanted)
    print(registry.first_line(ENGINE, prepared.start.number), flush=True)
    if wanted.board:
        refuse(preflight(prepared.start.network, None, wanted.board))
    folder, found = TuneFolder.create(out or RunFolder.next_free("runs", "tune"), prepared), space.knobs(prepared.start.network)
    print(f"tune folder {folder.path}: {len(found)} settings of {prepared.start.data.name}, measured on "
          f"{len(samples.test_labels)} validation samples, for {minutes:g} minutes", flush=True)
    with folder.locked():
        with TuneDisplay() as display:
            outcome = run.tune(folder, prepared, samples, 60 * minutes, jobs or os.cpu_count() or 1, trials, display.show)
        write_whole(folder.table, records.comma_separated(outcome.trials, found).encode())
        if outcome.best is not None:
            folder.write_config(space.turned(prepared.whole, prepared.n_whole, outcome.best.steps))
        shares = study.what_mattered(found, outcome.trials, prepared.start.network.seed)
        _draw(folder.picture, shares, outcome.trials)
    summary.render(outcome.trials, found)
    print("\n".join(summary.lines(folder, outcome, found, outcome.best is not None)))
    answer({"target": registry.first_line(ENGINE, prepared.start.number),
            **summary.content(folder, prepared, outcome, shares, outcome.best is not None)})
    if outcome.interrupted:
        raise Exit(INTERRUPTED)
    if outcome.best is None:
        raise UserError(f"{folder.owner}: no trial got through, of {len(outcome.trials)}; {folder.table} says why: give more "
                        "--minutes, or leave --replayable or --board out")


def _draw(path: Path, shares: Mapping[str, float] | None, trials: "Sequence[Trial]") -> None:
    """The picture, which no result may be lost for; nothing where no trial came to the end of an epoch."""
    from lava_opzo.errors import FileWarning
    from lava_opzo.report import tuning as pictures

    shown = [trial for trial in trials if trial.curve]
    begun = next((trial.curve for trial in trials if trial.is_start), ())
    try:
        if shown:
            done = [trial.accuracy is not None for trial in shown]
            pictures.picture(path, shares, [trial.curve for trial in shown], done, begun)
    except Exception as error:  # whatever a picture fails for, config and table are written
        reason = " ".join(str(error).split()) or type(error).__name__
        warnings.warn(f"{path}: cannot be drawn: {reason}; config and table are whole", FileWarning, stacklevel=2)
