"""What optuna decides in a tuning: which settings come next, which trial is hopeless, and what mattered (extra `tune`)."""
import multiprocessing
import threading
import warnings
from collections.abc import Mapping, Sequence
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from lava_opzo.errors import not_installed
from lava_opzo.tune.space import Knob
from lava_opzo.tune.trials import DONE, NOT_REPLAYABLE, REFUSED, Trial

if TYPE_CHECKING:
    from optuna.study import Study as OptunaStudy
    from optuna.trial import FrozenTrial, Trial as OptunaTrial, TrialState

RANDOM_TRIALS = 8
"""Trials before the sampler goes by what it has seen, and half as many before anything is pruned."""

LEAST_TRIALS = 6
"""Trials that must be done before anything is said of what mattered."""


def loaded() -> ModuleType:
    """optuna, which tells nothing but errors. Raises UserError, with what to install, where it is not there."""
    try:
        import optuna
    except ImportError:
        raise not_installed("tune", "optuna", "tune") from None
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    return optuna


MOST_STEPS = 50
"""How far from settings that were asked for before others are looked for."""


MOST_TURNED = 3
"""How many knobs lie one step off the best settings so far where settings near them are looked for."""


class Study:
    """Asks for settings and is told how they did; every call may come from any thread.

    A trial that cannot run, or that a chip would not repeat, counts as worse than every other.
    trials: of earlier parts of the same tuning. epochs: of a trial; none is pruned after the first of them, or in their first
    quarter.
    """

    def __init__(self, knobs: Sequence[Knob], epochs: int, seed: int, trials: Sequence[Trial] = ()) -> None:
        optuna = loaded()
        self._optuna, self._lock, self._knobs = optuna, threading.Lock(), tuple(knobs)
        self._space = {knob.name: optuna.distributions.IntDistribution(knob.low, knob.high) for knob in knobs}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
            sampler = optuna.samplers.TPESampler(seed=(seed + len(trials)) % (1 << 32), n_startup_trials=RANDOM_TRIALS,
                                                 multivariate=True, constant_liar=True)
        pruner = optuna.pruners.MedianPruner(RANDOM_TRIALS // 2, max(2, epochs // 4))
        self.study: OptunaStudy = optuna.create_study(direction="maximize", sampler=sampler, pruner=pruner)
        self._asked, self._rng = {_key(trial.steps) for trial in trials}, np.random.default_rng([seed, len(trials)])
        for trial in trials:
            self.study.add_trial(self._known(trial))
        if not any(trial.is_start for trial in trials):
            self.study.enqueue_trial({knob.name: 0 for knob in knobs})

    def ask(self) -> tuple["OptunaTrial", dict[str, int]]:
        """(trial, steps of every knob), the settings that the tuning began with first.

        Of the others every second one lies near the best so far: few of so many knobs have to be turned. A training is exact, so
        that the same settings say nothing new: where some were asked for before, others beside them are.
        """
        with self._lock:
            if self._best is not None and self._rng.integers(2):
                self.study.enqueue_trial(self._beside(self._best, int(self._rng.integers(1, MOST_TURNED + 1))))
            trial, steps = self._proposed()
            for _ in range(MOST_STEPS):
                if _key(steps) not in self._asked:
                    break
                self.study.tell(trial, state=self._optuna.trial.TrialState.FAIL)
                self.study.enqueue_trial(self._beside(steps))
                trial, steps = self._proposed()
            self._asked.add(_key(steps))
            return trial, steps

    @property
    def _best(self) -> dict[str, int] | None:
        """The settings of the most accurate trial so far, None before the first that is done."""
        done = self.study.get_trials(deepcopy=False, states=(self._optuna.trial.TrialState.COMPLETE,))
        return dict(max(done, key=lambda trial: trial.value or 0.0).params) if done else None

    def _proposed(self) -> tuple["OptunaTrial", dict[str, int]]:
        trial = self.study.ask(self._space)
        return trial, {knob.name: int(trial.params[knob.name]) for knob in self._knobs}

    def _beside(self, steps: dict[str, int], turns: int = 1) -> dict[str, int]:
        """The settings with so many knobs turned by one step."""
        found = dict(steps)
        for number in self._rng.permutation(len(self._knobs))[:turns]:
            knob = self._knobs[int(number)]
            places = [steps[knob.name] + turn for turn in (-1, 1) if knob.low <= steps[knob.name] + turn <= knob.high]
            found[knob.name] = int(self._rng.choice(places))
        return found

    def behind(self, trial: "OptunaTrial", epoch: int, accuracy: float) -> bool:
        """Whether a trial with this accuracy after an epoch is behind the median of the others at that epoch."""
        with self._lock:
            trial.report(accuracy, epoch)
            return trial.should_prune()

    def tell(self, trial: "OptunaTrial", ended: Trial) -> None:
        """How a trial ended."""
        with self._lock:
            self.study.tell(trial, ended.accuracy, state=self._state(ended))

    def drop(self, trial: "OptunaTrial") -> None:
        """A trial that was interrupted says nothing, and its settings may be asked for again."""
        with self._lock:
            self._asked.discard(_key(trial.params))
            self.study.tell(trial, state=self._optuna.trial.TrialState.FAIL)

    def _state(self, ended: Trial) -> "TrialState":
        return self._optuna.trial.TrialState.COMPLETE if ended.state == DONE else self._optuna.trial.TrialState.PRUNED

    def _known(self, trial: Trial) -> "FrozenTrial":
        curve = () if trial.state in (REFUSED, NOT_REPLAYABLE) else trial.curve
        return self._optuna.trial.create_trial(
            state=self._state(trial), value=trial.accuracy, params=dict(trial.steps), distributions=self._space,
            intermediate_values=dict(enumerate(curve, 1)))


def _key(steps: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(steps.items()))


def what_mattered(knobs: Sequence[Knob], trials: Sequence[Trial], seed: int) -> Mapping[str, float] | None:
    """Knob -> its share in the variance of the accuracy (fANOVA), the largest first; None where too few trials are done."""
    done = [trial for trial in trials if trial.accuracy is not None]
    if len(done) < LEAST_TRIALS or len({trial.accuracy for trial in done}) == 1:
        return None
    optuna, study = loaded(), Study(knobs, 1, seed, done)
    evaluator = optuna.importance.FanovaImportanceEvaluator(seed=seed % (1 << 32))
    method = multiprocessing.get_start_method(allow_none=True)
    try:
        shares = optuna.importance.get_param_importances(study.study, evaluator=evaluator)
    finally:  # joblib settles how processes start, and Lava, which wants to do that itself, could not be loaded any more
        multiprocessing.set_start_method(method, force=True)
    return {name: float(share) for name, share in shares.items()}
