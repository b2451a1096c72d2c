"""What a script that ran in a session of its own has left: processes and shared memory."""
import os
import time
from pathlib import Path


def shared_memory(mark):
    """Names of the shared memory of a script whose names begin with `mark`."""
    return {name for name in os.listdir("/dev/shm") if name.startswith(mark)} if os.path.isdir("/dev/shm") else set()


def session_members(session):
    """Live processes of a session, from /proc: every child of a script that leads a session of its own."""
    members = []
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            fields = Path("/proc", entry, "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[3]) == session and fields[0] != "Z":
            members.append(int(entry))
    return members


def assert_nothing_is_left(session, mark):
    """That within five seconds no process of the session lives and none of its shared memory is left."""
    deadline = time.monotonic() + 5
    while session_members(session) or shared_memory(mark):
        assert time.monotonic() < deadline, (session_members(session), shared_memory(mark))
        time.sleep(0.05)
