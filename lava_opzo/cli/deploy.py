"""`lava-opzo deploy`: learn on line in Lava's simulator here, on Loihi 2 where there is one, step by step."""
from pathlib import Path
from typing import Annotated

from typer import Argument, Context, Exit, Option

from lava_opzo.cli.options import AsJson, Mode, Plugin


def deploy(
    context: Context,
    run: Annotated[Path | None, Argument(help="config .toml, checkpoint or run folder; default: the digits preset")] = None,
    target: Annotated[str, Option(help="auto, simulator or loihi2; auto: a board where there is one")] = "auto",
    mode: Mode = "on-chip",
    board: Annotated[str, Option(help="board type for preflight and map")] = "oheo-gulch",
    partition: Annotated[str | None, Option(help="SLURM partition, in the place of the variable PARTITION")] = None,
    plugin: Plugin = None,
    gate: Annotated[str | None, Option(help="psi, or in-the-loop count, where a board lacks psi; default: the config's")] = None,
    epochs: Annotated[int | None, Option(help="passes over the training set, instead of the config's")] = None,
    seed: Annotated[int | None, Option(help="seed of weights and noise, instead of the config's")] = None,
    data: Annotated[Path | None, Option(help="folder or file of the data set, instead of the config's")] = None,
    number: Annotated[str | None, Option("--number", "--model", help="fixed, or (simulator) real; default: the config's")] = None,
    engine: Annotated[str, Option(help="lava (event-driven), stock (all of stock Lava) or twin: equal bits")] = "lava",
    out: Annotated[Path | None, Option(help="run folder to make; default the next free runs/<data>-<n>")] = None,
    first: Annotated[str, Option("--from", help="first step: plan, preflight, verify, map, run or compare")] = "plan",
    last: Annotated[str, Option("--until", help="last step")] = "compare",
    page: Annotated[bool, Option("--report/--no-report", help="leave report.html in the run folder, or do not")] = True,
    as_json: AsJson = False,
) -> None:
    """plan -> preflight -> verify -> map -> run -> compare; leaves a run folder: config, weights, metrics, picture, page."""
    from lava_opzo.cli.given import given, refuse_all_but, refuse_beside
    from lava_opzo.cli.output import answer
    from lava_opzo.deployment.deployment import Deployment, opened, placed
    from lava_opzo.deployment.steps import STEPS, selected
    from lava_opzo.engines.target import IN_THE_LOOP, Target, plugins_of
    from lava_opzo.errors import INTERRUPTED, UserError
    from lava_opzo.experiment.experiment import changed
    from lava_opzo.network.initial import initial_state
    from lava_opzo.network.old_names import NUMBERS
    from lava_opzo.report.page.page import leave
    from lava_opzo.report.run import report

    steps = selected(first, last)
    if steps == ["compare"]:
        refuse_all_but(context, "--from compare", ("run", "data", "first", "last", "as_json"))
    if "run" not in steps:
        refuse_beside(context, f"--until {last}", ("out", "page"))
    if engine == IN_THE_LOOP != mode and "mode" in given(context):
        raise UserError(f"--mode {mode} and --engine {engine} contradict each other; leave one of them out")
    if IN_THE_LOOP in (mode, engine):
        refuse_beside(context, "in-the-loop", ("plugin", *(("engine",) if engine != IN_THE_LOOP else ())))
    experiment, state, folder = opened(run)
    if state.n_trained:
        refuse_beside(context, f"RUN has learned {state.n_trained} samples and", ("seed",))
    experiment = changed(experiment, epochs=epochs, seed=seed, path=data, number=NUMBERS.get(number or "", number), gate=gate)
    if seed is not None:
        state = initial_state(experiment.network)
    chosen = Target(engine, mode, placed(target, partition), plugins_of(plugin or []))
    deployment = Deployment(experiment, state, chosen, board, partition, out, folder, learns=steps != ["compare"])
    print(deployment.line, flush=True)
    results: dict = {"target": deployment.line}
    for step in steps:
        results[step] = STEPS[step](deployment)
        answer(results)
        if step == "run" and deployment.run is not None:
            print(report(results["run"], deployment.run), flush=True)
            if results["run"]["interrupted"]:
                break
    if page and "run" in steps and deployment.run is not None and not results["run"]["interrupted"]:
        left = leave(deployment.run, deployment.dataset, deployment.chosen_board)
        answer(results | {"report": left and str(left)})
        if left:
            print(f"report: {left}", flush=True)
    if results.get("run", {}).get("interrupted"):
        raise Exit(INTERRUPTED)
