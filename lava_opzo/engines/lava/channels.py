"""Lava's channels without their threads: the same shared memory and semaphores, half the cost of a time step.

Lava 0.10 gives each end of a channel a thread that turns a semaphore into a queue (lava/magma/compiler/channels/pypychannel.py),
so that a message wakes two threads beside the two process models. Between process models that always send and receive in a
fixed order nobody needs the queue: `recv` can wait for the semaphore itself; and so can a process that waits for nothing but the
next command of the runtime service, and the service for its answers. Values and order of messages stay what they were.
"""
import numpy as np
from lava.magma.compiler.channels.pypychannel import CspRecvPort, CspSendPort


def _slots(port: CspRecvPort | CspSendPort) -> list[np.ndarray]:
    size = port._nbytes
    return [np.ndarray(port._shape, port._dtype, port._shm.buf[size * i:size * (i + 1)]) for i in range(port._size)]


class DirectRecvPort(CspRecvPort):
    """Waits for the sender's semaphore in `recv`."""

    def start(self) -> None:
        """Map the slots."""
        self._array = _slots(self)

    def probe(self) -> bool:
        """Whether a message waits."""
        return self._req.get_value() > 0

    def recv(self) -> np.ndarray:
        """The next message."""
        self._req.acquire()
        result = self._array[self._idx].copy()
        self._idx = (self._idx + 1) % self._size
        self._ack.release()
        return result


class OnlyRecvPort(DirectRecvPort):
    """The only channel that a process waits for, so that to probe it is to wait for its sender.

    For process models of the Loihi protocol, which probe it to choose what to do next; others ask in passing, and would hang.
    """

    def probe(self) -> bool:
        """Whether a message waits, once one does."""
        self._req.acquire()
        self._req.release()
        return True


class DirectSendPort(CspSendPort):
    """Counts the free slots itself and waits for the receiver's semaphore when none is left."""

    def start(self) -> None:
        """Map the slots, all of them free."""
        self._array = _slots(self)
        self._free = self._size

    def probe(self) -> bool:
        """Whether a slot is free."""
        return self._free > 0 or self._ack.get_value() > 0

    def send(self, data: np.ndarray) -> None:
        """Put a message in the next slot."""
        if data.shape != self._shape:
            raise AssertionError(f"{data.shape=} {self._shape=} Mismatch")
        if self._free:
            self._free -= 1
        else:
            self._ack.acquire()
        self._array[self._idx][:] = data
        self._idx = (self._idx + 1) % self._size
        self._req.release()
