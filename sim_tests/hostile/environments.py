"""Odd environments: variables, closed and full outputs, limits of the system, a lost folder; in processes of their own."""
import os
import resource
import shutil
from collections.abc import Callable, Iterator

from sim_tests.hostile import jobs, judge
from sim_tests.hostile.ended import Job
from sim_tests.hostile.place import Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import different
from sim_tests.hostile.trial import Outcome, Trial, Verdict

KIND = "environments"

COMPARE = Job("compare", ("compare", "half", "done"), ("half", "done"))
PREFLIGHT = Job("preflight", ("preflight", "tiny.toml", "--samples", "0"), ("tiny.toml", "data.npz"))
TRAIN = jobs.TRAIN

VARIABLES: dict[str, tuple[str | None, ...]] = {
    "COLUMNS": ("1", "20", "abc", "-5", "0", "100000000"), "LINES": ("0", "abc"),
    "LANG": ("C", "nonsense"), "LC_ALL": ("C", "POSIX"),
    "PYTHONIOENCODING": ("ascii", "latin-1"), "PYTHONUTF8": ("0",), "TERM": ("dumb", "nonsense"), "NO_COLOR": ("1",),
    "FORCE_COLOR": ("1",), "TERMINAL_WIDTH": ("abc", "3"),
    "HOME": (None, "/nonexistent", "/dev/null", ""), "TMPDIR": ("/nonexistent", "/dev/null"), "USER": (None,), "PATH": (None, ""),
    "NUMBA_CACHE_DIR": ("/nonexistent/inner", "/dev/null", "file", ""), "NUMBA_NUM_THREADS": ("0", "abc", "1000"),
    "NUMBA_DISABLE_JIT": ("abc",), "OMP_NUM_THREADS": ("abc", "0"), "MPLCONFIGDIR": ("/dev/null", "/nonexistent"),
    "MPLBACKEND": ("nonsense",), "XDG_CACHE_HOME": ("/dev/null",), "PYTHONWARNINGS": ("error", "nonsense"),
    "PYTHONDONTWRITEBYTECODE": ("1",), "PYTHONHASHSEED": ("7",), "TZ": ("nonsense",), "_LAVA_OPZO_COMPLETE": ("nonsense",),
    "_TYPER_COMPLETE_ARGS": ("x",), "PYTHONUNBUFFERED": ("1",), "PYTHONOPTIMIZE": ("2",), "PYTHONDEVMODE": ("1",),
}
"""Values of variables of the environment; None: not set."""

SHELLS = {
    "standard output closed": '"$@" >&-', "standard error closed": '"$@" 2>&-', "all closed": '"$@" <&- >&- 2>&-',
    "standard output full": '"$@" >/dev/full', "standard error full": '"$@" 2>/dev/full', "both full": '"$@" >/dev/full 2>&1',
    "a reader that leaves": '"$@" | head -1; exit ${PIPESTATUS[0]}',
    "a reader that is gone": '"$@" | true; exit ${PIPESTATUS[0]}',
    "errors into a pipe that is gone": '{ "$@" 2>&1 1>&3 | true; exit ${PIPESTATUS[0]}; } 3>&1',
    "input closed": '"$@" <&-', "output a folder's descriptor": '"$@" >&3 3<.',
}
"""Lines for bash in which "$@" is the command."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every variable, every way of closing outputs and every limit, with commands that print tables, JSON and progress."""
    for name, values in VARIABLES.items():
        for value in values:
            for job in (TRAIN, COMPARE):
                yield _trial(job, f"{name} = {value}", {name: value})
    for what, line in SHELLS.items():
        for job in (TRAIN, COMPARE, jobs.EVALUATE, PREFLIGHT):
            yield _trial(job, what, shell=line)
    for what, limit in LIMITS.items():
        for job in (TRAIN, jobs.EVALUATE):
            yield _trial(job, what, before=limit)
    yield Trial(KIND, "the folder of the command is gone", _gone, slow=True)


def _trial(job: Job, what: str, variables: dict[str, str | None] | None = None, shell: str = "",
           before: Callable[[], object] | None = None) -> Trial:
    def act(place: Place) -> Verdict:
        place.bring(job)
        (place.path / "file").write_text("kept")
        arguments = job.arguments
        files, ended = place.contents(), place.process(arguments, variables, before, shell).ended()
        closed = shell != ""  # what could not be printed cannot be judged
        found = _loud(ended) if closed else judge.fault(ended)
        if found is not None:
            return found
        wrong = judge.changed_file(job, files, place.contents(), False)
        known = place.known.get(job.name) if "--json" in arguments else None
        if not wrong and ended.code == 0 and known is not None:
            wrong = different(place, job, ended, known, place.contents(), other_answer=closed)
        outcome = Outcome.SILENT if wrong else Outcome.REFUSED if ended.code else Outcome.WORKS
        return judge.verdict(outcome, wrong, ended)

    return Trial(KIND, f"{job.name}: {what}", act, slow=True)


def _loud(ended) -> Verdict | None:
    """The faults that show where outputs are closed: hangs, tracebacks, undocumented codes."""
    found = judge.fault(ended)
    return found if found is not None and found.outcome is not Outcome.UNCLEAR else None


def _limit(kind: int, value: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(kind, (value, value))


LIMITS: dict[str, Callable[[], object]] = {
    **{f"{n} open files": _limit(resource.RLIMIT_NOFILE, n) for n in (8, 16, 64)},
    **{f"{n} MiB of memory": _limit(resource.RLIMIT_AS, n << 20) for n in (400, 700, 1000, 1500)},
    **{f"files of {n} bytes": _limit(resource.RLIMIT_FSIZE, n) for n in (0, 5000)},
    "a small stack": _limit(resource.RLIMIT_STACK, 1 << 20), "no rights for new files": lambda: os.umask(0o777),
    "a low priority": lambda: os.nice(19),
}
"""Limits that are set before the command starts."""


def _gone(place: Place) -> Verdict:
    folder = place.path / "gone"
    folder.mkdir()
    here = os.getcwd()
    os.chdir(folder)
    try:
        ended = place.process(("evaluate", "done", "--json"), before=lambda: (os.chdir(folder), shutil.rmtree(folder))).ended()
    finally:
        os.chdir(here)
    return judge.fault(ended) or judge.verdict(Outcome.REFUSED if ended.code else Outcome.UNCLEAR, "", ended)
