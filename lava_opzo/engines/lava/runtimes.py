"""Lava's Runtime with reserved memory and a start that ends when a process dies; with channels of our own where asked for."""
import time
from typing import Any

from lava.magma.runtime.runtime import Runtime

from lava_opzo.engines.lava.channels import DirectRecvPort, DirectSendPort, OnlyRecvPort
from lava_opzo.engines.lava.failures import as_error, failures
from lava_opzo.engines.lava.memory import ReservedMemory

POLL_SECONDS = 0.01


class CheckedRuntime(Runtime):
    """A Runtime that raises SimulationError, in the place of waiting for ever, when a process dies while it starts."""

    def _build_message_infrastructure(self) -> None:
        super()._build_message_infrastructure()
        self._messaging_infrastructure._smm.__class__ = ReservedMemory

    def _start_ports(self) -> None:
        """The ports, then the answer of every process, for which Lava waits next."""
        super()._start_ports()
        for answer in self.exception_q:
            self._wait(answer)

    def _wait(self, answer: Any) -> None:
        while answer.empty():
            found = failures(self)
            if found and answer.empty():
                raise as_error(found)
            time.sleep(POLL_SECONDS)


class DirectRuntime(CheckedRuntime):
    """A Runtime whose channels into the InPorts of Python process models are direct, and so are those between a process and the
    runtime service.

    A process with a VarPort, as one that is probed, waits for several channels at once, which takes Lava's own.
    """

    def _build_sync_channels(self) -> None:
        first = len(self._open_ports)
        super()._build_sync_channels()
        polled = {process.id for process, builder in self._executable.proc_builders.items() if builder.var_ports}
        for source, destination in zip(self._open_ports[first::2], self._open_ports[first + 1::2], strict=True):
            kind, number, _ = source.name.rsplit("_", 2)
            if kind == "process_to_service":
                source.__class__, destination.__class__ = DirectSendPort, DirectRecvPort
            elif kind == "service_to_process":
                source.__class__ = DirectSendPort
                if int(number) not in polled:
                    destination.__class__ = OnlyRecvPort

    def _build_channels(self) -> None:
        super()._build_channels()
        inputs = {port.name for process in self._executable.proc_builders for port in process.in_ports}
        for source, destination in zip(self._open_ports[::2], self._open_ports[1::2], strict=True):
            if destination.name in inputs:
                source.__class__, destination.__class__ = DirectSendPort, DirectRecvPort
