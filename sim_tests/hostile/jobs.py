"""The commands that are put into trouble, and which parts of the house each of them needs."""
from sim_tests.hostile.ended import Job

RUN_FILES = ("checkpoint*.safetensors", "config.toml", "result.json", "run.png")
"""What going on with a run may replace."""


def _of_run(run: str) -> tuple[str, ...]:
    return tuple(f"{run}/{name}" for name in RUN_FILES)


def _train(name: str, *parts: str) -> Job:
    return Job(name, ("train", "--config", parts[0], "--out", "new", "--json"), parts, "new", same=("new/config.toml",))


TRAIN = _train("train", "tiny.toml", "data.npz")
TRAIN_LONG = Job("train long", ("train", "--config", "tiny.toml", "--epochs", "60", "--out", "new", "--json"),
                 ("tiny.toml", "data.npz"), "new")
TRAIN_IDX = _train("train idx", "idx.toml", "idx")
TRAIN_GZ = _train("train idx.gz", "gz.toml", "gz")
TRAIN_NMNIST = _train("train nmnist", "nmnist.toml", "nmnist")
TRAIN_DVS = _train("train dvs_gesture", "dvs.toml", "dvs")
RESUME = Job("resume", ("resume", "half", "--json"), ("half", "data.npz"), "half", _of_run("half"), ("half/metrics.jsonl",))
RESUME_PREVIOUS = Job("resume --from-previous", ("resume", "torn", "--from-previous", "--json"), ("torn", "data.npz"), "torn",
                      _of_run("torn"), ("torn/metrics.jsonl",))
RESUME_MORE = Job("resume --epochs", ("resume", "done", "--epochs", "4", "--json"), ("done", "data.npz"), "done", _of_run("done"),
                  ("done/metrics.jsonl",))
RESUME_REAL = Job("resume real", ("resume", "real", "--epochs", "4", "--json"), ("real", "data.npz"), "real", _of_run("real"),
                  ("real/metrics.jsonl",))
EVALUATE_REAL = Job("evaluate real", ("evaluate", "real", "--json"), ("real", "data.npz"))
EVALUATE = Job("evaluate", ("evaluate", "done", "--json"), ("done", "data.npz"))
PREDICT = Job("predict", ("predict", "done", "bare.npz", "--json"), ("done", "bare.npz"))
PREDICT_CSV = Job("predict csv", ("predict", "done", "bare.csv", "--out", "answers.npz", "--json"), ("done", "bare.csv"),
                  writes=("answers.npz",))
COMPARE = Job("compare", ("compare", "half", "done", "--json"), ("half", "done"))
PLOT = Job("plot", ("plot", "done"), ("done", "data.npz"), writes=("done/run.png",))
EXPORT_NETX = Job("export netx", ("export", "done", "out.net", "--round-odd"), ("done",), same=("out.net",))
EXPORT_NIR = Job("export nir", ("export", "done", "out.nir", "--to", "nir", "--round-odd"), ("done",))
IMPORT_NETX = Job("import netx", ("import-network", "a.net", "imported", "--template", "tiny.toml"),
                  ("a.net", "tiny.toml", "data.npz"), "imported")
IMPORT_NIR = Job("import nir", ("import-network", "a.nir", "imported", "--template", "tiny.toml"),
                 ("a.nir", "tiny.toml", "data.npz"), "imported")
PREFLIGHT = Job("preflight", ("preflight", "tiny.toml", "--samples", "4", "--json"), ("tiny.toml", "data.npz"))
VERIFY = Job("verify", ("verify", "--config", "tiny.toml", "--engines", "twin,oracle", "--samples", "2", "--json"),
             ("tiny.toml", "data.npz"))
RECORD = Job("record", ("record", "vectors", "--config", "tiny.toml", "--samples", "2", "--engine", "twin"),
             ("tiny.toml", "data.npz"), same=("vectors/manifest.json",))
REPLAY = Job("replay", ("replay", "golden", "--engine", "twin,oracle", "--json"), ("golden",))
SHOW = Job("sweep --show", ("sweep", "--show", "swept", "--json"), ("swept", "data.npz"))
SWEEP_AGAIN = Job("sweep, all done", ("sweep", "sweep.toml", "--out", "swept", "--json"),
                  ("sweep.toml", "tiny.toml", "data.npz", "swept"),
                  writes=("swept/sweep.*", "swept/logs/*", "swept/p1-seed?/*"), fails=True)
COLLECT = Job("sweep --slurm", ("sweep", "sweep.toml", "--out", "queued", "--slurm", "--no-wait", "--json"),
              ("sweep.toml", "tiny.toml", "data.npz", "queued"), writes=("queued/sweep.*", "queued/logs/*", "queued/jobs.json"),
              fails=True)
SWEEP = Job("sweep", ("sweep", "sweep.toml", "--out", "other", "--json"), ("sweep.toml", "tiny.toml", "data.npz"))
DEPLOY = Job("deploy", ("deploy", "tiny.toml", "--engine", "twin", "--until", "preflight", "--json"), ("tiny.toml", "data.npz"))

QUICK = (TRAIN, TRAIN_IDX, TRAIN_GZ, TRAIN_NMNIST, TRAIN_DVS, RESUME, RESUME_PREVIOUS, RESUME_MORE, RESUME_REAL,
         EVALUATE, EVALUATE_REAL, PREDICT, PREDICT_CSV, COMPARE, EXPORT_NETX, EXPORT_NIR, IMPORT_NETX, IMPORT_NIR, PREFLIGHT,
         VERIFY, RECORD, REPLAY, SHOW, SWEEP_AGAIN, DEPLOY, COLLECT)
"""Commands that take milliseconds."""

SLOW = (PLOT, SWEEP)
"""Commands that start Lava or further processes."""

KNOWN = (*QUICK, TRAIN_LONG)
"""Those whose undisturbed outcome is learned first."""

READERS: dict[str, tuple[Job, ...]] = {
    "done/checkpoint.safetensors": (RESUME_MORE, EVALUATE, COMPARE, EXPORT_NETX, EXPORT_NIR),
    "real/checkpoint.safetensors": (RESUME_REAL, EVALUATE_REAL),
    "half/checkpoint.safetensors": (RESUME, RESUME, COMPARE),
    "half/checkpoint.previous.safetensors": (RESUME,),
    "torn/checkpoint.previous.safetensors": (RESUME_PREVIOUS,),
    "half/config.toml": (RESUME, COMPARE),
    "half/metrics.jsonl": (RESUME, COMPARE),
    "done/metrics.jsonl": (RESUME_MORE, COMPARE),
    "done/result.json": (RESUME_MORE, COMPARE),
    "tiny.toml": (TRAIN, PREFLIGHT, VERIFY, RECORD, IMPORT_NETX, DEPLOY),
    "data.npz": (TRAIN, RESUME, EVALUATE, VERIFY),
    "bare.npz": (PREDICT,),
    "bare.csv": (PREDICT_CSV,),
    "golden/manifest.json": (REPLAY,),
    "golden/start.npz": (REPLAY,),
    "golden/samples.npz": (REPLAY,),
    "golden/sample0000.npz": (REPLAY,),
    "idx/train-images-idx3-ubyte": (TRAIN_IDX,),
    "idx/train-labels-idx1-ubyte": (TRAIN_IDX,),
    "gz/train-images-idx3-ubyte": (TRAIN_GZ,),
    "gz/t10k-labels-idx1-ubyte": (TRAIN_GZ,),
    "nmnist/Train/3/00004.bin": (TRAIN_NMNIST,),
    "dvs/ibmGestureTrain/user01_fluorescent/3.npy": (TRAIN_DVS,),
    "a.net": (IMPORT_NETX,),
    "a.nir": (IMPORT_NIR,),
    "sweep.toml": (SWEEP_AGAIN,),
    "swept/sweep.toml": (SHOW, SWEEP_AGAIN),
    "swept/p1-seed1/metrics.jsonl": (SHOW, SWEEP_AGAIN),
    "swept/p1-seed1/checkpoint.safetensors": (SHOW, SWEEP_AGAIN),
    "swept/p1-seed1/config.toml": (SHOW, SWEEP_AGAIN),
    "swept/logs/p1-seed2.failed": (SHOW, SWEEP_AGAIN),
    "swept/sweep.json": (SHOW, SWEEP_AGAIN),
    "queued/jobs.json": (COLLECT, COLLECT),
}
"""Every file of the house, and who reads it; twice stands for twice as many trials."""

UNCHECKED = ("idx/", "gz/", "nmnist/", "dvs/", "a.n", "tiny.toml", "sweep.toml", "bare.csv")
"""Files of others, which have no checksum: a damage that leaves another valid value cannot be seen."""

NO_ANSWER = ("metrics.jsonl", "result.json", ".failed", "sweep.json")
"""Records: a damage that leaves another valid value of theirs cannot be seen either, but learned bits never depend on them."""
