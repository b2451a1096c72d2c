"""Deploy a spiking network that learns on line: in Lava's simulator here, on Loihi 2 where there is one.

    python deploy/to_loihi.py            learn scikit-learn's digits in Lava's fixed-point simulation
    python deploy/to_loihi.py --help     everything else
"""
import json
from pathlib import Path
from typing import Annotated, Optional

import typer

from lava_opzo.cli.app import run as run_application
from lava_opzo.errors import UserError

application = typer.Typer(add_completion=False, pretty_exceptions_enable=False)

Option = typer.Option


@application.command()
def to_loihi(
    run: Annotated[Optional[Path], typer.Argument(help="config .toml, checkpoint or run folder; default: the digits preset")] = None,
    target: Annotated[str, Option(help="auto, simulator or loihi2; auto takes a board where lava-loihi and its variables are")] = "auto",
    mode: Annotated[str, Option(help="on-chip (the whole graph) or in-the-loop (forward on the chip, updates on the host)")] = "on-chip",
    board: Annotated[str, Option(help="board type for preflight and map")] = "oheo-gulch",
    partition: Annotated[Optional[str], Option(help="SLURM partition, in the place of the variable PARTITION")] = None,
    plugin: Annotated[Optional[list[str]], Option(help="Process=package.module.Class, a neurocore model; once for each")] = None,
    gate: Annotated[Optional[str], Option(help="in-the-loop: psi, or count where a board lacks psi, instead of the config's")] = None,
    epochs: Annotated[Optional[int], Option(help="passes over the training set, instead of the config's")] = None,
    seed: Annotated[Optional[int], Option(help="seed of weights and noise, instead of the config's")] = None,
    data: Annotated[Optional[Path], Option(help="folder or file of the data set, instead of the config's")] = None,
    model: Annotated[Optional[str], Option(help="fixed_pt, or floating_pt in the simulator, instead of the config's")] = None,
    engine: Annotated[str, Option(help="lava (event-driven LearningDense), stock (stock LearningDense) or twin: equal bits")] = "lava",
    out: Annotated[Optional[Path], Option(help="run folder to make; default the next free runs/<data>-<n>")] = None,
    first: Annotated[str, Option("--from", help="first step: plan, preflight, verify, map, run or compare")] = "plan",
    last: Annotated[str, Option("--until", help="last step")] = "compare",
    as_json: Annotated[bool, Option("--json", help="print the result as one line of JSON at the end")] = False,
):
    """plan -> preflight -> verify -> map -> run -> compare; leaves a run folder: config, weights, metrics, one picture."""
    from lava_opzo.deployment import deployment
    from lava_opzo.deployment import steps as deployments
    from lava_opzo.errors import INTERRUPTED
    from lava_opzo.experiment import experiment as experiments
    from lava_opzo.network.initial import initial_state
    from lava_opzo.report.run import report

    steps = deployments.selected(first, last)
    chosen, state, folder = deployment.opened(run)
    chosen = experiments.changed(chosen, epochs=epochs, seed=seed, path=data, model=model, gate=gate)
    if seed is not None and state.n_trained == 0:
        state = initial_state(chosen.network)
    deployment = deployment.Deployment(
        chosen, state, target, mode, board, partition, engine, dict(map(named_model, plugin or [])), out, folder, steps)
    print(deployment.line, flush=True)
    results = {"target": deployment.line}
    for step in steps:
        results[step] = deployments.STEPS[step](deployment)
        if step == "run":
            print(report(results["run"], deployment.run), flush=True)
            if results["run"]["interrupted"]:
                break
    if as_json:
        print(json.dumps(results, default=str))
    if results.get("run", {}).get("interrupted"):
        raise typer.Exit(INTERRUPTED)


def named_model(text: str) -> tuple[str, str]:
    """'OpzoLIF=package.module.Class' as a pair."""
    name, equals, dotted = text.partition("=")
    if not equals:
        raise UserError(f"--plugin '{text}' is not of the form Process=package.module.Class")
    return name, dotted


if __name__ == "__main__":
    run_application(application)
