"""A stand-in for SLURM: sbatch runs every task of a job array at once on this machine, srun the command after its options."""
import os
import sys
from pathlib import Path

SBATCH = """
import re, subprocess, sys, os
text = open(sys.argv[1]).read()
array = re.search(r"--array=0-([0-9]+)", text)
for i in range(int(array.group(1)) + 1 if array else 1):
    task = {"SLURM_ARRAY_JOB_ID": "71", "SLURM_ARRAY_TASK_ID": str(i)} if array else {}
    subprocess.Popen(["bash", sys.argv[1]], env={**os.environ, "SLURM_JOB_ID": "71", **task}, stdin=subprocess.DEVNULL,
                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
print("Submitted batch job 71")
"""

SRUN = """
import sys, os
at = next(i for i, argument in enumerate(sys.argv) if argument == "-u") - 1
os.execv(sys.argv[at], sys.argv[at:])
"""

SQUEUE = "print('71_0|RUNNING', '71_1|RUNNING', sep=chr(10))"


def environment(folder: Path) -> dict[str, str]:
    """Writes the three commands into `folder`; the environment in which they are found first."""
    folder.mkdir()
    for name, text in (("sbatch", SBATCH), ("srun", SRUN), ("squeue", SQUEUE)):
        (folder / name).write_text(f"#!{sys.executable}\n{text}")
        (folder / name).chmod(0o755)
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
