"""Every option and argument of every command with odd values; options that are unknown, or contradict each other."""
from collections.abc import Iterator

import typer

from lava_opzo.cli.app import application
from sim_tests.hostile import judge
from sim_tests.hostile.ended import Job
from sim_tests.hostile.place import Place
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.trial import Outcome, Trial, Verdict
from sim_tests.hostile.values import WORDS

KIND = "command lines"

BASES: dict[str, tuple[str, ...]] = {
    "train": ("--config", "tiny.toml"), "resume": ("half",), "evaluate": ("done",), "predict": ("done", "bare.csv"),
    "plot": ("missing",), "compare": ("half", "done"),
    "sweep": ("--show", "swept"), "verify": ("--config", "tiny.toml", "--engines", "twin,oracle", "--samples", "1"),
    "record": ("vectors", "--config", "tiny.toml", "--engine", "twin", "--samples", "1"),
    "replay": ("golden", "--engine", "twin"), "preflight": ("tiny.toml", "--samples", "0"),
    "export": ("done", "out.net", "--round-odd"),
    "import-network": ("a.net", "imported", "--template", "tiny.toml"), "acceptance": ("--target", "missing"),
    "board-report": ("missing",),
    "deploy": ("tiny.toml", "--engine", "twin", "--until", "preflight"), "report": ("missing",), "schema": (),
    "paper": ("--resume", "missing"), "tune": ("--config", "missing"),
}
"""A quick call of every command, to which one odd option is added, or one of whose arguments is replaced."""

PARTS = ("tiny.toml", "data.npz", "bare.csv", "done", "half", "golden", "a.net", "a.nir", "sweep.toml", "swept")
"""Of the house, all there in each of these trials."""

CONTRADICTIONS: dict[str, tuple[str, ...]] = {
    "train": ("--config tiny.toml --hidden 6", "--config tiny.toml --dataset digits", "--dataset npz --hidden 6",
              "--dataset npz --data data.npz --hidden 0", "--dataset npz --data data.npz --hidden=-5",
              "--dataset npz --data data.npz --hidden=", "--dataset npz --data data.npz --hidden 99999999999,5",
              "--dataset npz --data data.npz --hidden 1000000,1000000", "--dataset npz --data data.npz --validation 40",
              "--config tiny.toml --number real --engine lava", "--config tiny.toml --credit backprop",
              "--config tiny.toml --credit nonsense", "--config tiny.toml --out done", "--config tiny.toml --out data.npz/inner",
              "--config done", "--config missing.toml", "--config data.npz", "--dataset digits --data data.npz",
              "--config tiny.toml --seed=-1", "--config tiny.toml --seed 99999999999999999999", "--dataset nmnist --data gz"),
    "resume": ("done", "half --epochs 1", "half --epochs 0", "half --engine nonsense", "missing", "data.npz", "golden",
               "half --set a=b", "half --set network.seed=2", "half --set training.epochs=0", "half --set =", "half --set x",
               "half --set network.learning.halve_every=5", "half --from-previous"),
    "predict": ("done", "done data.npz", "data.npz bare.csv", "missing bare.csv", "done bare.csv --out bare.csv",
                "done bare.csv --out a.txt", "done tiny.toml", "done bare.csv --engine nonsense", "golden bare.csv"),
    "sweep": ("", "sweep.toml --show swept", "sweep.toml --no-wait", "sweep.toml --jobs 0", "--show done",
              "sweep.toml --out done",
              "sweep.toml --out swept --engine nonsense", "sweep.toml --slurm-option a", "tiny.toml", "--show missing"),
    "verify": ("--engines twin", "--engines twin,twin", "--engines twin,nonsense", "--samples 0",
               "--config tiny.toml --engines twin,oracle --samples 2 --only-sample 5",
               "--config tiny.toml --engines twin,oracle --samples 1 --only-sample=-1"),
    "export": ("done out.net", "done out.net --to nir --check 1", "done data.npz --round-odd", "done missing/out.net --round-odd",
               "tiny.toml out.net", "done out.net --to nonsense"),
    "import-network": ("a.nir imported", "a.net done --template tiny.toml", "data.npz imported --template tiny.toml",
                       "tiny.toml imported", "a.net imported --template done"),
    "deploy": ("tiny.toml --from run --until plan", "tiny.toml --from nonsense", "tiny.toml --target loihi2",
               "tiny.toml --from run --until run --engine twin --mode nonsense",
               "tiny.toml --from run --until run --engine twin --board nonsense", "tiny.toml --plugin x",
               "tiny.toml --plugin x=y.Z", "tiny.toml --engine twin --until preflight --gate nonsense",
               "tiny.toml --mode in-the-loop --engine twin --until preflight"),
    "preflight": ("--limits", "tiny.toml --board nonsense", "tiny.toml --samples 0 --picture missing/a.png",
                  "tiny.toml --samples 0 --picture a.nonsense", "tiny.toml --samples 0 --picture done",
                  "tiny.toml --mode nonsense"),
    "compare": ("", "half half", "half missing", "golden"), "replay": ("done", "missing", "golden --engine nonsense"),
    "acceptance": ("--target loihi2", "--bench x", "--target loihi2 --bench os:path", "--target loihi2 --bench os.path"),
}
"""Whole command lines that contradict themselves or the files; some are right after all."""


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every parameter of every command with every odd value, with --json where the command has it; then the contradictions."""
    group = typer.main.get_command(application())
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        options = {option: parameter for parameter in command.params for option in parameter.opts if option.startswith("--")}
        json = ("--json",) if "--json" in options else ()
        for option, parameter in options.items():
            values = {"twice": None} if parameter.is_flag else WORDS
            for what, value in values.items():
                words = (option, option) if value is None else (f"{option}={value}",)
                yield _trial(name, f"{option} {what}", (*BASES[name], *words, *json))
        for at, word in enumerate(BASES[name]):
            if not word.startswith("--") and (at == 0 or not BASES[name][at - 1].startswith("--")):
                for what, value in WORDS.items():
                    yield _trial(name, f"argument {at + 1} {what}", (*BASES[name][:at], value, *BASES[name][at + 1:], *json))
        for line in ("--nonsense", "--nonsense=1", "-x", "more arguments than it has", "--", "-"):
            yield _trial(name, line, (*BASES[name], *line.split(), *json))
        for line in CONTRADICTIONS.get(name, ()):
            yield _trial(name, line, (*line.split(), *json))
    for line in ("", "nonsense", "--nonsense", "--version", "--help", "--json", "--version --json", "nonsense --json", "tra",
                 "--install-completion", "--show-completion", "train train"):
        yield _trial("", line, tuple(line.split()))


def _trial(name: str, what: str, words: tuple[str, ...]) -> Trial:
    arguments = (name, *words) if name else words

    def act(place: Place) -> Verdict:
        for part in PARTS:
            place.bring(Job("", (), (part,)))
        before = place.contents()
        ended = place.run(arguments)
        found = judge.fault(ended)
        if found is not None:
            return found
        job = Job("", arguments, (), writes=_may_write(name))
        wrong = judge.changed_file(job, before, place.contents(), ended.code not in (0, 1))
        return judge.verdict(Outcome.SILENT if wrong else Outcome.REFUSED if ended.code else Outcome.WORKS, wrong, ended)

    return Trial(KIND, f"{name} {what}"[:150], act)


def _may_write(name: str) -> tuple[str, ...]:
    return {"resume": ("half/*", "done/*"), "sweep": ("swept/*",)}.get(name, ())
