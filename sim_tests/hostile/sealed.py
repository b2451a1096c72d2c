"""Checkpoints that were changed by hand and given the right sha256 again: what no run can have left is found all the same."""
import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import load, save

from lava_opzo.runs.checkpoint import digest
from sim_tests.hostile import jobs, tree
from sim_tests.hostile.documents import json_edits
from sim_tests.hostile.edits import header
from sim_tests.hostile.prepared import Prepared
from sim_tests.hostile.standard import Damage, damaged
from sim_tests.hostile.trial import Trial

KIND = "sealed"

Words, Arrays = dict[str, str], dict[str, np.ndarray]
Change = Callable[[Words, Arrays], object]

VALUES = (-257, 256, 255, -1, 0, 1, 1 << 24, (1 << 31) - 1, -(1 << 31))
"""Put into one place of every array of whole numbers."""

REALS = (np.nan, np.inf, -np.inf, 1e300, 0.5, -0.0)
"""Put into one place of every array of real numbers."""

TYPES = ("int8", "uint8", "int64", "float32", "float64", "bool")

COUNTS = ("-1", "0", "1", "1000000", "1" + "0" * 400, "1.0", " 7", "7\n", "\u0663", "", "nan", "0x10", "1_000")
"""Texts in the place of n_trained."""

WORDS = ("", "nonsense", "{}", "[]", "null", "NaN", "[" * 5000, "\x00", "a = 1", "\u2603" * 1000)
"""Texts in the place of the other words."""

RUNS = {"done": jobs.RESUME_MORE, "real": jobs.RESUME_REAL}


def trials(prepared: Prepared) -> Iterator[Trial]:
    """Every change of every array and every word of a checkpoint of whole numbers and one of real numbers."""
    for run, job in RUNS.items():
        path = f"{run}/{tree.CHECKPOINT}"
        content = (prepared.house / path).read_bytes()
        words = json.loads(header(content))["__metadata__"]
        for what, change in _changes(words, load(content)):
            for user in (job, jobs.EXPORT_NETX) if run == "done" else (job,):
                yield damaged(KIND, user, f"{path}: {what}", _sealed(path, change), other_bits=True)


def _changes(words: Words, arrays: Arrays) -> Iterator[tuple[str, Change]]:
    for name, array in arrays.items():
        for value in VALUES if array.dtype.kind == "i" else REALS:
            yield f"{name}: {value} in it", _valued(name, value)
        for kind in TYPES:
            yield f"{name}: as {kind}", _typed(name, kind)
        yield f"{name} removed", lambda words, arrays, name=name: arrays.pop(name)
        yield f"{name} renamed", lambda words, arrays, name=name: arrays.update({f"{name}x": arrays.pop(name)})
        yield f"{name} flat", lambda words, arrays, name=name: arrays.update({name: arrays[name].ravel()[:-1]})
        yield f"{name} with a dimension more", lambda words, arrays, name=name: arrays.update({name: arrays[name][None]})
    for word in words:
        for text in COUNTS if word == "n_trained" else WORDS:
            yield f"{word} = {text[:20]!r}", lambda words, arrays, word=word, text=text: words.update({word: text})
        yield f"{word} removed", lambda words, arrays, word=word: words.pop(word)
    for what, edit in json_edits(words["extra"]):
        yield f"extra: {what}", lambda words, arrays, edit=edit: words.update(extra=edit(words["extra"]))


def _valued(name: str, value: Any) -> Change:
    def change(words: Words, arrays: Arrays) -> None:
        array = arrays[name].copy()
        array.flat[len(array.flat) // 2] = value
        arrays[name] = array

    return change


def _typed(name: str, kind: str) -> Change:
    def change(words: Words, arrays: Arrays) -> None:
        arrays[name] = arrays[name].astype(kind)

    return change


def _sealed(path: str, change: Change) -> Damage:
    def damage(folder: Path, rng: random.Random) -> None:
        content = (folder / path).read_bytes()
        words, arrays = json.loads(header(content))["__metadata__"], load(content)
        change(words, arrays)
        words["sha256"] = digest(words, {name: np.ascontiguousarray(array) for name, array in arrays.items()})
        (folder / path).write_bytes(save({name: np.ascontiguousarray(array) for name, array in arrays.items()}, words))

    return damage
