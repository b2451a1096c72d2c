"""The steps of a deployment: plan, preflight, verify, map, run, compare. `lava-opzo deploy` walks through them by name.

Each step is a function of one `Deployment`; it prints what it found and returns it for JSON.
"""
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from lava_opzo.board import tables
from lava_opzo.board.finding import MEASURED_SAMPLES, count, refuse, summary
from lava_opzo.board.mapping import mapping_report
from lava_opzo.board.preflight import preflight
from lava_opzo.deployment.deployment import Deployment
from lava_opzo.deployment.plan import plan
from lava_opzo.engines import registry
from lava_opzo.engines.target import Target
from lava_opzo.errors import UserError
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.initial import initial_state
from lava_opzo.network.network import Network
from lava_opzo.report.run import draw
from lava_opzo.runs import checkpoint, start
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder
from lava_opzo.runs.loop import train
from lava_opzo.runs.presentation import Presentation
from lava_opzo.runs.progress import Display
from lava_opzo.runs.source import samples_of
from lava_opzo.verification import report as reports
from lava_opzo.verification.command import first_bit_command
from lava_opzo.verification.readable import described
from lava_opzo.verification.targets import verify_target

VERIFIED_SAMPLES = 5

START = "start.safetensors"
"""The file of a run folder with the state that the run began with."""

ORACLE, MOST_OF_ORACLE = "oracle", 300_000
"""The reference of step verify, and the most pairs of neurons in all connections with which it learns its samples in seconds: it
is not compiled, which takes the twin longer than that."""

REFERENCE = "twin"
"""The engine that says what is right."""

OF_REFERENCE = "fast"
"""The engine that says so of the reference itself."""

Found = dict[str, Any]


def plan_step(deployment: Deployment) -> Found:
    """What is about to be done."""
    planned = plan(deployment.experiment, deployment.target.place, deployment.target.mode, deployment.chosen_board,
                   deployment.environment)
    print("plan: " + "\n      ".join(planned.lines), flush=True)
    return asdict(planned)


def preflight_step(deployment: Deployment) -> Found:
    """All limits, with the samples that `lava-opzo preflight` takes, so that both count the same findings.

    On a board errors end the job; in the simulator they are shown, for it can run what no board can.
    """
    network = deployment.experiment.network
    state = deployment.state if deployment.experiment.number == "fixed" else initial_state(network)
    deployment.announce_compiling("preflight")
    frames, _ = samples_of(deployment.dataset, MEASURED_SAMPLES)
    findings = preflight(network, state, deployment.chosen_board, deployment.target.mode, frames)
    counts = count(findings)
    print(f"preflight: {summary(counts)} (lava-opzo preflight --all shows them)", flush=True)
    for finding in findings:
        if finding.level == "error":
            print(f"  {finding}")
    if deployment.target.on_board:
        refuse(findings)
    return counts


def verify_step(deployment: Deployment) -> Found:
    """A few samples in what the step run will start and in the reference: all that can be read must be equal.

    Raises UserError with the place of the first difference, whose operands are printed before.
    """
    experiment, target = deployment.experiment, deployment.target
    reference = _reference(target, experiment.network)
    able = REFERENCE if reference == ORACLE else reference  # the oracle learns what the twin does, but no whole runs
    reason = _without_equal_bits(experiment, able, target.engine_name)
    if reason:
        print(f"verify: skipped, {reason}", flush=True)
        return {"skipped": True}
    if reference == REFERENCE:
        deployment.announce_compiling("verify")
    dataset = deployment.dataset
    frames, labels = Presentation(dataset, experiment.training).part(0, VERIFIED_SAMPLES)
    report = verify_target(experiment.network, deployment.state, frames, labels, target, reference, every=len(labels))
    if report.first:
        print("\n".join(reports.lines(report, "")), flush=True)
        _, first = report.first
        raise UserError(f"verify: {target.name} and {reference} differ first in {first.place}: {target.name} has {first.right}, "
                        f"right is {first.left}; nothing was run, mend it and deploy again")
    print(f"verify: {target.name} and {reference} agree in all {report.compared} values that can be read after "
          f"{len(labels)} samples ({described(report.read)})", flush=True)
    return {"samples": len(labels), "values": report.compared, "differing": 0}


def map_step(deployment: Deployment) -> Found:
    """Where the network would lie."""
    mapping = mapping_report(deployment.experiment.network, deployment.chosen_board, deployment.target.mode)
    cores = ", ".join(f"{placement.population} {placement.cores}" for placement in mapping.placements)
    print(f"map: {mapping.cores} cores ({cores}) on {mapping.chips} chip(s) of {mapping.board.name}, conservative packing",
          flush=True)
    return {"board": mapping.board.name, "cores": mapping.cores, "chips": mapping.chips, "fits": mapping.fits,
            "populations": tables.mapping_rows(mapping)}


def run_step(deployment: Deployment) -> Found:
    """Learn, and leave a run folder."""
    experiment, dataset = deployment.experiment, deployment.dataset
    start.refuse_finished("run", experiment, dataset, deployment.state)
    deployment.run = RunFolder.create(deployment.out or RunFolder.next_free("runs", experiment.data.name), experiment,
                                      deployment.state)
    checkpoint.save(deployment.run.path / START, experiment, deployment.state)
    with Display() as display:
        return start.go_on(experiment, dataset, deployment.run, display.show, deployment.make_engine, deployment.line,
                           deployment.state, draw=draw)


def compare_step(deployment: Deployment) -> Found:
    """The run's arrays against a twin that starts from the same weights and learns the same samples."""
    if deployment.run is None:
        raise UserError("compare: there is no run to compare; give its folder as RUN, or do the step run first")
    experiment, learned, _ = checkpoint.load(deployment.run.checkpoint)
    reason = _without_equal_bits(experiment, REFERENCE)
    if reason:
        print(f"compare: skipped, {reason}", flush=True)
        return {"skipped": True}
    start_file = deployment.run.path / START
    _, begun, _ = checkpoint.load(start_file)
    rows = deployment.dataset.train_frames.shape[1]
    with registry.make(REFERENCE, experiment.network, begun, experiment.number, rows) as twin:
        for progress in train(twin, deployment.dataset, experiment.training, begun.n_trained):
            if progress.done >= learned.n_trained:
                break
        different = differing(learned.arrays, twin.state().arrays)
    if different:
        command = first_bit_command(start_file, learned.n_trained - begun.n_trained, deployment.target, REFERENCE)
        unsaid = "" if deployment.learns else ", with the --plugin or --mode of the run if it had one"
        raise UserError(f"compare: the run and the {REFERENCE} differ in {', '.join(different)} after {learned.n_trained} "
                        f"samples; find the first wrong bit: {command}{unsaid}")
    other = _reference(deployment.target, deployment.experiment.network)
    itself = f"; it is the engine of the run, which step verify compared with {other}"
    print(f"compare: the twin learned the same {learned.n_trained} samples to the same bits in every array"
          f"{itself if deployment.target.name == REFERENCE else ''}", flush=True)
    print("profile: time and energy on a chip not measured (no board)" if not deployment.target.on_board
          else "profile: not measured by this job", flush=True)
    return {"n_trained": learned.n_trained, "differing": 0}


def _reference(target: Target, network: Network) -> str:
    """The engine that a target is verified against, never itself: the oracle, but for networks with which it takes long."""
    if sum(one.topology.n_pre * one.topology.n_post for one in network.connections) <= MOST_OF_ORACLE:
        return ORACLE
    return OF_REFERENCE if target.name == REFERENCE else REFERENCE


def _without_equal_bits(experiment: Experiment, *engines: str) -> str | None:
    """Why engines cannot be compared bit by bit in what an experiment learns; None where they can."""
    if experiment.number != "fixed":
        return f"it learns in number {experiment.number}: real numbers are equal up to rounding only"
    try:
        for name in engines:
            registry.check(name, experiment.number, experiment.network)
    except UserError as error:
        return str(error)
    return None


STEPS: dict[str, Callable[[Deployment], Found]] = {
    "plan": plan_step, "preflight": preflight_step, "verify": verify_step, "map": map_step, "run": run_step,
    "compare": compare_step}
"""The steps in their order."""


def selected(first: str, last: str) -> list[str]:
    """Names of the steps from `first` to `last`. Raises UserError for an unknown name or the wrong order."""
    names = list(STEPS)
    for name in (first, last):
        if name not in names:
            raise UserError(f"step '{name}' is not one of {', '.join(names)}; choose one of them")
    if names.index(first) > names.index(last):
        raise UserError(f"step '{first}' comes after '{last}'; the order is {', '.join(names)}")
    return names[names.index(first):names.index(last) + 1]
