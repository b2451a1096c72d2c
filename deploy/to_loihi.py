"""Train a spiking network on line: in Lava's simulator here, on Loihi 2 where there is one.

    python deploy/to_loihi.py            learn scikit-learn's digits in Lava's fixed-point simulation
    python deploy/to_loihi.py --help     everything else
"""
import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from lava_opzo.cli import run as run_application

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Option = typer.Option


@application.command()
def to_loihi(
    config: Annotated[Optional[Path], Option(help="TOML file of the run; without it the digits preset")] = None,
    epochs: Annotated[Optional[int], Option(help="passes over the training set, instead of the config's")] = None,
    seed: Annotated[Optional[int], Option(help="seed of weights and noise, instead of the config's")] = None,
    data: Annotated[Optional[Path], Option(help="folder or file of the data set, instead of the config's")] = None,
    model: Annotated[str, Option(help="fixed_pt or floating_pt")] = "fixed_pt",
    engine: Annotated[str, Option(help="lava (event-driven LearningDense), stock (stock LearningDense) or twin: equal bits")] = "lava",
    out: Annotated[Optional[Path], Option(help="run folder; default the next free runs/<data>-<n>")] = None,
    as_json: Annotated[bool, Option("--json", help="print the result as one line of JSON at the end")] = False,
):
    """Learn on line and leave a run folder: config, weights, metrics, one picture."""
    from lava_opzo import engines, job, presets
    from lava_opzo import experiment as experiments
    from lava_opzo.progress import Display
    from lava_opzo.run_folder import RunFolder

    engines.check(engine, model)
    print(engines.target(engine, model), flush=True)
    chosen = experiments.load(config) if config else presets.digits(model)
    chosen = experiments.changed(chosen, epochs=epochs, seed=seed, path=data)
    dataset = job.load_data(chosen)
    run = RunFolder.create(out or RunFolder.next_free("runs", chosen.data.name), chosen)
    with Display() as display:
        result = job.start(chosen, dataset, run, display.show, engine, model)
    print(job.report(result, run))
    if as_json:
        print(json.dumps(result))
    if result["interrupted"]:
        raise typer.Exit(130)


if __name__ == "__main__":
    run_application(application)
