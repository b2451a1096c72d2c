"""`lava-opzo resume`: go on with a run that was interrupted or killed, in any engine, with the bits of an unbroken run."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from lava_opzo.cli.options import AsJson, Engine, Freeze, Rate


def resume(
    run: Annotated[Path, Argument(help="run folder")],
    epochs: Annotated[int | None, Option(help="train to this many epochs in all, instead of the config's")] = None,
    settings: Annotated[list[str] | None, Option(
        "--set", help="key=value, as network.learning.halve_every=5000: go on with another value; once for each")] = None,
    freeze: Freeze = None,
    rate: Rate = None,
    from_previous: Annotated[bool, Option(
        "--from-previous", help="go on from the checkpoint before the last, where the last one is damaged")] = False,
    engine: Engine = "twin",
    as_json: AsJson = False,
) -> None:
    """Go on from the last checkpoint of a run folder; the engine need not be the one of the first part."""
    from lava_opzo.cli.output import finish
    from lava_opzo.engines import registry
    from lava_opzo.experiment import layer_settings
    from lava_opzo.report.run import draw
    from lava_opzo.runs import resuming, start
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.progress import Display

    folder = RunFolder(run)
    with folder.held():
        experiment = resuming.kept(folder, from_previous).experiment
        registry.check(engine, experiment.number, experiment.network)
        print(registry.first_line(engine, experiment.number), flush=True)
        with Display() as display:
            layers = layer_settings.settings(experiment.network, freeze, rate or ())
            result = start.resume(folder, display.show, engine, epochs, draw, [*(settings or ()), *layers], from_previous)
    finish(result, folder)
