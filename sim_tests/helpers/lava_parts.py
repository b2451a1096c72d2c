"""Stock Lava's and our process models as Lava's own builder makes them, driven without a runtime: ports are wires."""
from typing import Any

import numpy as np
from lava.magma.compiler.builders.py_builder import PyProcessBuilder
from lava.magma.compiler.utils import VarInitializer
from lava.magma.core.learning.learning_rule import Loihi3FLearningRule
from lava.magma.core.process.process import AbstractProcess
from lava.proc.dense.models import PyDenseModelBitAcc, PyLearningDenseModelBitApproximate
from lava.proc.dense.process import Dense, LearningDense
from lava.proc.lif.models import PyLifModelBitAcc
from lava.proc.lif.process import LIF

FORWARD_RULE = "2^{k}*x0*y1 - 2^{k}*x0*y2"
FEEDBACK_RULE = FORWARD_RULE + " - 2^1*u0*sgn(w)*y3"
LEARNING_PORTS = ("s_in", "a_out", "s_in_bap", "s_in_y1", "s_in_y2", "s_in_y3")


class Wire:
    """Stands for both ends of a port: what a test puts in, and what the model sent."""

    data: Any = None

    def recv(self) -> Any:
        """What lies on the wire."""
        return self.data

    def send(self, data: Any) -> None:
        """Put it on the wire."""
        self.data = data


def built(model_class: type, process: AbstractProcess, *ports: str) -> Any:
    """The model of a Process with the Process's initial values; the named ports are wires."""
    builder = PyProcessBuilder(model_class, 0, process.proc_params)
    builder.set_variables([VarInitializer(var.name, var.shape, var.init, var.id) for var in process.vars])
    model = builder.build()
    for port in ports:
        setattr(model, port, Wire())
    return model


def stock_lif(vth: int, dv: int, bias_mant: int | np.ndarray, bias_exp: int, n: int) -> Any:
    """PyLifModelBitAcc with du = 4095."""
    process = LIF(shape=(n,), du=4095, dv=dv, vth=vth, bias_mant=bias_mant, bias_exp=bias_exp)
    return built(PyLifModelBitAcc, process, "a_in", "s_out")


def stock_dense(weights: np.ndarray, num_message_bits: int) -> Any:
    """PyDenseModelBitAcc."""
    return built(PyDenseModelBitAcc, Dense(weights=weights, num_message_bits=num_message_bits), "s_in", "a_out")


def stock_learning_dense(weights: np.ndarray, rule: str, k: int = 1) -> Any:
    """PyLearningDenseModelBitApproximate with a dw string in which {k} stands for an exponent."""
    learning_rule = Loihi3FLearningRule(dw=rule.format(k=k), t_epoch=1)
    learning_rule.y1_tau = learning_rule.y2_tau = learning_rule.y3_tau = 2**60
    process = LearningDense(weights=weights, learning_rule=learning_rule, num_message_bits=8)
    model = built(PyLearningDenseModelBitApproximate, process, *LEARNING_PORTS)
    model.s_in_bap.data = np.zeros(weights.shape[0], bool)
    return model


def learning_step(model: Any, s: np.ndarray, y1: np.ndarray, y2: np.ndarray, y3: np.ndarray) -> None:
    """One time step of a LearningDense model: the spiking phase, then the learning phase."""
    model.s_in.data, model.s_in_y1.data, model.s_in_y2.data, model.s_in_y3.data = s, y1, y2, y3
    model.time_step += 1
    model.run_spk()
    if model.lrn_guard():
        model.run_lrn()
