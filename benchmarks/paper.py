"""The paper's algorithm beside its baselines, and its questions: test accuracy over seeds, every kind with as many tries.

Run: `python -m benchmarks.paper order PRESET [--data DIR] [--set key=value]... [--rates 0.03 0.1 0.3] [--seeds 3]
[--kinds ...] [--validation N] [--device cuda]`: for each kind the rate that is best on the last N training samples with seed 11,
then the test accuracy with seeds 1, 2, ... `python -m benchmarks.paper questions [--figure FILE] [--seeds 3]`: one setting at a
time; `deviations`: those that tell the integers from the paper, the ones of `benchmarks.as_on_a_chip` with a rate for each.
"""
import argparse
import statistics
import sys

import torch

from benchmarks.accuracies import row
from benchmarks.as_on_a_chip import ALONE
from lava_opzo.paper.learner import Learner
from lava_opzo.paper.network import Network
from lava_opzo.paper.presets import preset
from lava_opzo.paper.samples import Samples, loaded
from lava_opzo.paper.setup import Setup, changed
from lava_opzo.paper.training import train

TUNING_SEED = 11

SPIKING = ["standardise=true", "scale=2.74"]
"""Weights with which every layer of a deep network spikes from the start."""

KINDS = {
    "bp": ["credit=bp"],
    "bp, local": ["credit=bp", "local=true"],
    "opzo": [],
    "opzo, local": ["local=true"],
    "opzo, two-point": ["feedback.points=2", "noise.opposite=false"],
    "opzo, no opposite noise": ["noise.opposite=false"],
    "dkp": ["credit=dkp", "decay=0.0001"],
    "dfa": ["credit=dfa"],
    "zo": ["credit=zo", "hidden_rate=0.01"],
}
"""Kinds of credit by the name of their row, as changes of a preset. Two points go without opposite noise, too. What zo
tells hidden layers is about a hundred times as large as what the others do; its readout learns as theirs."""

def of_depth(*settings: str, above: str = "100") -> list[list[str]]:
    """Networks of one, three and six layers of 100 with these settings; above: every layer but the first."""
    return [[f"hidden={','.join(['100'] + [above] * (depth - 1))}", *settings] for depth in (1, 3, 6)]


QUESTIONS = {
    "momentum of M": [[f"feedback.momentum={value}"] for value in (0.9, 0.99, 0.999, 0.9999)],
    "size of the noise": [[f"noise.alpha={value}"] for value in (0.02, 0.1, 0.2, 0.5)],
    "start of M": [["feedback.start=zero"], ["feedback.start=random"]],
    "M frozen after": [[f"feedback.frozen_after={value}"] for value in (320, 1437, 0)],
    "kind and place of noise": [[f"noise.kind={kind}", f"noise.place={place}"] for place in ("after", "before")
                                for kind in ("gaussian", "sphere", "signs")],
    "noise and updates": [["noise.redraw=step", "noise.opposite=true"], ["noise.redraw=step", "noise.opposite=false"],
                          ["noise.redraw=sample", "noise.opposite=true"], ["feedback.points=2", "noise.opposite=false"]],
    "derivative of a spike": [["surrogate=sigmoid"], ["surrogate=window"], ["gate=false"]],
    "depth": of_depth(),
    "depth, every layer spikes": of_depth(*SPIKING),
    "the same, BP": of_depth(*SPIKING, "credit=bp"),
    "the same with residuals": of_depth(*SPIKING, above="100r"),
    "the same with local readouts": of_depth("local=true", *SPIKING),
}
"""What the paper leaves open or its reviewers asked, and the values that are tried."""

DEVIATIONS = {
    "share that a membrane keeps": [[f"leak={value}"] for value in (0.5, 0.75, 1.0)],
    "weights": [["standardise=false"], SPIKING],
    "samples of an update": [[f"batch={batch}", f"rate={rate}", f"feedback.momentum={1 - 0.0005 * batch / 32}"]
                             for batch, rate in ((32, 0.6), (4, 0.05), (1, 0.024))],
}
"""What the integers do otherwise than the paper, alone and in real numbers: no leak, no standardised weights, an update a sample
(rates chosen on validation samples, and an M that remembers as many samples)."""


def tested(setup: Setup, samples: Samples) -> float:
    """Test accuracy in percent after the last epoch."""
    learner = Learner(Network(setup, samples.shape, samples.n_classes, samples.train.labels.device.type))
    *_, last = train(learner, samples, 0)
    return 100 * (last.test or 0.0)


def best_rate(base: Setup, settings: list[str], rates: list[float], validation: int, device: str) -> float:
    """The rate that is best on held back training samples."""
    tried = changed(base, {"data.options.validation": validation, "seed": TUNING_SEED}, settings)
    samples = loaded(tried).to(device)
    found = {rate: tested(changed(tried, {"rate": rate}), samples) for rate in rates}
    print(f"  rates: {', '.join(f'{rate}: {right:.2f} %' for rate, right in found.items())}", file=sys.stderr, flush=True)
    return max(rates, key=lambda rate: found[rate])


def over_seeds(base: Setup, settings: list[str], seeds: int, samples: Samples) -> list[float]:
    """Test accuracy with seeds 1, 2, ..."""
    return [tested(changed(base, {"seed": seed}, settings), samples) for seed in range(1, seeds + 1)]


def order(base: Setup, kinds: list[str], rates: list[float], seeds: int, validation: int, device: str) -> None:
    """The kinds of credit side by side."""
    samples = loaded(base).to(device)
    print("| credit | rate | test % | mean | spread |\n|---|---|---|---|---|", flush=True)
    for kind in kinds:
        rate = best_rate(base, KINDS[kind], rates, validation, device) if len(rates) > 1 else rates[0]
        found = over_seeds(base, [*KINDS[kind], f"rate={rate}"], seeds, samples)
        print(row(f"{kind} | {rate}", found), flush=True)


def questions(base: Setup, asked: dict[str, list[list[str]]], seeds: int, figure: str | None, device: str) -> None:
    """One setting at a time."""
    samples, results = loaded(base).to(device), {}
    print("| setting | test % | mean | spread |\n|---|---|---|---|", flush=True)
    for question, choices in asked.items():
        results[question] = [over_seeds(base, settings, seeds, samples) for settings in choices]
        for settings, found in zip(choices, results[question], strict=True):
            print(row(f"{question}: `{' '.join(settings)}`", found), flush=True)
    if figure:
        draw(results, figure)


def alone(base: Setup, rates: list[float], seeds: int, validation: int, device: str) -> None:
    """What the engine has no setting for."""
    samples = loaded(base).to(device)
    print("| otherwise | rate | test % | mean | spread |\n|---|---|---|---|---|", flush=True)
    for name, as_on_a_chip in ALONE.items():
        with as_on_a_chip():
            rate = best_rate(base, [], rates, validation, device)
            found = over_seeds(base, [f"rate={rate}"], seeds, samples)
        print(row(f"{name} | {rate}", found), flush=True)


def draw(results: dict[str, list[list[float]]], path: str) -> None:
    """A panel a question: every seed a point, the means a line."""
    import matplotlib.pyplot as plt

    drawing, panels = plt.subplots(2, 6, figsize=(20, 7), sharey=True)
    for axes, (question, found) in zip(panels.flat, results.items(), strict=True):
        names = [str(first.count("100")) if first.startswith("hidden=") else
                 "\n".join(setting.partition("=")[2] for setting in (first, *others)) for first, *others in QUESTIONS[question]]
        axes.plot(names, [statistics.mean(each) for each in found], "-", color="#33506e")
        for name, each in zip(names, found, strict=True):
            axes.plot([name] * len(each), each, ".", color="#c0504d")
        axes.set_title(question)
        axes.tick_params(axis="x", labelsize=7)
        axes.grid(alpha=0.3)
    for axes in panels[:, 0]:
        axes.set_ylabel("test %")
    drawing.tight_layout()
    drawing.savefig(path, dpi=80)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.paper", description=__doc__)
    parser.add_argument("what", choices=("order", "questions", "deviations"))
    parser.add_argument("preset", nargs="?", default="digits")
    parser.add_argument("--data")
    parser.add_argument("--set", dest="settings", action="append", default=[])
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--rates", nargs="+", type=float, default=[0.03, 0.1, 0.3])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--validation", type=int, default=300)
    parser.add_argument("--figure")
    parser.add_argument("--device", default="cpu", help="cpu or cuda")
    chosen = parser.parse_args()
    torch.set_num_threads(1)
    base = changed(preset(chosen.preset), {"data.path": chosen.data} if chosen.data else {}, chosen.settings)
    if chosen.what == "order":
        order(base, chosen.kinds, chosen.rates, chosen.seeds, chosen.validation, chosen.device)
    else:
        asked, figure = (QUESTIONS, chosen.figure) if chosen.what == "questions" else (DEVIATIONS, None)
        questions(base, asked, chosen.seeds, figure, chosen.device)
        if chosen.what == "deviations":
            alone(base, chosen.rates, chosen.seeds, chosen.validation, chosen.device)


if __name__ == "__main__":
    main()
