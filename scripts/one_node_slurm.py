"""`python -m scripts.one_node_slurm COMMAND ...`: run a command beside a SLURM of its own, one node on this machine.

munged, slurmctld and slurmd run as the caller, with configuration, keys, spool and logs in a folder of their own; nothing of the
machine is changed, no cgroup and no accounting is used. `bash` as the command gives a shell in which sbatch, squeue and scancel
reach it. In Debian: apt-get install slurm-wlm munge.
"""
import contextlib
import getpass
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

DAEMONS = ("munged", "slurmctld", "slurmd")
NEEDED = (*DAEMONS, "sbatch", "srun", "squeue", "scancel", "scontrol", "setpriv")

WHERE = "/usr/sbin:/usr/local/sbin"
"""Folders of daemons, which are not on every user's path."""

START_SECONDS = 20.0
STOP_SECONDS = 15.0

CONFIG = """ClusterName=one
SlurmctldHost={node}(127.0.0.1)
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
CredType=cred/munge
AuthInfo=socket={folder}/munge/socket
SlurmctldPort={controller_port}
SlurmdPort={node_port}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SlurmdParameters=config_overrides
SchedulerParameters=sched_interval=1,bf_interval=1
ReturnToService=2
KillWait=5
NodeName={node} NodeAddr=127.0.0.1 CPUs={cpus} RealMemory={memory} State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
"""The node claims `cpus` and `memory` (MB) whatever the machine has, so that small jobs run beside each other anywhere.

KillWait: seconds between SIGTERM and SIGKILL for a job that is cancelled or over its time limit.
"""


class Unavailable(Exception):
    """SLURM is not installed or does not start here; the text says which and why."""


@contextlib.contextmanager
def running(folder: Path, cpus: int = 4, memory: int = 20000) -> Iterator[dict[str, str]]:
    """A one-node SLURM with all its files in an empty folder; yields the environment in which its commands find it.

    At the end its jobs are killed and its daemons ended; they also end with this process. Raises Unavailable.
    """
    path = f"{os.environ.get('PATH', '')}:{WHERE}"
    missing = [name for name in NEEDED if shutil.which(name, path=path) is None]
    if missing:
        raise Unavailable(f"SLURM is not installed ({', '.join(missing)} not found; in Debian: apt-get install slurm-wlm munge)")
    environment = {**os.environ, "PATH": path, "SLURM_CONF": str(folder / "slurm.conf")}
    _configure(folder, cpus, memory)
    munge = folder / "munge"
    with contextlib.ExitStack() as stack:
        stack.enter_context(_daemon(environment, folder, "munged", "--foreground", "--force", f"--key-file={munge}/key",
                                    f"--socket={munge}/socket", f"--pid-file={munge}/pid", f"--seed-file={munge}/seed"))
        _wait(lambda: (munge / "socket").exists(), folder, "munged")
        stack.enter_context(_daemon(environment, folder, "slurmctld", "-D", "-i"))
        stack.enter_context(_daemon(environment, folder, "slurmd", "-D"))
        _wait(lambda: _said(environment, "sinfo", "-h", "-o", "%T") == "idle", folder, "slurmctld", "slurmd")
        stack.callback(_end_jobs, environment)
        yield environment


def _configure(folder: Path, cpus: int, memory: int) -> None:
    for name in ("munge", "state", "spool"):
        (folder / name).mkdir()
        (folder / name).chmod(0o755)
    key = folder / "munge/key"
    key.touch(0o600)
    key.write_bytes(secrets.token_bytes(1024))
    with socket.socket() as controller, socket.socket() as node:
        controller.bind(("127.0.0.1", 0))
        node.bind(("127.0.0.1", 0))
        ports = {"controller_port": controller.getsockname()[1], "node_port": node.getsockname()[1]}
    (folder / "slurm.conf").write_text(CONFIG.format(folder=folder, user=getpass.getuser(), cpus=cpus, memory=memory,
                                                     node=socket.gethostname().split(".")[0], **ports))


@contextlib.contextmanager
def _daemon(environment: dict[str, str], folder: Path, *command: str) -> Iterator[None]:
    """A daemon in the foreground, which ends with the block, and with this process whatever ends it."""
    with open(folder / f"{command[0]}.out", "wb") as output:
        process = subprocess.Popen(["setpriv", "--pdeathsig", "TERM", *command], stdin=subprocess.DEVNULL, stdout=output,
                                   stderr=output, env=environment, cwd=folder, start_new_session=True)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(condition: Callable[[], bool], folder: Path, *names: str) -> None:
    """Until the condition holds. Raises Unavailable with the last words of these daemons where it does not in time."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            said = "; ".join(f"{name}: {_last_line(folder, name)}" for name in names)
            raise Unavailable(f"SLURM does not start here: {said}")
        time.sleep(0.1)


def _last_line(folder: Path, name: str) -> str:
    lines = [line for file in (folder / f"{name}.out", folder / f"{name}.log") if file.exists()
             for line in file.read_text(errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else "without a word"


def _said(environment: dict[str, str], *command: str) -> str:
    """What a command of SLURM prints; empty where it fails or does not answer."""
    try:
        return subprocess.run(command, env=environment, text=True, capture_output=True, timeout=10).stdout.strip()
    except subprocess.TimeoutExpired:
        return ""


def _end_jobs(environment: dict[str, str]) -> None:
    """Kill all jobs, and wait until they are gone."""
    deadline = time.monotonic() + STOP_SECONDS
    while _said(environment, "squeue", "-h") and time.monotonic() < deadline:
        _said(environment, "scancel", "--full", "--signal=KILL", "--user", getpass.getuser())
        _said(environment, "scancel", "--user", getpass.getuser())
        time.sleep(0.2)


def main(command: Sequence[str]) -> int:
    """Run a command in a SLURM of its own; its exit code, 2 where there is no SLURM."""
    if not command:
        print(__doc__)
        return 2
    with tempfile.TemporaryDirectory(prefix="one-node-slurm-") as name:
        Path(name).chmod(0o755)
        try:
            with running(Path(name)) as environment:
                return subprocess.run(command, env=environment).returncode
        except Unavailable as error:
            print(f"error: {error}", file=sys.stderr)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
