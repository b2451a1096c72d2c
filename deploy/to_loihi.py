"""Train a spiking network on line: in Lava's simulator here, on Loihi 2 where there is one.

    python deploy/to_loihi.py            learn scikit-learn's digits in Lava's fixed-point simulation
    python deploy/to_loihi.py --help     everything else
"""
import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from lava_opzo.cli import run as run_application
from lava_opzo.errors import UserError

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Option = typer.Option


@application.command()
def to_loihi(
    config: Annotated[Optional[Path], Option(help="TOML file of the run; without it the digits preset")] = None,
    epochs: Annotated[Optional[int], Option(help="passes over the training set, instead of the config's")] = None,
    seed: Annotated[Optional[int], Option(help="seed of weights and noise, instead of the config's")] = None,
    data: Annotated[Optional[Path], Option(help="folder or file of the data set, instead of the config's")] = None,
    model: Annotated[str, Option(help="fixed_pt or floating_pt")] = "fixed_pt",
    engine: Annotated[str, Option(help="event (ours, equal bits) or stock")] = "event",
    out: Annotated[Optional[Path], Option(help="run folder; default the next free runs/<data>-<n>")] = None,
    as_json: Annotated[bool, Option("--json", help="print the result as one line of JSON at the end")] = False,
):
    """Learn on line and leave a run folder: config, weights, metrics, one picture."""
    from lava_opzo import engine as engines
    from lava_opzo import experiment as experiments
    from lava_opzo import presets, target
    from lava_opzo.data import load
    from lava_opzo.progress import Display
    from lava_opzo.run_folder import RunFolder
    from lava_opzo.simulate import simulate

    engines.run_config(model, engine)
    print(target.simulator(model, engine), flush=True)
    chosen = experiments.load(config) if config else presets.digits()
    chosen = experiments.changed(chosen, epochs=epochs, seed=seed, path=data)
    dataset = load(chosen.data.name, chosen.data.path or None, steps=chosen.network.steps, seed=chosen.data.seed,
                   **chosen.data.options)
    run = RunFolder.create(out or RunFolder.next_free("runs", chosen.data.name), chosen)
    with Display() as display:
        result = simulate(chosen, dataset, run, display.show, model, engine)
    report(result, run)
    if as_json:
        print(json.dumps(result))
    if result["interrupted"]:
        raise typer.Exit(130)


def report(result: dict, run) -> None:
    """What happened, in lines that a person reads."""
    if result["interrupted"]:
        print(f"interrupted after {result['n_trained']} samples; weights up to there are in {run.checkpoint}")
        return
    print(f"test accuracy {100 * result['test_accuracy']:.2f} % after {result['n_trained']} samples "
          f"in {result['seconds']:.0f} s ({result['samples_per_s']:.1f} samples/s)")
    touched = {name: n for name, n in result["rail_touches"].items() if n}
    print(f"rail touches: {touched or 'none'}; run folder: {run.path} (config, weights, metrics, {run.picture.name})")


if __name__ == "__main__":
    run_application(application)
