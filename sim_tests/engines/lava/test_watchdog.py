"""No hang, ever: whatever ends a run, it ends quickly, with the cause, without a child process and without shared memory left."""
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim_tests.helpers.sessions import assert_nothing_is_left, session_members, shared_memory

ROOT = Path(__file__).parents[3]
SECONDS = 30

PRELUDE = """
import os, signal, sys, time
from lava_opzo.engines.lava.engine import FastLavaEngine
from lava_opzo.errors import SimulationError
from lava_opzo.network.initial import initial_state
from process_models.opzo_lif.models import PyOpzoLIFModelFixed as Hidden
from process_models.learning_dense.models import PyLearningDenseModelEventDriven as Dense
from sim_tests.helpers.networks import random_samples, small_network

network = small_network()
frames, labels = random_samples(network, 400)

def actors(engine):
    return engine.graph.input.runtime._messaging_infrastructure.actors

def started(engine):
    print("children", *[actor.pid for actor in actors(engine)], flush=True)
"""

FAIL_ONCE = """
def failing(self, *args):
    if self.time_step == 30:
        raise ZeroDivisionError("seen by the user")
    return original(self, *args)
"""

TRAIN = """
try:
    with FastLavaEngine(network, initial_state(network), timeout=20) as engine:
        started(engine)
        engine.train(frames, labels)
except SimulationError as error:
    print(error)
"""

CASES = {
    "exception in the spiking phase": FAIL_ONCE + "original, Hidden.run_step = Hidden.run_step, failing" + TRAIN,
    "exception in the learning phase": """
original = Dense.run_lrn
def failing(self):
    raise ZeroDivisionError("seen by the user")
Dense.run_lrn = failing
""" + TRAIN,
    "an exception that is told after others have ended because of it": """
class Late(ZeroDivisionError):
    def __reduce__(self):
        time.sleep(0.5)
        return ZeroDivisionError, self.args
def failing(self):
    raise Late("seen by the user")
Dense.run_lrn = failing
""" + TRAIN,
    "exception while a model is built": """
original = Hidden.__init__
def failing(self, proc_params):
    original(self, proc_params)
    raise ZeroDivisionError("seen by the user")
Hidden.__init__ = failing
print("children", flush=True)
""" + TRAIN,
    "a process killed from outside": """
engine = FastLavaEngine(network, initial_state(network), timeout=20)
started(engine)
os.kill(actors(engine)[2].pid, signal.SIGKILL)
try:
    engine.train(frames, labels)
except SimulationError as error:
    print(error, "seen by the user")
""",
    "the manager of the shared memory killed from outside": """
engine = FastLavaEngine(network, initial_state(network), timeout=60)
started(engine)
os.kill(engine.graph.input.runtime._messaging_infrastructure._smm._manager._process.pid, signal.SIGKILL)
begun = time.monotonic()
try:
    for _ in range(100):
        engine.train(frames, labels)
except SimulationError as error:
    print(error, "seen by the user" if time.monotonic() - begun < 5 else "late")
""",
    "an exception that cannot be passed on": """
class Odd(Exception):
    def __init__(self, a, b):
        super().__init__(a)
def failing(self, *args):
    raise Odd("seen", "by")
Hidden.run_step = failing
print("children", flush=True)
try:
    FastLavaEngine(network, initial_state(network), timeout=20).train(frames, labels)
except SimulationError as error:
    print(error, "seen by the user")
""",
    "too few open files": """
import resource
from lava_opzo.errors import SystemRefusedError
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
print("children", flush=True)
try:
    FastLavaEngine(network, initial_state(network))
except SystemRefusedError as error:
    print(error, "seen by the user")
""",
    "no room for shared memory": """
from lava_opzo.errors import SystemRefusedError
def full(*arguments):
    raise OSError(28, "No space left on device")
os.posix_fallocate = full
print("children", flush=True)
try:
    FastLavaEngine(network, initial_state(network))
except SystemRefusedError as error:
    assert "/dev/shm has no room" in str(error)
    print(error, "seen by the user")
""",
    "a network that is used after it was stopped": """
engine = FastLavaEngine(network, initial_state(network))
started(engine)
engine.stop()
for use in (lambda: engine.train(frames, labels), engine.state, lambda: engine.evaluate(frames)):
    try:
        use()
    except SimulationError as error:
        print(error)
print("seen by the user")
""",
    "a process model that never answers": """
Hidden.run_step = lambda self, step: time.sleep(3600)
try:
    FastLavaEngine(network, initial_state(network), timeout=2).train(frames, labels)
except SimulationError as error:
    print("children", error, "seen by the user")
""",
    "a script that never stops its network": """
engine = FastLavaEngine(network, initial_state(network))
started(engine)
engine.train(frames[:3], labels[:3])
print("seen by the user")
""",
    "two networks of which one is stopped": """
engine, other = (FastLavaEngine(network, initial_state(network)) for _ in range(2))
started(engine)
other.train(frames[:3], labels[:3])
engine.stop()
print("seen by the user")
""",
    "an exception of the user with a network running": """
engine = FastLavaEngine(network, initial_state(network))
started(engine)
engine.train(frames[:3], labels[:3])
raise SystemExit("seen by the user")
""",
}


@pytest.fixture
def mark():
    """How the names of a script's shared memory begin, which other networks on this machine do not share."""
    return f"w{secrets.token_hex(2)}"


@pytest.fixture
def start_script(mark):
    """Start Python code in a session of its own; whatever a failed test leaves of it is killed."""
    scripts = []

    def start(code):
        naming = f"import multiprocessing.shared_memory as shared\nshared._SHM_NAME_PREFIX = '/{mark}'\n"
        scripts.append(subprocess.Popen([sys.executable, "-c", naming + PRELUDE + code], cwd=ROOT, text=True,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True))
        return scripts[-1]

    yield start
    for script in scripts:
        for pid in session_members(script.pid):
            os.kill(pid, signal.SIGKILL)
        script.wait()
        script.stdout.close()


@pytest.mark.parametrize("case", CASES)
def test_a_run_that_ends_badly_ends_quickly_says_why_and_leaves_nothing(case, start_script, mark):
    script = start_script(CASES[case])
    output, _ = script.communicate(timeout=SECONDS)
    assert "children" in output
    assert "seen by the user" in output
    assert "Traceback" not in output
    assert_nothing_is_left(script.pid, mark)


@pytest.mark.parametrize("number, ending", [(signal.SIGINT, "interrupted"), (signal.SIGTERM, None)])
@pytest.mark.parametrize("after", [0.0, 0.15, 0.4])
def test_a_signal_while_lava_starts_ends_the_script_and_leaves_nothing(after, number, ending, start_script, mark):
    long = TRAIN.replace("engine.train(frames, labels)", "[engine.train(frames, labels) for _ in range(100)]")
    caught = long.replace("try:", "try:\n    print('starting', flush=True)").replace("SimulationError", "KeyboardInterrupt")
    script = start_script(caught + "\nprint('interrupted')")
    assert "starting" in script.stdout.readline()
    time.sleep(after)
    os.killpg(script.pid, number)
    output, _ = script.communicate(timeout=SECONDS)
    assert "Traceback" not in output and (output.strip().endswith("interrupted") if ending else script.returncode == -number)
    assert_nothing_is_left(script.pid, mark)


@pytest.mark.parametrize("whole_group", [True, False], ids=["in a terminal", "to the script alone"])
def test_ctrl_c_interrupts_a_run_cleanly(whole_group, start_script, mark):
    script = start_script(TRAIN.replace("SimulationError as error", "KeyboardInterrupt as error") + "\nprint('interrupted')")
    assert "children" in script.stdout.readline()
    time.sleep(0.7)
    (os.killpg if whole_group else os.kill)(script.pid, signal.SIGINT)
    output, _ = script.communicate(timeout=SECONDS)
    assert output.strip().endswith("interrupted") and "Traceback" not in output
    assert_nothing_is_left(script.pid, mark)


def test_a_script_killed_with_sigkill_takes_its_network_with_it(start_script, mark):
    script = start_script(TRAIN)
    assert "children" in script.stdout.readline() and shared_memory(mark)
    time.sleep(0.7)
    script.kill()
    script.wait(timeout=SECONDS)
    assert_nothing_is_left(script.pid, mark)


def test_a_new_network_works_after_one_that_failed(start_script):
    script = start_script(CASES["exception in the learning phase"] + """
Dense.run_lrn = original
with FastLavaEngine(network, initial_state(network), timeout=20) as engine:
    print("after", engine.train(frames[:5], labels[:5]).shape)
""")
    output, _ = script.communicate(timeout=SECONDS)
    assert "ZeroDivisionError" in output and "after (5,)" in output
