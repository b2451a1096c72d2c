"""The steps of a deployment: plan, preflight, verify, map, run, compare. deploy/to_loihi.py walks through them by name.

Each step is a function of one `Deployment`; it prints what it found and returns it for JSON.
"""


from lava_opzo.board import tables
from lava_opzo.board.finding import count, refuse, summary
from lava_opzo.board.mapping import mapping_report
from lava_opzo.board.preflight import preflight
from lava_opzo.deployment.deployment import Deployment, _factory
from lava_opzo.deployment.plan import plan
from lava_opzo.engines import registry
from lava_opzo.errors import UserError
from lava_opzo.network.initial import initial_state
from lava_opzo.network.state import State
from lava_opzo.runs import start
from lava_opzo.runs.compare import differing
from lava_opzo.runs.folder import RunFolder
from lava_opzo.silicon import boards

VERIFIED_SAMPLES = 5




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
        with registry.factory(name)(deployment.experiment.network, deployment.state, frames.shape[1]) as engine:
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
            "layers": tables.mapping_rows(mapping)}


def run_step(deployment: Deployment) -> dict:
    """Learn, and leave a run folder."""
    from lava_opzo.runs.progress import Display

    experiment, dataset = deployment.experiment, deployment.dataset
    start.refuse_finished("run", experiment, dataset, deployment.state)
    make_engine = _factory(deployment)
    deployment.run = RunFolder.create(deployment.out or RunFolder.next_free("runs", experiment.data.name), experiment)
    start = deployment.run.path / "start.safetensors"
    start.checkpoint.save(start, experiment, deployment.state)
    with Display() as display:
        return start.go_on(experiment, dataset, deployment.run, display.show, make_engine, deployment.line, deployment.state)


def compare_step(deployment: Deployment) -> dict:
    """The run's arrays against a twin that starts from the same weights and learns the same samples."""
    from lava_opzo.engines.twin.integers.engine import TwinEngine
    from lava_opzo.runs import checkpoint
    from lava_opzo.runs.loop import train

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




def _integers(deployment: Deployment) -> State:
    return deployment.state if deployment.experiment.model == "fixed_pt" else initial_state(deployment.experiment.network)


