"""What connects the host with a board: lava-loihi's adapters between ports."""
from lava.magma.core.process.ports.ports import OutPort

from lava_opzo.errors import NoBoardError


class BoardAdapters:
    """Connects ports of the host with ports of the chip, by lava-loihi's adapters.

    Raises NoBoardError where it is not installed.
    """

    def __init__(self) -> None:
        try:
            from lava.proc.embedded_io.spike import NxToPyAdapter, PyToNxAdapter  # type: ignore[import-not-found]
        except ImportError:
            raise NoBoardError("target loihi2: lava-loihi is not installed (lava.proc.embedded_io is missing); "
                               "install INRC's package or use the simulator") from None
        self._to_board, self._to_host = PyToNxAdapter, NxToPyAdapter

    def to_board(self, port: OutPort, num_message_bits: int) -> OutPort:
        """The chip's end of a port of the host."""
        adapter = self._to_board(shape=port.shape, num_message_bits=num_message_bits)
        port.connect(adapter.inp)
        return adapter.out

    def to_host(self, port: OutPort) -> OutPort:
        """The host's end of a port of the chip."""
        adapter = self._to_host(shape=port.shape)
        port.connect(adapter.inp)
        return adapter.out
