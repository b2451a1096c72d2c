"""Networks of others are read in a process of its own: at a damaged file the library of HDF5 may run for ever, or crash.

The process gets the bytes of the file and answers with one line of JSON, which is checked like any other content.
"""
import base64
import json
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from lava_opzo.errors import SystemRefusedError, UserError
from lava_opzo.export import seal
from lava_opzo.export.forward import Forward, Layer
from lava_opzo.export.topologies import understood, words
from lava_opzo.files.json_lines import parsed
from lava_opzo.files.reading import read_bytes
from lava_opzo.files.system import told

SECONDS = 10
"""How long reading may compute, and one more for every so many bytes; a thousand by a thousand weights take 1.5 s."""

BYTES_A_SECOND = 1 << 22

PATIENCE = 6
"""How many times as long it may take on a machine with other work."""

MOST_BYTES = 1 << 30
"""More than a file of weights of 8 bits takes that fit a board."""

PROGRAM = ("import sys; sys.path[:] = {path!r}; from lava_opzo.export.{kind} import parse; "
           "from lava_opzo.export.apart import answer; answer(parse, {name!r}, {seconds})")
"""What the process runs, with the modules that this one has."""

Parse = Callable[[str, bytes], Forward]
"""parse(name of the file, its bytes) -> the network. Raises UserError that names the file."""


def read(kind: str, path: str | Path) -> Forward:
    """The network that `parse` of lava_opzo.export.KIND makes of a file. Raises UserError that names the file.

    Reading that computes for longer than it can take is given up, and the file called damaged.
    """
    content = read_bytes("network", path, MOST_BYTES)
    seal.check(str(path), content)
    seconds = SECONDS + len(content) // BYTES_A_SECOND
    program = PROGRAM.format(path=sys.path, kind=kind, name=str(path), seconds=seconds)
    try:
        with told(f"{path}: cannot be read in a process of its own"):
            ended = subprocess.run([sys.executable, "-I", "-c", program], input=content, capture_output=True,
                                   timeout=PATIENCE * seconds)
    except subprocess.TimeoutExpired:
        raise UserError(f"{path}: cannot be read within {PATIENCE * seconds} s; export it again") from None
    said = parsed(ended.stdout.rsplit(b"\n", 2)[-2] if b"\n" in ended.stdout else b"")
    if said is None:
        how = signal.strsignal(-ended.returncode) if ended.returncode < 0 else f"exit code {ended.returncode}"
        raise UserError(f"{path}: is damaged: the process that read it ended by itself ({how}); export it again")
    if "error" in said:
        raise (SystemRefusedError if said["code"] == SystemRefusedError.exit_code else UserError)(said["error"])
    return Forward(tuple(map(_layer, said["layers"])), said["steps"], tuple(said["notes"]), said["spread"], said["stagger"])


def answer(parse: Parse, name: str, seconds: int) -> None:
    """Print what `parse` makes of the bytes on standard input, or the line of its fault; the system ends what takes too long."""
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        said = _document(parse(name, sys.stdin.buffer.read()))
    except UserError as error:
        said = {"error": str(error), "code": error.exit_code}
    except MemoryError:
        said = {"error": f"{name}: there is not enough memory; free memory", "code": SystemRefusedError.exit_code}
    print(json.dumps(said))


def _layer(said: dict[str, Any]) -> Layer:
    weights = np.frombuffer(base64.b64decode(said["weights"]), "<i4").reshape(said["shape"]).astype(np.int32)
    patches = said["patches"] and understood("network", said["patches"])
    return Layer(weights, said["vth"], said["dv"], patches)


def _document(forward: Forward) -> dict[str, Any]:
    layers = [{"weights": base64.b64encode(np.ascontiguousarray(layer.weights, "<i4").tobytes()).decode(), "vth": layer.vth,
               "dv": layer.dv, "shape": layer.weights.shape, "patches": layer.patches and words(layer.patches)}
              for layer in forward.layers]
    return {"layers": layers, "steps": forward.steps, "notes": forward.notes, "spread": forward.spread,
            "stagger": forward.stagger}
