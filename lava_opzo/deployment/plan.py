"""What a deployment is about to do, as lines for a person and a dictionary for JSON, before anything starts."""
from dataclasses import dataclass
from math import prod

from lava_opzo.deployment.environment import Environment
from lava_opzo.engines.in_the_loop.schedule import ForwardSchedule
from lava_opzo.engines.target import check_mode
from lava_opzo.experiment.experiment import Experiment
from lava_opzo.network.network import Network
from lava_opzo.silicon.boards import Board


@dataclass(frozen=True)
class Plan:
    """What will run. steps_per_sample: time steps of Lava for one training sample in this mode."""

    target: str
    mode: str
    board: str
    chips: int
    data: str
    widths: tuple[int, ...]
    synapses: int
    steps_per_sample: int
    epochs: int
    experiment_sha256: str
    environment: dict[str, str]

    @property
    def lines(self) -> list[str]:
        """The plan for a person."""
        shape = "-".join(map(str, self.widths))
        variables = ", ".join(f"{name}={value}" for name, value in self.environment.items()) or "none set"
        return [
            f"target {self.target}, mode {self.mode}, board {self.board} ({self.chips} chip(s))",
            f"network {shape}: {self.synapses} learning synapses, {self.steps_per_sample} time steps a training sample",
            f"data {self.data}, {self.epochs} epoch(s), experiment {self.experiment_sha256[:12]}",
            f"board variables: {variables}",
        ]


def plan(experiment: Experiment, target: str, mode: str, board: Board, environment: Environment) -> Plan:
    """The plan of a run. Raises UserError for an unknown mode."""
    check_mode(mode)
    network = experiment.network
    learning = [connection for connection in network.connections if connection.name in network.learning_connections]
    synapses = sum(prod(connection.topology.weight_shape) for connection in learning)
    return Plan(target, mode, board.name, board.chips, experiment.data.name, network.widths, synapses, _steps(network, mode),
                experiment.training.epochs, experiment.hash, environment.variables)


def _steps(network: Network, mode: str) -> int:
    if mode == "on-chip":
        return network.schedule().length
    return ForwardSchedule.of(network).length(network.learning.windows)
