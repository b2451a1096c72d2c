"""Running Lava 0.10.0 without its hangs: start, run, stop, and what happens when a process model fails or a user interrupts.

Lava's own `run` waits for ever when a process model dies, its `stop` when the runtime service is gone, and its exit joins
children that nobody told to end. Here every wait is bounded, a failure carries the traceback of the process that failed,
and whatever ends the host (an exception, Ctrl-C, a missing stop, even SIGKILL) ends the children and frees the shared memory.
"""
import atexit
import contextlib
import io
import threading
import time
from collections.abc import Callable
from multiprocessing.util import get_temp_dir
from queue import Empty
from typing import Any, TypeVar

from lava.magma.core.process.message_interface_enum import ActorType
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import RunConfig
from lava.magma.runtime.mgmt_token_enums import MGMT_RESPONSE, enum_equal

from lava_opzo.engines.lava import memory, signals
from lava_opzo.engines.lava.failures import Failure, as_error, failures, raised
from lava_opzo.engines.lava.runtimes import CheckedRuntime, DirectRuntime
from lava_opzo.errors import SimulationError, UserError
from lava_opzo.files.system import as_line, out_of_memory

POLL_SECONDS = 0.25

LATE_SECONDS = 2.0
"""How long a process that has reported an error may take to say which."""

_running: list[AbstractProcess] = []
Result = TypeVar("Result")


def start(process: AbstractProcess, run_cfg: RunConfig, compile_config: dict[str, Any] | None = None,
          direct: bool = False) -> None:
    """Compile and start the network that `process` belongs to.

    direct: pass messages by `lava_opzo.engines.lava.channels` instead of Lava's threads. A signal that comes meanwhile acts when
    the network stands. Raises SimulationError when a model cannot be built, SystemRefusedError where memory or open files lack.
    """
    printed = io.StringIO()
    try:
        with signals.deferred(), signals.children_are_lavas(), contextlib.redirect_stdout(printed):
            get_temp_dir()  # one folder for the sockets of all networks, which Python removes as it ends
            executable = process.compile(run_cfg, compile_config)
            runtime = (DirectRuntime if direct else CheckedRuntime)(executable, ActorType.MultiProcessing,
                                                                    loglevel=process._log_config.level)
            process._runtime = runtime
            executable.assign_runtime_to_all_processes(runtime)
            runtime.initialize()
        _running.append(process)
        run(process, 0)  # before its first run a network answers neither Var.get nor Var.set
    except BaseException as error:
        stop(process)
        raise _start_error(error, printed.getvalue()) from None


def _start_error(error: BaseException, printed: str) -> BaseException:
    """What a start that failed raises: the line for a lack of something, else the model that could not be built."""
    what = "Lava could not start the network"
    if isinstance(error, MemoryError):
        return out_of_memory(error, what)
    if isinstance(error, OSError) and not isinstance(error, ConnectionError):
        return as_line(error, what)
    if isinstance(error, UserError) and not hasattr(error, "trace") or not isinstance(error, Exception):
        return error
    failure = raised(error, getattr(error, "trace", ""))
    return SimulationError(f"{what}: {failure.line}", f"{failure.details}\n{printed}".strip())


def run(process: AbstractProcess, steps: int, timeout: float | None = None) -> None:
    """Run `steps` time steps.

    Raises SimulationError when a process of the network fails, or after `timeout` seconds; the network is stopped then.
    """
    _refuse_stopped(process)
    deadline = time.monotonic() + timeout if timeout else None
    try:
        process.run(RunSteps(steps, blocking=False))
        for port in process.runtime.service_to_runtime:
            while not _answers(port):
                if failures(process.runtime):
                    raise as_error(_explained_failures(process.runtime))
                if deadline and time.monotonic() > deadline:
                    raise as_error([Failure(f"no answer in {timeout} s")])
        if not all(enum_equal(port.peek(), MGMT_RESPONSE.DONE) for port in process.runtime.service_to_runtime):
            raise as_error(_explained_failures(process.runtime))
        process.wait()
    except BaseException:
        stop(process)
        raise


def call(process: AbstractProcess, function: Callable[..., Result], *arguments: Any) -> Result:
    """function(*arguments), for `Var.get` and `Var.set`, which wait for ever once a process of the network is dead.

    Raises SimulationError when one is. The abandoned call waits on in a thread that ends with the host.
    """
    _refuse_stopped(process)
    outcome = []

    def work() -> None:
        try:
            outcome.append((function(*arguments), None))
        except BaseException as error:
            outcome.append((None, error))

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(POLL_SECONDS)
    while worker.is_alive():
        if failures(process.runtime):
            found = _explained_failures(process.runtime)
            stop(process)
            raise as_error(found)
        worker.join(POLL_SECONDS)
    result, error = outcome[0]
    if error is not None:
        raise error
    return result


def stop(process: AbstractProcess) -> None:
    """End the network's own processes by handle and free its shared memory; safe after a failure and when called twice.

    Nothing in a process model outlives it, so ending it hard loses nothing; Lava's own stop can wait for ever.
    """
    infrastructure = getattr(process.runtime, "_messaging_infrastructure", None)
    if infrastructure is None or infrastructure._smm is None or infrastructure._smm._manager is None:
        return
    with signals.deferred():
        for actor in infrastructure.actors:
            if not actor._is_done and actor.is_alive():
                actor.kill()
        for actor in infrastructure.actors:
            with contextlib.suppress(Exception):  # an exception that cannot be taken apart and put together again
                actor.join()
        for port in list(process.runtime._open_ports):
            port.join()
        process.runtime._open_ports.clear()
        process.runtime._is_running = process.runtime._is_started = False
        memory.end(infrastructure._smm)
        if process in _running:
            _running.remove(process)


def _refuse_stopped(process: AbstractProcess) -> None:
    if process not in _running:
        raise SimulationError("the network was stopped, or has failed; start it again")


def _answers(port: Any) -> bool:
    try:
        port._queue.get(timeout=POLL_SECONDS, peek=True)
    except Empty:
        return False
    return True


def _explained_failures(runtime: Any) -> list[Failure]:
    """The failures of a network that has failed: the cause may come a moment later than its report and than what ends of it."""
    deadline = time.monotonic() + LATE_SECONDS
    found = failures(runtime)
    while not any(failure.is_cause for failure in found) and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS / 10)
        found = failures(runtime)
    return found or [Failure("it reports an error and does not say which")]


def _stop_all() -> None:
    signals.ignore()
    for process in list(_running):
        stop(process)


atexit.register(_stop_all)
