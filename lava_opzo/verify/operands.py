"""The operands of the operation that produced a value: what somebody needs to work it out by hand (docs/arithmetic.md)."""

from lava_opzo.engines.record import Record
from lava_opzo.network.network import Config
from lava_opzo.verify.difference import Place


def operands(config: Config, place: Place, record: Record, before: Record, label: int, n_trained: int) -> tuple[str, dict]:
    """(formula, operand -> value) at `place`.

    record: the reference's record of that sample. before: the last row of the sample before it. label, n_trained: of the sample.
    """
    scene = _Scene(config, place, record, before, label, n_trained)
    if place.variable == "weights":
        return scene.weights()
    if place.layer == "source":
        return scene.source()
    return scene.readout() if place.layer == "readout" else scene.hidden()


class _Scene:
    def __init__(self, config, place, record, before, label, n_trained):
        self.config, self.place, self.record, self.before = config, place, record, before
        self.label, self.n_trained = label, n_trained
        names = ["source", *(f"hidden{i}" for i in range(1, config.depth + 1)), "readout"]
        self.number = names.index(place.layer) if place.layer in names else int(place.layer[1:])
        self.names = names
        self.step = config.schedule().programs[self.number][place.step]

    def now(self, name, layer=None):
        return int(self.record[layer or self.place.layer][name][(self.place.step, *self.place.index)])

    def was(self, name, layer=None):
        return int(self.row(layer or self.place.layer, name, self.place.step - 1)[self.place.index])

    def row(self, layer, name, tau):
        return self.record[layer][name][tau] if tau >= 0 else self.before[layer][name][0]

    def activation(self):
        """a_i of this step: Dense delays by one step; its weights are those before the sample's first update."""
        below = self.row(self.names[self.number - 1], "spikes", self.place.step - 1)
        return int(self.before[f"W{self.number}"]["weights"][0][self.place.index[0]] @ below)

    def shift(self, y_shift):
        halvings = min(self.n_trained // self.config.halve_every, self.config.max_halvings) if self.config.halve_every else 0
        return y_shift + halvings

    def traces(self):
        z = {"z_state": self.now("z_state")} if self.place.layer.startswith("hidden") else {}
        return ("y1 = max(c, 0), y2 = max(-c, 0); c = -y in a rank, sign*z << bit in a bit of dhat; y3 = 32 where M decays",
                {"y": self.now("y"), "rank": self.step.rank, "sign": self.step.m_sign, "bit": self.step.m_bit,
                 "decay step": int(self.step.decay), "n_trained": self.n_trained, "decay_period": self.config.decay_period, **z})

    def source(self):
        return ("spikes = payload in a window, [min((count + half) >> x_shift, x_max) >= rank] in a rank; count += payload",
                {"count before": self.was("count"), "payload or spike": self.now("spikes"), "rank": self.step.rank,
                 "x_shift": self.config.layers[0].x_shift, "x_max": self.config.x_max})

    def weights(self):
        post, pre = self.place.index
        forward = self.place.layer.startswith("W")
        below = self.names[self.number - 1] if forward else "readout"
        above, tau = self.names[self.number], self.place.step
        traces = {name: int(self.record[above][name][tau][post]) for name in ("y1", "y2", "y3") if name in self.record[above]}
        return ("w = rail(w + 2*y1); w = rail(w - 2*y2) where x0; a row of M with y3 = 32: rail(w - 2*sgn(w))",
                {"w before": self.was("weights"), "x0": int(self.record[below]["spikes"][tau][pre] != 0), **traces,
                 "pre": f"{below}[{pre}]", "post": f"{above}[{post}]"})

    def hidden(self):
        layer, name = self.config.hidden[self.number - 1], self.place.variable
        if name == "z_state":
            return "s = z >> 1, m = 0xE10000*(z & 1); z = (s | m) - (s & m)", {"z_state before": self.was("z_state")}
        if name == "g":
            row = self.before[f"M{self.number}"]["weights"][0][self.place.index[0]]
            error = self.record["readout"]["error"][self.place.step]
            return ("g += sum_q M*max(error, 0), then g -= sum_q M*max(-error, 0)",
                    {"g before": self.was("g"), "third": self.step.third, "M row": row.tolist(), "error": error.tolist()})
        if name in ("y", "y_residual"):
            return ("r = y_residual + g*psi; y = clip(r >> shift, -127, 127); y_residual = r - ((r >> shift) << shift)",
                    {"y_residual before": self.was("y_residual"), "g": self.now("g"), "psi": self.now("psi"),
                     "shift": self.shift(layer.y_shift)})
        if name in ("y1", "y2", "y3"):
            return self.traces()
        if self.step.rank:
            return ("spike = [min((count + half) >> x_shift, x_max) >= rank]",
                    {"count": self.now("count"), "x_shift": self.config.layers[self.number].x_shift, "x_max": self.config.x_max,
                     "rank": self.step.rank})
        a, v = self.activation(), 0 if self.step.start else self.was("v")
        first = self.step.first
        return ("v = clip(leak(v, dv) + wrap(a << 6) + sign*z*alpha, -(2^23 - 1), 2^23 - 1); psi += [abs(v - (vth << 6)) < "
                "(psi_width << 6)]; spike = [v > (vth << 6)], v = 0 where it spiked; count += spike",
                {"v before": v, "a": a, "a << 6": a << 6, "sign": self.step.sign, "z": 2 * (self.now("z_state") & 1) - 1,
                 "alpha": layer.bias_mant << layer.bias_exp, "dv": layer.dv, "vth": layer.vth, "psi_width": layer.psi_width,
                 "psi before": 0 if first else self.was("psi"), "count before": 0 if first else self.was("count")})

    def readout(self):
        layer, name = self.config.readout, self.place.variable
        o_plus, o_minus = (self.record["readout"][part][self.place.step] for part in ("o_plus", "o_minus"))
        if name in ("o_plus", "o_minus"):
            return ("o_plus += a in window 0, o_minus += a in window 1",
                    {f"{name} before": 0 if self.step.first else self.was(name), "window": self.step.window,
                     "a": self.activation() if self.step.window >= 0 else 0})
        if name == "prediction":
            return "the lowest q with the largest o_q = o_plus + o_minus", {"o": (o_plus + o_minus).tolist()}
        index = self.place.index[0]
        if name == "error":
            return ("error = clip(o >> error_shift, 0, 127) - 127*[q == label]",
                    {"o": int((o_plus + o_minus)[index]), "error_shift": layer.error_shift, "q": index, "label": self.label})
        if name in ("y", "y_residual"):
            return ("r = y_residual + error; y = clip(r >> shift, -127, 127); y_residual = r - ((r >> shift) << shift)",
                    {"y_residual before": self.was("y_residual"), "error": self.now("error"), "shift": self.shift(layer.y_shift)})
        if name in ("d_hat", "d_residual"):
            return ("r = d_residual + o_plus - o_minus; dhat = clip(r >> d_shift, +-(2^d_bits - 1)); "
                    "d_residual = r - ((r >> d_shift) << d_shift)",
                    {"d_residual before": self.was("d_residual"), "o_plus": int(o_plus[index]), "o_minus": int(o_minus[index]),
                     "d_shift": layer.d_shift, "d_bits": self.config.d_bits})
        if name == "spikes":
            return ("max(+-error, 0), later bit b of max(+-dhat, 0)",
                    {"error": self.now("error"), "part of the error": self.step.error, "dhat": self.now("d_hat"),
                     "sign": self.step.m_sign, "bit": self.step.m_bit})
        return self.traces()
