"""The network in Lava as an engine that records: a Trace in every layer, a WeightProbe on every connection."""
import numpy as np

from lava_opzo.engines.record import Record, shapes
from lava_opzo.network.network import Config
from lava_opzo.network.state import State


class LavaRecorder:
    """One network in Lava's simulator, one sample a call. engine: `fast` or `stock`.

    timeout: seconds that one sample may take.
    """

    def __init__(self, config: Config, state: State, rows: int, engine: str, timeout: float = 60.0):
        from lava_opzo.engines.lava import watchdog
        from lava_opzo.engines.lava.graph import Network
        from lava_opzo.engines.lava.mailbox import Mailbox
        from lava_opzo.engines.lava.models import run_config
        from lava_opzo.engines.lava.trace import Trace
        from process_models.weight_probe.process import WeightProbe

        self._watchdog, self._timeout, self._length = watchdog, timeout, config.schedule().length
        self._traces = {layer: Trace(self._length, variables) for layer, variables in shapes(config).items()}
        self._mailbox = Mailbox(1, rows, config.n_in, config.readout.n)
        network = Network(config, state, self._mailbox, self._traces)
        self._probes = [WeightProbe(weights=dense.weights, trace=self._traces[dense.name], name=f"probe_{dense.name}")
                        for dense in (*network.forward, *network.feedback)]
        self._source = network.source
        watchdog.start(network.source, run_config("fixed_pt", engine), {"pypy_channel_size": 2})

    def sample(self, frames: np.ndarray, label: int) -> Record:
        """Learn one sample: frames (rows, n_in), its label. Returns its record."""
        self._mailbox.post(frames[None], np.array([label]))
        for trace in self._traces.values():
            trace.record(True)
        self._watchdog.run(self._source, self._length, self._timeout)
        return {layer: {name: values.copy() for name, values in trace.values.items()} for layer, trace in self._traces.items()}

    def stop(self) -> None:
        """End the processes of the network."""
        self._watchdog.stop(self._source)
