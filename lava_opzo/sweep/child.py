"""`python -m lava_opzo.sweep.child RUN ENGINE`: one member in a process of its own, which ends with its parent.

Standard input is a pipe that the parent keeps open. When it closes, whatever ended the parent, the run saves and ends. Exit code:
0 finished, 130 interrupted and saved, otherwise failed with the reason as the last line of standard error.
"""
import os
import signal
import sys
import threading

from lava_opzo.errors import INTERRUPTED, UserError
from lava_opzo.files.system import told
from lava_opzo.sweep import member


def main(path: str, engine: str) -> int:
    """Learn a member; the exit code."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        with told("the member"):
            return 0 if member.learn(path, engine) else INTERRUPTED
    except UserError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
