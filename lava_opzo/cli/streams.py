"""Standard output and standard error that no reader, disk or encoding can turn into a fault of the job."""
import contextlib
import errno
import os
import sys
from typing import IO, Any, TextIO, cast


class Patient:
    """A text stream that goes on when it cannot be written: what comes after the first failure is lost, and `failed` keeps it.

    A training whose terminal, pipe or disk is gone must still save what it learned.
    """

    def __init__(self, stream: TextIO):
        self._stream = stream
        self.failed: OSError | None = None

    def write(self, text: str) -> int:
        """As of a text stream."""
        with self._kept():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """As of a text stream."""
        with self._kept():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextlib.contextmanager
    def _kept(self):
        try:
            yield
        except OSError as error:
            self.failed = self.failed or error
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)


class Streams:
    """The streams of one command.

    as_json: standard output is kept for `last_line`, and whatever is printed goes to standard error.
    """

    def __init__(self, as_json: bool):
        self._output, self._errors = _opened("stdout", 1), _opened("stderr", 2)
        self._answer: IO[str] | None = None
        if as_json:
            self._output.flush()
            self._answer = open(os.dup(1), "w")  # noqa: SIM115, closed in last_line
            os.dup2(2, 1)
        self.output, self.errors = Patient(self._output), Patient(self._errors)
        sys.stdout, sys.stderr = cast(TextIO, self.output), cast(TextIO, self.errors)

    def last_line(self, line: str) -> None:
        """The one line of standard output under --json."""
        if self._answer is None:
            return
        try:
            with self._answer as file:
                file.write(line + "\n")
        except OSError as error:
            self.output.failed = self.output.failed or error

    def close(self) -> OSError | None:
        """Flush both streams and give the ordinary ones back; why one of them could not be written, None where all was.

        A reader that has gone (`| head -1`) has read what it wanted and counts as no fault.
        """
        self.output.flush()
        self.errors.flush()
        sys.stdout, sys.stderr = self._output, self._errors
        failures = (self.output.failed, self.errors.failed)
        return next((failed for failed in failures if failed is not None and failed.errno != errno.EPIPE), None)


def _opened(name: str, descriptor: int) -> TextIO:
    """A standard stream; one that was closed from outside leads nowhere, so that no other file takes its descriptor."""
    stream = cast(TextIO | None, getattr(sys, name))
    if stream is None:
        try:
            os.fstat(descriptor)
        except OSError:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            if nowhere != descriptor:
                os.dup2(nowhere, descriptor)
                os.close(nowhere)
        stream = open(os.devnull, "w")  # noqa: SIM115, lives as long as the process
        setattr(sys, name, stream)
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")
    return stream
