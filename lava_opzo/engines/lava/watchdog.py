"""Running Lava 0.10.0 without its hangs: start, run, stop, and what happens when a process model fails or a user interrupts.

Lava's own `run` waits for ever when a process model dies, its `stop` when the runtime service is gone, and its exit joins
children that nobody told to end. Here every wait is bounded, a failure carries the traceback of the process that failed,
and whatever ends the host (an exception, Ctrl-C, a missing stop, even SIGKILL) ends the children and frees the shared memory.
"""
import atexit
import contextlib
import ctypes
import io
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from queue import Empty
from typing import Any, TypeVar

from lava.magma.core.process.message_interface_enum import ActorType
from lava.magma.core.process.process import AbstractProcess
from lava.magma.core.run_conditions import RunSteps
from lava.magma.core.run_configs import RunConfig

from lava_opzo.engines.lava.channels import DirectRuntime
from lava_opzo.errors import SimulationError

POLL_SECONDS = 0.25
_PR_SET_PDEATHSIG = 1
_starting = False
_running: list[AbstractProcess] = []
Result = TypeVar("Result")


def _die_with_parent() -> None:
    if _starting:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


os.register_at_fork(after_in_child=_die_with_parent)


@contextlib.contextmanager
def _children_ignore_sigint() -> Iterator[None]:
    """Children forked inside inherit SIG_IGN, so that Ctrl-C reaches the host alone, and die with it."""
    global _starting
    in_main_thread = threading.current_thread() is threading.main_thread()
    previous = signal.signal(signal.SIGINT, signal.SIG_IGN) if in_main_thread else None
    _starting = True
    try:
        yield
    finally:
        _starting = False
        if in_main_thread:
            signal.signal(signal.SIGINT, previous)


def start(process: AbstractProcess, run_cfg: RunConfig, compile_config: dict[str, Any] | None = None,
          direct: bool = False) -> None:
    """Compile and start the network that `process` belongs to; raises SimulationError when a model cannot be built.

    direct: pass messages by `lava_opzo.engines.lava.channels` instead of Lava's threads.
    """
    printed = io.StringIO()
    with _children_ignore_sigint(), contextlib.redirect_stdout(printed):
        try:
            if direct:
                _create_direct_runtime(process, run_cfg, compile_config)
            else:
                process.create_runtime(run_cfg=run_cfg, compile_config=compile_config)
        except BaseException as error:
            if process.runtime is not None:
                stop(process)
            if not isinstance(error, Exception):
                raise
            detail = getattr(error, "trace", printed.getvalue())
            raise SimulationError(f"Lava could not start the network: {error}\n{detail}".rstrip()) from None
    _running.append(process)
    run(process, 0)  # before its first run a network answers neither Var.get nor Var.set


def _create_direct_runtime(process: AbstractProcess, run_cfg: RunConfig, compile_config: dict[str, Any] | None) -> None:
    executable = process.compile(run_cfg, compile_config)
    process._runtime = DirectRuntime(executable, ActorType.MultiProcessing, loglevel=process._log_config.level)
    executable.assign_runtime_to_all_processes(process._runtime)
    process._runtime.initialize()


def run(process: AbstractProcess, steps: int, timeout: float | None = None) -> None:
    """Run `steps` time steps. Raises SimulationError with the tracebacks of failed process models, or after `timeout` seconds."""
    process.run(RunSteps(steps, blocking=False))
    deadline = time.monotonic() + timeout if timeout else None
    try:
        for port in process.runtime.service_to_runtime:
            while not _answers(port):
                failures = _failures(process.runtime)
                if failures or (deadline and time.monotonic() > deadline):
                    raise _error(failures or [f"no answer in {timeout} s"])
        process.wait()
    except RuntimeError:
        failures = _failures(process.runtime)
        stop(process)
        raise _error(failures) from None
    except BaseException:
        stop(process)
        raise


def call(process: AbstractProcess, function: Callable[..., Result], *arguments: Any) -> Result:
    """function(*arguments), for `Var.get` and `Var.set`, which wait for ever once a process of the network is dead.

    Raises SimulationError when one is. The abandoned call waits on in a thread that ends with the host.
    """
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
        failures = _failures(process.runtime)
        if failures:
            stop(process)
            raise _error(failures)
        worker.join(POLL_SECONDS)
    result, error = outcome[0]
    if error is not None:
        raise error
    return result


def _answers(port: Any) -> bool:
    try:
        port._queue.get(timeout=POLL_SECONDS, peek=True)
    except Empty:
        return False
    return True


def _failures(runtime: Any) -> list[str]:
    failures = []
    for actor in runtime._messaging_infrastructure.actors:
        if actor.exception:
            failures.append(actor.exception[1])
        elif not actor._is_done and not actor.is_alive():
            failures.append(f"process {actor.pid} died with exit code {actor.exitcode} (killed, or out of memory)")
    return failures


def _error(failures: list[str]) -> SimulationError:
    return SimulationError("a Lava process failed: " + "\n".join(failures).rstrip())


def stop(process: AbstractProcess) -> None:
    """End the network's own processes by handle and free its shared memory; safe after a failure and when called twice.

    Nothing in a process model outlives it, so ending it hard loses nothing; Lava's own stop can wait for ever.
    """
    runtime = process.runtime
    if runtime is None or runtime._messaging_infrastructure._smm._manager is None:
        return
    actors = runtime._messaging_infrastructure.actors
    for actor in actors:
        if not actor._is_done and actor.is_alive():
            actor.kill()
    for actor in actors:
        actor.join()
    for port in list(runtime._open_ports):
        port.join()
    runtime._open_ports.clear()
    runtime._is_running = runtime._is_started = False
    runtime._messaging_infrastructure._smm.shutdown()
    if process in _running:
        _running.remove(process)


def _stop_all() -> None:
    for process in list(_running):
        stop(process)


atexit.register(_stop_all)
