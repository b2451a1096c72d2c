"""The shared memory of Lava's channels: really there before a process uses it, and gone when the network ends.

A page of /dev/shm for which there is no room kills the process that touches it. Here every segment is reserved when it is made.
"""
import _posixshmem
import contextlib
import os
from multiprocessing import resource_tracker
from multiprocessing.shared_memory import SharedMemory
from typing import Any

from lava.magma.runtime.message_infrastructure.shared_memory_manager import SharedMemoryManager

from lava_opzo.errors import SystemRefusedError

DESCRIPTORS = 4
"""More open files than one segment takes while it is made."""


class ReservedMemory(SharedMemoryManager):
    """Lava's manager of segments, which reserves them."""

    def create_shared_memory(self, size: int) -> SharedMemory:
        """A segment of `size` bytes. Raises SystemRefusedError where /dev/shm has no room for it."""
        _check_descriptors()
        segment = super().create_shared_memory(size)
        try:
            os.posix_fallocate(segment._fd, 0, segment.size)
        except OSError as error:
            raise SystemRefusedError(f"Lava's channels: /dev/shm has no room for {size} bytes ({error.strerror}); free space "
                                     "there, or give it more") from None
        return segment


def _check_descriptors() -> None:
    """Raise OSError now where a segment would run out of open files half made, of which Python's tracker prints a traceback."""
    with contextlib.ExitStack() as opened:
        for _ in range(DESCRIPTORS):
            opened.callback(os.close, os.open(os.devnull, os.O_RDONLY))


def is_alive(memory: SharedMemoryManager) -> bool:
    """Whether the process that keeps the names of the segments is alive."""
    return memory._manager is not None and memory._manager._process.is_alive()


def end(memory: SharedMemoryManager) -> None:
    """Free the segments and end the process that keeps their names, alive, stopped or dead."""
    manager = memory._manager
    if manager is None:
        return
    memory._manager = None
    process = getattr(manager, "_process", None)
    if process is not None and process.pid is not None:  # not where it could not be started
        process.kill()
        process.join()
    if hasattr(manager, "shutdown"):
        manager.shutdown.cancel()
    tracked = _tracker_is_alive()
    for segment in memory._shared_memory_handles:
        with contextlib.suppress(BufferError, OSError):
            segment.close()
        _unlink(segment, tracked)
    memory._shared_memory_handles.clear()


def _unlink(segment: SharedMemory, tracked: bool) -> None:
    """Remove a segment's name, and have Python's tracker of such names forget it, if that still runs."""
    name = f"/{segment.name}"
    with contextlib.suppress(FileNotFoundError):
        _posixshmem.shm_unlink(name)
    if tracked:
        resource_tracker.unregister(name, "shared_memory")


def _tracker_is_alive() -> bool:
    tracker: Any = resource_tracker._resource_tracker
    return tracker._fd is not None and tracker._check_alive()
