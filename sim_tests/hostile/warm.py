"""Everything that a command imports, imported once, and the compiled loops called once; the children are forked after that."""
import importlib

import numpy as np

MODULES = (
    "h5py", "nir", "tomli_w", "sklearn.datasets", "matplotlib.backends.backend_agg", "matplotlib.figure", "rich.console",
    "rich.table", "rich.live", "lava.magma.core.run_configs", "typer.rich_utils",
    "lava_opzo.engines.lava.engine", "lava_opzo.engines.oracle.recorder", "lava_opzo.engines.twin.base", "lava_opzo.report.run",
    "lava_opzo.sweep.run", "lava_opzo.sweep.table", "lava_opzo.board.preflight", "lava_opzo.board.tables",
    "lava_opzo.deployment.steps", "lava_opzo.export.netx", "lava_opzo.export.nir_graph", "lava_opzo.export.learnable",
    "lava_opzo.verification.golden", "lava_opzo.verification.lockstep", "lava_opzo.verification.report", "lava_opzo.cli.app",
)


def warm() -> None:
    """Import, build the command line, compile or load the twin's loops. Lava is not started: its processes must not be forked."""
    for name in MODULES:
        importlib.import_module(name)
    from lava_opzo.cli.app import application
    from lava_opzo.engines import registry
    from lava_opzo.network.initial import initial_state
    from lava_opzo.verification import lockstep
    from sim_tests.helpers.networks import random_samples, small_network

    application()
    network = small_network()
    frames, labels = random_samples(network, 4)
    lockstep.verify(network, initial_state(network), frames, labels, ("twin", "oracle"))
    still, moving = frames, np.repeat(frames, network.learning.steps, axis=1)
    for number, shown in (("fixed", still), ("fixed", moving), ("real", still)):
        with registry.make("twin", network, initial_state(network), number, shown.shape[1]) as engine:
            engine.train(shown, labels)
            engine.evaluate(shown)
            engine.state()
