"""`lava-opzo resume`: go on with a run that was interrupted or killed, in any engine, with the bits of an unbroken run."""
from pathlib import Path
from typing import Annotated, Optional

from typer import Argument, Option


def resume(
    run: Annotated[Path, Argument(help="run folder")],
    epochs: Annotated[Optional[int], Option(help="train to this many epochs in all, instead of the config's")] = None,
    engine: Annotated[str, Option(help="twin, lava or stock; it need not be the one of the first part")] = "twin",
    as_json: Annotated[bool, Option("--json", help="print the result as one line of JSON at the end")] = False,
):
    """Go on from the last checkpoint of a run folder."""
    from lava_opzo.cli.output import finish
    from lava_opzo.engines import registry
    from lava_opzo.runs import checkpoint, start
    from lava_opzo.runs.folder import RunFolder
    from lava_opzo.runs.progress import Display

    folder = RunFolder(run)
    experiment, _, _ = checkpoint.load(folder.checkpoint)
    registry.check(engine, experiment.model, experiment.network.credit, experiment.gate)
    print(registry.target(engine, experiment.model), flush=True)
    with Display() as display:
        result = start.resume(folder, display.show, engine, epochs)
    finish(result, folder, as_json)
