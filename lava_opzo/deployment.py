"""The steps of a deployment: plan, preflight, verify, map, run, compare. deploy/to_loihi.py walks through them by name.

Each step is a function of one `Deployment`; it prints what it found and returns it for JSON.
"""
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lava_opzo import engines, job
from lava_opzo.board import boards, environment, report
from lava_opzo.board.finding import count, refuse, summary
from lava_opzo.board.mapping import mapping_report
from lava_opzo.board.plan import plan
from lava_opzo.board.preflight import preflight
from lava_opzo.compare import differing
from lava_opzo.errors import NoBoardError, UserError
from lava_opzo.experiment import Experiment
from lava_opzo.run_folder import RunFolder
from lava_opzo.state import State, initial_state
from lava_opzo.target import lava_loihi_installed, simulator

TARGETS = ("auto", "simulator", "loihi2")
VERIFIED_SAMPLES = 5


@dataclass
class Deployment:
    """What is deployed where. state: the weights to start from. plugins: Process name -> dotted name of a neurocore model.

    out: the run folder to make, None for the next free one. run: the run to compare, until the step run makes one. steps: the names of
    those that are done; compare alone goes by what the run says of itself and refuses no gate.
    """

    experiment: Experiment
    state: State
    target: str = "auto"
    mode: str = "on-chip"
    board: str = "oheo-gulch"
    partition: str | None = None
    engine: str = "lava"
    plugins: dict[str, str] = field(default_factory=dict)
    out: Path | None = None
    run: RunFolder | None = None
    steps: list[str] = field(default_factory=lambda: list(STEPS))

    def __post_init__(self):
        if self.target not in TARGETS:
            raise UserError(f"target '{self.target}' is not one of {', '.join(TARGETS)}; choose one of them")
        model = self.experiment.model
        engines.check(self.engine, model, self.experiment.network.credit)
        if self.mode != "in-the-loop" and self.steps != ["compare"]:
            engines.require_psi(self.experiment.gate)
        self.environment = environment.read(partition=self.partition)
        environment.check(self.environment)
        if self.target == "auto":
            self.target = "loihi2" if lava_loihi_installed() and self.environment.variables else "simulator"
        if self.on_board and not lava_loihi_installed():
            raise NoBoardError("target loihi2: lava-loihi is not installed, so no board can be reached; install it from INRC and check "
                               'with: python -c "from lava.utils import loihi; print(loihi.is_installed())"')
        if model != "fixed_pt" and (self.on_board or self.mode == "in-the-loop"):
            raise UserError(f"model '{model}': boards and the in-the-loop mode take --model fixed_pt only")
        if model == "fixed_pt" and not np.issubdtype(self.state.weights[0].dtype, np.integer):
            raise UserError("model 'fixed_pt': RUN holds a floating-point network; leave --model out, or give one trained with it")
        if self.out is not None:
            RunFolder(self.out).refuse_used()
        self.dataset = job.load_data(self.experiment)

    @property
    def on_board(self) -> bool:
        return self.target == "loihi2"

    @property
    def line(self) -> str:
        """The first line of the job."""
        if self.on_board:
            return f"board: Loihi 2 through lava-loihi, mode {self.mode}, board type {self.board}"
        if self.mode == "in-the-loop":
            return simulator(self.experiment.model, "in-the-loop")
        return engines.target(self.engine, self.experiment.model)


def plan_step(deployment: Deployment) -> dict:
    """What is about to be done."""
    planned = plan(deployment.experiment, deployment.target, deployment.mode, boards.find(deployment.board), deployment.environment)
    print("plan: " + "\n      ".join(planned.lines), flush=True)
    return vars(planned)


def preflight_step(deployment: Deployment) -> dict:
    """All limits. On a board errors end the job; in the simulator they are shown, for it can run what no board can."""
    findings = preflight(deployment.experiment.network, _integers(deployment), boards.find(deployment.board), deployment.mode)
    counts = count(findings)
    print(f"preflight: {summary(counts)} (lava-opzo preflight shows them all)", flush=True)
    for finding in findings:
        if finding.level == "error":
            print(f"  {finding}")
    if deployment.on_board:
        refuse(findings)
    return counts


def verify_step(deployment: Deployment) -> dict:
    """A few samples in Lava and in the twin: every carried array must be equal."""
    if deployment.experiment.model != "fixed_pt":
        print("verify: skipped, real numbers are equal up to rounding only", flush=True)
        return {"skipped": True}
    print("verify: compiling the twin where this machine has not done so yet (once, about 15 s)", flush=True)
    frames, labels = (part[:VERIFIED_SAMPLES] for part in (deployment.dataset.train_frames, deployment.dataset.train_labels))
    states = []
    for name in ("twin", "lava"):
        with engines.factory(name)(deployment.experiment.network, deployment.state, frames.shape[1]) as engine:
            engine.train(frames, labels)
            states.append(engine.state().arrays())
    different = differing(*states)
    if different:
        raise UserError(f"verify: Lava and the twin differ in {', '.join(different)} after {len(labels)} samples; "
                        "lava-opzo verify names the first wrong bit")
    values = sum(array.size for array in states[0].values())
    print(f"verify: Lava and the twin agree in all {values} carried values after {len(labels)} samples", flush=True)
    return {"samples": len(labels), "values": values, "differing": 0}


def map_step(deployment: Deployment) -> dict:
    """Where the network would lie."""
    mapping = mapping_report(deployment.experiment.network, boards.find(deployment.board), deployment.mode)
    cores = ", ".join(f"{placement.layer} {placement.cores}" for placement in mapping.placements)
    print(f"map: {mapping.cores} cores ({cores}) on {mapping.chips} chip(s) of {mapping.board.name}, conservative packing", flush=True)
    return {"board": mapping.board.name, "cores": mapping.cores, "chips": mapping.chips, "fits": mapping.fits,
            "layers": report.mapping_rows(mapping)}


def run_step(deployment: Deployment) -> dict:
    """Learn, and leave a run folder."""
    from lava_opzo.progress import Display

    experiment, dataset = deployment.experiment, deployment.dataset
    job.refuse_finished("run", experiment, dataset, deployment.state)
    make_engine = _factory(deployment)
    deployment.run = RunFolder.create(deployment.out or RunFolder.next_free("runs", experiment.data.name), experiment)
    start = deployment.run.path / "start.safetensors"
    job.checkpoint.save(start, experiment, deployment.state)
    with Display() as display:
        return job.go_on(experiment, dataset, deployment.run, display.show, make_engine, deployment.line, deployment.state)


def compare_step(deployment: Deployment) -> dict:
    """The run's arrays against a twin that starts from the same weights and learns the same samples."""
    from lava_opzo import checkpoint
    from lava_opzo.training import train
    from lava_opzo.twin_engine import TwinEngine

    if deployment.run is None:
        raise UserError("compare: there is no run to compare; give its folder as RUN, or do the step run first")
    experiment, learned, _ = checkpoint.load(deployment.run.checkpoint)
    if experiment.model != "fixed_pt" or experiment.gate != "psi":
        learns = f"gate {experiment.gate}" if experiment.model == "fixed_pt" else f"model {experiment.model}"
        print(f"compare: skipped, the run learned with {learns}, which has no integer twin", flush=True)
        return {"skipped": True}
    _, start, _ = checkpoint.load(deployment.run.path / "start.safetensors")
    twin = TwinEngine(experiment.network, start)
    for progress in train(twin, deployment.dataset, experiment.training, start.n_trained):
        if progress.done >= learned.n_trained:
            break
    different = differing(learned.arrays(), twin.state().arrays())
    if different:
        raise UserError(f"compare: the run and the twin differ in {', '.join(different)} after {learned.n_trained} samples; "
                        "lava-opzo verify names the first wrong bit")
    print(f"compare: the twin learned the same {learned.n_trained} samples to the same bits in every array", flush=True)
    print("profile: time and energy on a chip not measured (no board)" if not deployment.on_board
          else "profile: not measured by this job", flush=True)
    return {"n_trained": learned.n_trained, "differing": 0}


STEPS = {"plan": plan_step, "preflight": preflight_step, "verify": verify_step, "map": map_step, "run": run_step,
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


def opened(source: Path | None) -> tuple[Experiment, State, RunFolder | None]:
    """The experiment and state of RUN: nothing (the digits preset), a config, a checkpoint or a run folder."""
    from lava_opzo.board.source import open_source

    experiment, state = open_source(source, floating=True)
    return experiment, state, RunFolder(source) if source is not None and source.is_dir() else None


def _integers(deployment: Deployment) -> State:
    return deployment.state if deployment.experiment.model == "fixed_pt" else initial_state(deployment.experiment.network)


def _factory(deployment: Deployment):
    """make(config, state, n_frames) for the mode and target."""
    if deployment.mode == "in-the-loop":
        from lava_opzo.board.in_the_loop import InTheLoopEngine

        exchange = "variables" if deployment.on_board else "references"
        return lambda config, state, n_frames: InTheLoopEngine(config, state, gate=deployment.experiment.gate, exchange=exchange,
                                                               board=deployment.on_board, n_frames=n_frames)
    if not deployment.on_board and not deployment.plugins:
        return engines.factory(deployment.engine, deployment.experiment.model)
    from lava_opzo.board.plugins import load_plugins, run_config
    from lava_opzo.engine import LavaEngine

    configuration = run_config(load_plugins(deployment.plugins, deployment.on_board), deployment.on_board)
    return lambda config, state, n_frames: LavaEngine(config, state, n_frames=n_frames, capacity=engines.LAVA_CHUNK,
                                                      configuration=configuration)
